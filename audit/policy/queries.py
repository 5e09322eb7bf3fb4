import time
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from audit.core.db import db, in_transaction
from audit.core.settings import Settings

from .models import PolicyChange
from .rules import CHOICES, SEVERITY, Value, severities_in

FRESH_SECONDS = 5.0


def latest() -> dict[str, PolicyChange]:
    """The change that holds, by the name of its setting; also one back to the default."""
    rows = db.session.scalars(select(PolicyChange).where(PolicyChange.seq.in_(LAST)))
    return {row.name: row for row in rows}


def history_of(name: str) -> Sequence[PolicyChange]:
    """The newest first."""
    return db.session.scalars(
        select(PolicyChange)
        .where(PolicyChange.name == name)
        .order_by(PolicyChange.seq.desc())
        .limit(100)
    ).all()


def chosen_severities() -> Mapping[str, str]:
    """S1 to S4 by item or rule, where somebody has chosen it."""
    overlay: Overlay = current_app.extensions["policy"]
    return overlay.severities(current_app.config["SETTINGS"])


class Overlay:
    """Lays what was chosen over the settings of the server. Another process's choice is seen
    after five seconds; one's own at once (`forget`)."""

    def __init__(self) -> None:
        self._base: Settings | None = None
        self._laid: Settings | None = None
        self._chosen: Mapping[str, Value] = {}
        self._severities: Mapping[str, str] = {}
        self._read_at = float("-inf")

    def forget(self) -> None:
        self._laid = None

    def over(self, base: Settings) -> Settings:
        if self._laid is None or base is not self._base or self._is_old():
            self._lay(base, self._read())
        return self._laid or base

    def severities(self, base: Settings) -> Mapping[str, str]:
        """Items and rules that are graver or milder here than the list says."""
        self.over(base)
        return self._severities

    def _is_old(self) -> bool:
        return time.monotonic() - self._read_at > FRESH_SECONDS and not in_transaction()

    def _lay(self, base: Settings, chosen: Mapping[str, Value]) -> None:
        self._base, self._chosen = base, chosen
        settings = {name: value for name, value in chosen.items() if name in CHOICES}
        self._laid = base.model_copy(update=settings) if settings else base
        self._severities = severities_in(chosen)
        self._read_at = time.monotonic()

    def _read(self) -> Mapping[str, Value]:
        """Within a transaction by its own connection, for another one might wait for it. Else by
        a fresh one: there may be no such table yet, which would spoil the session."""
        if in_transaction():
            return _values(db.session.execute(CHOSEN).all())
        try:
            with db.engine.connect() as connection:
                return _values(connection.execute(CHOSEN).all())
        except SQLAlchemyError:
            return self._chosen


LAST = select(func.max(PolicyChange.seq)).group_by(PolicyChange.name)
CHOSEN = select(PolicyChange.name, PolicyChange.value).where(PolicyChange.seq.in_(LAST))


def _values(rows: Sequence[Any]) -> Mapping[str, Value]:
    return {row.name: row.value for row in rows if row.value is not None and _is_known(row.name)}


def _is_known(name: str) -> bool:
    return name in CHOICES or name.startswith(SEVERITY)
