"""Findings that may be one problem found twice, at places with different numbers."""
