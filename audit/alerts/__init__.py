"""Decides whom to tell of what befell a finding, and reminds of its clocks."""
