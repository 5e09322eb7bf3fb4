"""Legal and technical instruments, and how sure we are of each clause. Pure."""
