"""The register of challenges and opportunities (R5): each a first link of what a decision follows from."""
