"""The worker process: does runs until it is told to stop."""

import contextlib
import os
import signal
import threading
import time

from flask import Flask

from audit.browser.processes import family

from .ticking import ticking

PATIENCE_SECONDS = 10.0  # for runs in hand, when the worker is to stop


def work(app: Flask, threads: int = 2, ticks: bool = True, with_parent: bool = False) -> None:
    """Blocks until told to stop; then every browser it started has ended.

    `ticks`: whether this worker also runs the sweeper (one per installation). `with_parent`: also
    stop when standard input ends, which is how a parent's death shows.
    """
    if with_parent:
        threading.Thread(target=_stop_with_parent, daemon=True).start()
    engine = app.extensions["queue"]
    regular = ticking(engine.tick, engine.tick_hourly) if ticks else contextlib.nullcontext()
    try:
        with regular:
            engine.consumer(threads).run()
    finally:
        _end_children()


def _stop_with_parent() -> None:
    while os.read(0, 1024):  # not sys.stdin, whose lock would stand in the way of the exit
        pass
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(PATIENCE_SECONDS)
    os.kill(os.getpid(), signal.SIGINT)  # wait no longer for the runs in hand


def _end_children() -> None:
    """A run that is broken off cannot close its browser."""
    for pid in family(os.getpid()):
        if pid != os.getpid():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
