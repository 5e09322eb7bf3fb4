"""What is audited: a toilet, a road, a building, a website, an event."""
