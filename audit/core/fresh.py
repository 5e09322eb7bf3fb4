"""What stands in the database, is asked for by every request and changes seldom: kept in memory."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from .db import db, in_transaction

SECONDS = 5.0
Value = TypeVar("Value")


class Fresh(Generic[Value]):
    """Another process's change is seen after five seconds, one's own at once (`forget`); what a
    transaction has begun with, it keeps. `bare` holds where there is no such table yet."""

    def __init__(self, read: Callable[[Session], Value], bare: Value) -> None:
        self._read, self._held = read, bare
        self._known = False
        self._of: object = None
        self._read_at = float("-inf")

    def forget(self) -> None:
        self._known = False

    def get(self, of: object) -> Value:
        """`of`: the settings of the application; with others there is another database."""
        old = time.monotonic() - self._read_at > SECONDS and not in_transaction()
        if not self._known or self._of is not of or old:
            self._held = self._now()
            self._known, self._of, self._read_at = True, of, time.monotonic()
        return self._held

    def _now(self) -> Value:
        """Within a transaction by its own connection, for another one might wait for it. Else by
        a fresh one, which a missing table may spoil."""
        if in_transaction():
            return self._read(db.session())
        try:
            with Session(db.engine) as session:
                return self._read(session)
        except SQLAlchemyError:
            return self._held
