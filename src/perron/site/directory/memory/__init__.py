"""Institutional memory: past projects, events, reports and decisions, with dates and sources."""
