"""People, organisations, roles, the districts that they cover, sessions."""
