"""Regular work has a thread of its own in the worker process: no long run holds it up."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

EVERY_SECONDS = 60
TICKS_AN_HOUR = 60


@contextmanager
def ticking(minutely: Callable[[], object], hourly: Callable[[], object]) -> Iterator[None]:
    """Call both at once and then again and again while the block lasts, one at a time: the next
    pause begins when the work is done, so that ticks never pile up."""
    over = threading.Event()

    def tick() -> None:
        count = 0
        while not over.is_set():
            _try(minutely)
            if count % TICKS_AN_HOUR == 0:
                _try(hourly)
            count += 1
            over.wait(EVERY_SECONDS)

    thread = threading.Thread(target=tick, name="ticking", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(5)


def _try(function: Callable[[], object]) -> None:
    try:
        function()
    except Exception:  # the next tick may succeed
        log.exception("regular work failed")
