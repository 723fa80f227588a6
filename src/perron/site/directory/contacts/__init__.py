"""Contacts: persons in their function, with why and until when the agency holds their data."""
