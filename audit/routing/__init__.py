"""Which department is competent for a finding, and who is proposed to fix it."""
