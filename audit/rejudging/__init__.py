"""What another edition of a checklist would say of what was measured already; changes nothing."""
