"""What a scan decides, as plain values: no browser, no database, no page."""
