"""Needs: one plain sentence, a structure proposed, a person who confirms."""
