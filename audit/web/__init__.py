"""What every page shares: access marks, CSRF, form fields, error pages, headers."""
