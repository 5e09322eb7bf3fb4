"""A worker beside the server: it lives and dies with it, and is started anew when it falls."""

import contextlib
import logging
import signal
import subprocess
import sys
import threading
import time

from audit.browser.processes import end_family
from audit.core.settings import ROOT

from . import worker

log = logging.getLogger(__name__)

COMMAND = [sys.executable, str(ROOT / "run.py"), "worker", "--with-parent"]
LOOK_EVERY_SECONDS = 0.2
PAUSES_SECONDS = (1, 5, 15, 60)


class WorkerKeeper:
    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Afterwards the worker and its browsers have ended. A run that it could not finish in
        `worker.PATIENCE_SECONDS` is done again by the next worker."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep(self) -> None:
        falls = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            self._live()
            quickly = time.monotonic() - began < PAUSES_SECONDS[-1]
            falls = falls + 1 if quickly else 0
            pause = PAUSES_SECONDS[min(falls, len(PAUSES_SECONDS) - 1)]
            if not self._stopping.is_set():
                log.error("the worker ended by itself and is started again in %s s", pause)
            self._stopping.wait(pause)

    def _live(self) -> None:
        # a session of its own, so that Ctrl-C reaches the server alone, which ends the family
        with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, start_new_session=True) as child:
            while child.poll() is None and not self._stopping.wait(LOOK_EVERY_SECONDS):
                pass
            if child.poll() is None:
                child.send_signal(signal.SIGINT)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(worker.PATIENCE_SECONDS)
            end_family(child.pid)
