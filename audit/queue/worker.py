"""The worker process: does runs until it is told to stop."""

from flask import Flask


def work(app: Flask, threads: int = 1, ticks: bool = True) -> None:
    """Blocks. `ticks`: whether this worker also runs the sweeper (one per installation)."""
    engine = app.extensions["queue_engine"]
    consumer = engine.create_consumer(
        workers=threads, periodic=ticks, worker_type="thread", initial_delay=0.1, max_delay=1.0
    )
    consumer.run()
