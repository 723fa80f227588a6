"""Files in and out: every row tried and its fate said before anything is written."""
