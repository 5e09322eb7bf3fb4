"""Append-only, hash-chained record of who changed what, when and why."""
