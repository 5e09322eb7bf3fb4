"""Checklists read into frozen objects, and judging by them."""
