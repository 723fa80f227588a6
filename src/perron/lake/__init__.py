"""The lake: dated, immutable snapshots with provenance, and the engines that read them."""
