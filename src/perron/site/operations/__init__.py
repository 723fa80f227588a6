"""Running the platform: checks, backup, restore, scheduled and background work."""
