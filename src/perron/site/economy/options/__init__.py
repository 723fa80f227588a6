"""Options: strengths, opportunities, weaknesses and threats, each with its interval and what speaks against."""
