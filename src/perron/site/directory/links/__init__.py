"""Typed links between any two things, each with its reason."""
