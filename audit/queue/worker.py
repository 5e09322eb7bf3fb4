"""The worker process: does runs until it is told to stop."""

from flask import Flask


def work(app: Flask, threads: int = 1, ticks: bool = True) -> None:
    """Blocks. `ticks`: whether this worker also runs the sweeper (one per installation)."""
    app.extensions["queue"].consumer(threads, ticks).run()
