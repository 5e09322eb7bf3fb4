"""A small made-up city, told through the same actions that people use."""
