"""Pure computation: arrays and frames in, results out. No file, no network, no clock."""
