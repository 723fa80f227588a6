"""Territories, sectors, organisations, contacts, needs, and the links between them."""
