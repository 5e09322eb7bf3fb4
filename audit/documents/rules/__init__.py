"""What is decided about papers without asking anybody. Pure."""
