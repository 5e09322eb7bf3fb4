"""Pictures in and out.

A picture goes: bytes → `gate` (decoded in a limited child) → `storage` (original sealed,
derivatives without metadata) → `actions.keep_photo` (row, journal) → `serving` (HTTP answer).
"""
