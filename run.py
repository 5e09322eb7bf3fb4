#!/usr/bin/env python3
"""坦途 Tantu: the one entry. `python run.py --help` lists what it can do."""

from audit.cli import main

if __name__ == "__main__":
    main()
