"""The product's pages on a real port."""

import contextlib
import threading
from collections.abc import Iterator

from flask import Flask

from audit.serving import Server
from tests.processes import PATIENCE_S


@contextlib.contextmanager
def served(app: Flask, threads: int = 4) -> Iterator[tuple[int, threading.Event]]:
    """The product's server in a thread: its port, and the event that stops it."""
    server, stopping = Server(app, "127.0.0.1", 0, threads), threading.Event()
    thread = threading.Thread(target=server.run, args=(stopping,))
    thread.start()
    try:
        yield server._doors[0].effective_port, stopping
    finally:
        stopping.set()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
