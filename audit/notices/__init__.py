"""Tells people something: in their inbox first. Knows nothing of what it tells."""
