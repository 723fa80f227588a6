"""The shipped territory: its configuration, its tables of figures, and the script that makes them."""
