"""The server process and the worker that lives and dies with it."""

import logging
import os
import signal
import subprocess
import sys
from types import FrameType

from waitress import create_server

from audit.app import create_app
from audit.core.settings import ROOT

log = logging.getLogger(__name__)


def serve(host: str, port: int, threads: int, with_worker: bool) -> None:
    """Blocks until Ctrl-C or SIGTERM; then every child has ended."""
    app = create_app()
    # waitress reads a whole body before it takes a thread, so slow phones starve nobody
    server = create_server(app, host=host, port=port, threads=threads, ident=None)
    child = _start_worker() if with_worker else None
    signal.signal(signal.SIGTERM, _interrupt)
    log.info("坦途 Tantu: http://%s:%s", host, port)
    try:
        server.run()
    finally:
        server.close()
        _stop(child)


def _start_worker() -> subprocess.Popen[bytes]:
    # a session of its own, so that Ctrl-C reaches the server first and it ends the whole group
    return subprocess.Popen(
        [sys.executable, str(ROOT / "run.py"), "worker"], start_new_session=True
    )


def _stop(child: subprocess.Popen[bytes] | None) -> None:
    if child is None or child.poll() is not None:
        return
    os.killpg(child.pid, signal.SIGINT)
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
