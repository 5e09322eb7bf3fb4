"""The scanner at work: pages, crawling, evidence. It knows no database."""
