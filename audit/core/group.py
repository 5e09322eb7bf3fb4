"""SQLite's writers in one line, sharing the wait for the disk.

A commit on SQLite waits for the disk two or three times, however little it saves. So writers that
stand in line at the same moment are saved by one commit: each does its work in a savepoint of one
shared transaction, then waits until that is on disk before it answers anybody. Whoever fails is
rolled back alone. If the shared commit fails, all of them fail, and none has been told otherwise.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from .errors import Busy

MOST_TOGETHER = 16
LONGEST_SECONDS = 0.2  # from the first writer of a group to its commit
LOOK_AGAIN_SECONDS = 0.02


class _Group:
    """Writers that are saved together."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.began = time.monotonic()
        self.size = 0
        self.saved = threading.Event()
        self.failure: Exception | None = None


class WriterLine:
    """One per engine. Only one thread at a time works in the group's transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._group: _Group | None = None

    @contextmanager
    def turn(self, session: Session, patience_seconds: float) -> Iterator[None]:
        """What `session` does inside is on disk when this ends. Raises `Busy` when the turn does
        not come in time, and what the database raises when the work or the saving fails."""
        self._wait_for_turn(patience_seconds)
        try:
            group = self._join(session)
            try:
                yield
                session.commit()
            except BaseException:
                self._undo(session, group)
                raise
            group.size += 1
        finally:
            self._leave()
        self._wait_until_saved(group)

    def _wait_for_turn(self, patience_seconds: float) -> None:
        with self._counting:
            self._waiting += 1
        try:
            if not self._turn.acquire(timeout=patience_seconds):
                raise Busy
        finally:
            with self._counting:
                self._waiting -= 1

    def _join(self, session: Session) -> _Group:
        if self._group is None:
            connection = self._engine.connect().execution_options(writing=True)
            try:
                connection.begin()
            except BaseException:
                connection.close()
                raise
            self._group = _Group(connection)
        session.connection(bind_arguments={"bind": self._group.connection})
        return self._group

    def _leave(self) -> None:
        """End one's turn; save the group when nobody is there to join it, or it is large or old."""
        group = self._group
        if group is not None:
            is_old = time.monotonic() - group.began > LONGEST_SECONDS
            is_lost = group.failure is not None
            if is_lost or is_old or self._waiting == 0 or group.size >= MOST_TOGETHER:
                self._save(group)
        self._turn.release()

    def _save(self, group: _Group) -> None:
        self._group = None
        try:
            if group.failure is None:
                group.connection.commit()
        except Exception as failure:
            group.failure = failure
        finally:
            if group.failure is not None:
                group.connection.invalidate()  # nothing of it may live on in the pool
            group.connection.close()
            group.saved.set()

    def _undo(self, session: Session, group: _Group) -> None:
        """Take back one's own work. A full disk makes SQLite take back the whole transaction:
        then nothing is left of the others' work either, and they must hear of it."""
        with suppress(OperationalError):
            session.rollback()
        if not group.connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
            group.failure = Busy()
            session.close()

    def _wait_until_saved(self, group: _Group) -> None:
        """Whoever was expected to join may have given up; then one of the group saves it. Not
        while somebody still stands in line: they would pay for a commit of their own."""
        while not group.saved.wait(LOOK_AGAIN_SECONDS):
            if self._turn.acquire(blocking=False):
                try:
                    if self._group is group and self._waiting == 0:
                        self._save(group)
                finally:
                    self._turn.release()
        if group.failure is not None:
            raise group.failure
