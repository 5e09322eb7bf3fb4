"""The door to the job engine (huey): it wakes workers and ticks once a minute.

A message holds nothing but a run's id, so a lost or doubled message does no harm: the run row
decides (see `runs`). Its store must be as trusted as the code, for messages are pickled.
"""

from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab

from audit.core.settings import Settings

from . import runs


def make_engine(settings: Settings) -> Huey:
    """The engine beside the database in use: a file beside SQLite, a table in PostgreSQL."""
    address = settings.database()
    if address.startswith("postgresql"):
        dsn = address.replace("postgresql+psycopg://", "postgresql://")
        return PostgresHuey("tantu", dsn=dsn)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    file = settings.var_dir / "queue.db"
    return SqliteHuey("tantu", filename=str(file), journal_mode="delete", timeout=10)


def init_app(app: Flask) -> None:
    """Make the engine and its two tasks: do one run; every minute, sweep."""
    engine = make_engine(app.config["SETTINGS"])

    @engine.task(name="do_run")  # type: ignore[untyped-decorator]
    def do_run(run_id: str) -> None:
        with app.app_context():
            runs.do(run_id)

    @engine.periodic_task(crontab(minute="*"), name="sweep")  # type: ignore[untyped-decorator]
    def sweep() -> None:
        with app.app_context():
            for run_id in runs.sweep():
                do_run(str(run_id))

    app.extensions["queue"] = do_run
    app.extensions["queue_engine"] = engine
