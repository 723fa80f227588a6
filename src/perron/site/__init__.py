"""The Django site in which an agency works."""
