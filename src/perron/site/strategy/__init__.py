"""Strategies, axes, drivers and signals. Today: the register of drivers of change."""
