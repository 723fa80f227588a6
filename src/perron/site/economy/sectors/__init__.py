"""Secteurs: the tree of activities, and one sheet an activity."""
