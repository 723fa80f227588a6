"""What keeps the directory right: merges that can be undone, confirmations, stale records."""
