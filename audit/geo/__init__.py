"""Coordinates, cells, lengths, areas and shapes. Pure."""
