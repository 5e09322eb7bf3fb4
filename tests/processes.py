"""Other processes, seen from a test."""

import contextlib
import http.client
import random
import socket
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

PATIENCE_S = 60


def free_port() -> int:
    """A port for another process to listen on: none of those that the system gives out by itself,
    or somebody's connection could have it by then."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def is_alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] not in "ZX"


def eventually(truth: Callable[[], object]) -> None:
    """Wait for other processes; they send us nothing that could be waited on."""
    limit = time.monotonic() + PATIENCE_S
    while not truth():
        assert time.monotonic() < limit, "it did not happen"
        threading.Event().wait(0.05)


def healthy(port: int) -> bool:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as asking:
        try:
            asking.request("GET", "/healthz")
            return asking.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
