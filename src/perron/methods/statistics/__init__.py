"""Intervals, null models and statistical confidentiality, shared by the other methods."""
