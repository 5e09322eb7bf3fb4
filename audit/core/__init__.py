"""What every room stands on: database, transaction, clock, errors, settings, language, ids."""
