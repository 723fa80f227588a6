"""Comparer: any territories side by side, each figure with its state, period, source and interval."""
