"""The pieces of every page: a figure and its source, states, charts, maps, tables, messages.

A piece is written once, as a template tag, and shown with all its states on an internal page.
"""
