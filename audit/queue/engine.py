"""The door to the job engine (huey): it wakes workers.

A message holds nothing but a run's id, so a lost or doubled message does no harm: the run row
decides (see `runs`). Its store must be as trusted as the code, for messages are pickled.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask

from audit.core.settings import Settings

from . import runs

if TYPE_CHECKING:  # slow to load (it looks for every database driver): only when first needed
    from huey import Huey
    from huey.consumer import Consumer


def make_engine(settings: Settings) -> "Huey":
    """The engine beside the database in use: a file beside SQLite, tables in PostgreSQL."""
    from huey import PostgresHuey, SqliteHuey

    address = settings.database()
    if address.startswith("postgresql"):
        dsn = address.replace("postgresql+psycopg://", "postgresql://")
        return PostgresHuey("tantu", dsn=dsn)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    file = settings.var_dir / "queue.db"
    return SqliteHuey("tantu", filename=str(file), journal_mode="delete", timeout=10)


class Engine:
    """Huey and its one task: do a run. Made when needed."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._made: tuple[Huey, Callable[[str], object]] | None = None
        self._slow_lanes = threading.Semaphore(1)

    def wake(self, run_id: str) -> None:
        """Have a worker look at this run."""
        _, do_run = self._get()
        do_run(run_id)

    def consumer(self, threads: int) -> "Consumer":
        """What a worker process runs. Of several threads one is kept free of slow jobs."""
        huey, _ = self._get()
        self._slow_lanes = threading.Semaphore(max(1, threads - 1))
        return huey.create_consumer(
            workers=threads, periodic=False, worker_type="thread", initial_delay=0.1, max_delay=1.0
        )

    def waiting(self) -> int:
        """How many messages no worker has read yet."""
        return int(self._get()[0].pending_count())

    def tick(self) -> None:
        """Sweep, and do the work of every minute. Nothing is handed out again while messages wait
        unread, or they would pile up behind long runs."""
        with self._app.app_context():
            found = runs.sweep()
            if not self.waiting():
                for run_id in found:
                    self.wake(str(run_id))
            runs.do_minutely()

    def tick_hourly(self) -> None:
        with self._app.app_context():
            runs.do_hourly()

    def do(self, run_id: str) -> None:
        """Do the run, unless it is slow and every lane for such is taken: then it stays queued,
        to be woken by the one that ends or found by the sweeper."""
        with self._app.app_context():
            if not runs.is_slow(run_id):
                runs.do(run_id)
            elif self._slow_lanes.acquire(blocking=False):
                try:
                    runs.do(run_id)
                finally:
                    self._slow_lanes.release()
                for following in runs.next_slow():
                    self.wake(str(following))

    def empty(self) -> None:
        """Forget every message and let go of the store; the sweeper finds what was promised."""
        if self._made is not None:
            huey, _ = self._made
            huey.flush()
            huey.storage.close()

    def _get(self) -> "tuple[Huey, Callable[[str], object]]":
        with self._lock:
            if self._made is None:
                huey = make_engine(self._app.config["SETTINGS"])
                self._made = huey, huey.task(name="do_run")(self.do)
            return self._made


def init_app(app: Flask) -> None:
    app.extensions["queue"] = Engine(app)
