"""The ledger: commitments, frozen evidence, expectations, due-date reviews, on an append-only chain."""
