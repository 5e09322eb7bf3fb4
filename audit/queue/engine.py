"""The door to the job engine (huey): it wakes workers and ticks once a minute.

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
    """Huey and its tasks: do one run; every minute, sweep and see what is due; every hour, clean.
    Made when needed."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._made: tuple[Huey, Callable[[str], object]] | None = None

    def wake(self, run_id: str) -> None:
        """Have a worker look at this run."""
        _, do_run = self._get()
        do_run(run_id)

    def consumer(self, threads: int, ticks: bool) -> "Consumer":
        """What a worker process runs."""
        huey, _ = self._get()
        return huey.create_consumer(
            workers=threads, periodic=ticks, worker_type="thread", initial_delay=0.1, max_delay=1.0
        )

    def waiting(self) -> int:
        """How many messages no worker has read yet."""
        return int(self._get()[0].pending_count())

    def empty(self) -> None:
        """Forget every message and let go of the store; the sweeper finds what was promised."""
        if self._made is not None:
            huey, _ = self._made
            huey.flush()
            huey.storage.close()

    def _get(self) -> "tuple[Huey, Callable[[str], object]]":
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def _make(self) -> "tuple[Huey, Callable[[str], object]]":
        from huey import crontab

        huey, app = make_engine(self._app.config["SETTINGS"]), self._app

        @huey.task(name="do_run")  # type: ignore[untyped-decorator]
        def do_run(run_id: str) -> None:
            with app.app_context():
                runs.do(run_id)

        @huey.periodic_task(crontab(minute="*"), name="sweep")  # type: ignore[untyped-decorator]
        def sweep() -> None:
            with app.app_context():
                for run_id in runs.sweep():
                    do_run(str(run_id))
                runs.do_minutely()

        @huey.periodic_task(crontab(minute="7"), name="hourly")  # type: ignore[untyped-decorator]
        def hourly() -> None:
            with app.app_context():
                runs.do_hourly()

        return huey, do_run


def init_app(app: Flask) -> None:
    app.extensions["queue"] = Engine(app)
