"""Organisations: what they make, need and are known for, and their page."""
