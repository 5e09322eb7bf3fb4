"""A small made-up city, told through the same actions that people use."""

SITE_PORT = 8790  # of the sample website on the register; see data/places.toml
