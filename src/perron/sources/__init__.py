"""Public sources: retrieve, validate, typed table. A module knows a format, never a question."""
