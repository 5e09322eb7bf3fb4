"""The first page: what is mine to do now."""
