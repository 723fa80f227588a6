"""Public pages: home, sources, accessibility."""
