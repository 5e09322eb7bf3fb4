"""Capture in the field: the pages that work without a network, and what they take along."""
