"""Narrowings of a list that somebody comes back to, under a name."""
