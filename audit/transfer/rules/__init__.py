"""What a file's columns mean, what its rows say, and which of them stand on the register already.
Pure."""
