"""The search box over everything: an index in portable SQL, tolerant of accents and typing errors."""
