#!/usr/bin/env python3
"""坦途 Tantu: the one entry. `python run.py --help` lists what it can do."""

import signal

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while it loads, Ctrl-C just ends it
    from audit.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
