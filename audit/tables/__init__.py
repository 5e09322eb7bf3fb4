"""Tables from strangers (CSV, XLSX) into rows of text, and rows of text into files."""
