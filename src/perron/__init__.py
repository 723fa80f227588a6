"""Perron: evidence, decision, expectation, action, and what really happened, on one territory."""

__version__ = "0.1.0"
