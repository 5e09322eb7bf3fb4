"""A browser's visit to a website: where findings about digital services come from."""
