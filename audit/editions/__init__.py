"""Which edition of a checklist is in force in this city: proposed by one, published by another."""
