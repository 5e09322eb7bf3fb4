"""Findings and facilities on maps, and the same as a list."""
