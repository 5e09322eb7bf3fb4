"""Registers in and out: a file of facilities is read, tried, taken in and, if need be, undone."""
