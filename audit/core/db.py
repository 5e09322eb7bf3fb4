"""The database handle. State changes only inside `transaction()`, which alone commits."""

import enum
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, Enum, MetaData, String, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from .errors import AuditError, Busy, DiskFull
from .group import WriterLine

log = logging.getLogger(__name__)

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: must carry a zone when written, always carries UTC when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# An enum is kept as its word and comes back as its member; no native type to migrate.
Word = Enum(
    enum.Enum,
    native_enum=False,
    length=24,
    values_callable=lambda members: [member.value for member in members],
)


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UtcDateTime, enum.Enum: Word},
    )


class Counter(Base):
    """The last number given out for each series, so that short numbers have no gaps."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int]


# Enough for every thread that `run.py serve --threads` allows.
POOL = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 24}
db = SQLAlchemy(
    model_class=Base,
    engine_options=POOL,
    session_options={"join_transaction_mode": "create_savepoint"},  # see `group`
)


LOCK_WAIT_SECONDS = 10.0
WRITER = 20_230_901  # names the writers' lock in PostgreSQL; any number that never changes


def init_app(app: Flask) -> None:
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        # without it a writer waits for another one for as long as that one lives
        waiting = {"options": f"-c lock_timeout={LOCK_WAIT_SECONDS}s"}
        app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"connect_args": waiting})
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
            app.extensions["writer_line"] = WriterLine(db.engine)
        else:
            _prepare_postgres(db.engine)


def journal_mode() -> str:
    """`wal` where SQLite's WAL-reset fault is mended, else `delete`.

    Faulty: 3.7.0 to 3.51.2 in WAL mode with several connections; mended in 3.51.3 and in the
    back-ports 3.44.6 and 3.50.7 (3.52.0 was withdrawn).
    """
    version = sqlite3.sqlite_version_info
    mended = (
        (3, 44, 6) <= version < (3, 45, 0)
        or (3, 50, 7) <= version < (3, 51, 0)
        or (version >= (3, 51, 3) and version[:2] != (3, 52))
    )
    return "wal" if mended else "delete"


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves, below
        for pragma in (
            f"busy_timeout={int(LOCK_WAIT_SECONDS * 1000)}",
            f"journal_mode={journal_mode()}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # IMMEDIATE for writers: two deferred transactions that read and then write lose
        # updates without any error. A request that only reads must not wait for a writer.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _prepare_postgres(engine: Engine) -> None:
    """The promise that SQLite gives by itself: one writer at a time.

    So what an action reads is still true when it writes, on either database. It costs little:
    each writer would wait for the journal's last entry anyhow.
    """

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("writing", False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")


CALLBACKS = "after_commit"
CONTENTION = ("locked", "lock timeout", "deadlock", "could not serialize")
FULL = ("disk is full", "No space left on device")


@contextmanager
def transaction() -> Iterator[Session]:
    """Everything inside is saved together or not at all.

    Functions given to `after_commit` run once the save has succeeded, and never otherwise.
    Raises `Busy` when another writer holds the database for longer than ten seconds, and
    `RuntimeError` inside another transaction, which it would save by half.
    """
    session = db.session()
    if CALLBACKS in session.info:
        raise RuntimeError("a transaction inside a transaction")
    session.rollback()  # what was read before is read again under the writer's lock
    callbacks: list[Callable[[], None]] = []
    session.info[CALLBACKS] = callbacks
    try:
        with _turn(session):
            yield session
    except OperationalError as error:
        session.rollback()
        raise (plain_error(error) or error) from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(CALLBACKS)
    _run(callbacks)


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """The writer's turn: in a line of ours for SQLite, in PostgreSQL's own behind a lock."""
    if is_sqlite():
        with _line().turn(session, LOCK_WAIT_SECONDS):
            yield
        return
    session.connection(execution_options={"writing": True})
    yield
    session.commit()


def _line() -> WriterLine:
    line: WriterLine = current_app.extensions["writer_line"]
    return line


def plain_error(error: OperationalError) -> AuditError | None:
    """What to tell a person when another writer or a full disk stood in the way, else None."""
    text = str(error.orig)
    if any(word in text for word in CONTENTION):
        return Busy()
    return DiskFull() if any(word in text for word in FULL) else None


def in_transaction() -> bool:
    """Whether this thread is inside a `transaction()`."""
    return CALLBACKS in db.session().info


def after_commit(act: Callable[[], None]) -> None:
    """Do this once the present `transaction()` is safely on disk (wake a worker, send mail).

    Raises `KeyError` outside a transaction.
    """
    db.session.info[CALLBACKS].append(act)


def _run(callbacks: list[Callable[[], None]]) -> None:
    for act in callbacks:
        try:
            act()
        except Exception:  # the deed is saved; a failed side effect must not undo the answer
            log.exception("a side effect after commit failed")


def next_number(series: str) -> int:
    """The next number of a series, starting at 1. Two callers never get the same one."""
    return next_numbers(series, 1)[0]


def next_numbers(series: str, count: int) -> range:
    """The next `count` numbers of a series, in order.

    One statement: the very first two callers of a series have no row to stand in line at.
    """
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    adding = insert(Counter).values(series=series, last=count)
    last: int = db.session.execute(
        adding.on_conflict_do_update(
            index_elements=["series"], set_={"last": Counter.last + count}
        ).returning(Counter.last)
    ).scalar_one()
    return range(last - count + 1, last + 1)


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
