"""A replay: what a rule would have expected in 2010 of each sector, and what the lake says of 2018."""
