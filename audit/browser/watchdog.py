"""Ends a browser that takes too long or grows too large, from outside.

Selenium's own time limits do not fire while a page's script spins: the driver waits for the
renderer, and the renderer never answers. Killing the processes is what works.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Ended
from .processes import end_family, memory_mb

LOOK_EVERY_S = 0.5


class Watchdog:
    """Watches one family of processes from a thread of its own until `stop()`.

    `verdict` says why the family was ended, None while it lives.
    """

    def __init__(self, leader: int, memory_limit_mb: int) -> None:
        self.verdict: Ended | None = None
        self._leader = leader
        self._memory_limit_mb = memory_limit_mb
        self._deadlines: list[float] = []
        self._change = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._watch, name="browser-watchdog", daemon=True)
        self._thread.start()

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """End the family unless the block is left in time. The earliest of nested ones counts."""
        limit = time.monotonic() + seconds
        with self._change:
            self._deadlines.append(limit)
            self._change.notify()
        try:
            yield
        finally:
            with self._change:
                self._deadlines.remove(limit)

    def stop(self) -> None:
        with self._change:
            self._stopped = True
            self._change.notify()
        self._thread.join()

    def _watch(self) -> None:
        while self.verdict is None:
            with self._change:
                if not self._stopped:
                    self._change.wait(self._pause())
                if self._stopped:
                    return
                late = bool(self._deadlines) and time.monotonic() >= min(self._deadlines)
            if late:
                self.verdict = Ended.WALL_CLOCK
            elif memory_mb(self._leader) > self._memory_limit_mb:
                self.verdict = Ended.MEMORY
        end_family(self._leader)

    def _pause(self) -> float:
        if not self._deadlines:
            return LOOK_EVERY_S
        return max(0.0, min(LOOK_EVERY_S, min(self._deadlines) - time.monotonic()))
