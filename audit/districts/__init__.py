"""Regions and drawn zones: code, name, level, parent, boundary."""
