"""The life of a problem: opened, confirmed, dispatched, fixed, re-checked, closed."""
