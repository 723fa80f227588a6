"""Moteurs de changement: why jobs grew or shrank, how enterprises come and go, when it broke."""
