"""Starts, limits and ends a real browser; the only door to selenium.

Nothing here knows what a scan or a map is. A browser reaches the network through `guard` alone.
"""
