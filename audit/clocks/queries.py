import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.core.db import db
from audit.core.fresh import Fresh

from .models import LimitChange, WorkingDayChange
from .rules import (
    Announced,
    DayChange,
    Limit,
    LimitTable,
    Scope,
    WorkingDays,
    parse_announced,
    parse_limits,
)

DATA = Path(__file__).parent / "data"
SHIPPED_DAYS = parse_announced(tomllib.loads((DATA / "working_days.toml").read_text()))
SHIPPED_LIMITS = parse_limits(tomllib.loads((DATA / "limits.toml").read_text())["limit"])


@dataclass(frozen=True)
class Rulebook:
    """Working days as they are known now, and every limit that ever held."""

    days: WorkingDays = field(default_factory=lambda: WorkingDays.of(SHIPPED_DAYS))
    chosen: tuple[tuple[datetime, Scope, Limit | None], ...] = ()

    def limits_at(self, moment: datetime) -> LimitTable:
        """A clock keeps the limit that held when it began."""
        return SHIPPED_LIMITS.over(
            (scope, limit) for at, scope, limit in self.chosen if at <= moment
        )


def rulebook() -> Rulebook:
    held: Fresh[Rulebook] = current_app.extensions["rulebook"]
    return held.get(current_app.config["SETTINGS"])


def read_rulebook(session: Session) -> Rulebook:
    limits = session.scalars(select(LimitChange).order_by(LimitChange.seq)).all()
    days = session.scalars(select(WorkingDayChange).order_by(WorkingDayChange.seq)).all()
    known = [Announced(row.year, frozenset(), frozenset()) for row in days if row.year]
    changes = [DayChange(row.day, row.working) for row in days if row.day]
    return Rulebook(
        WorkingDays.of([*SHIPPED_DAYS, *known], changes),
        tuple((row.at, scope_of(row), limit_of(row)) for row in limits),
    )


def scope_of(row: LimitChange) -> Scope:
    return Scope(row.stage, row.rule, row.district, row.defect, row.outcome, row.severity)


def limit_of(row: LimitChange) -> Limit | None:
    return None if row.dropped else Limit(row.amount, row.unit)


def limit_changes() -> Sequence[LimitChange]:
    """The newest first."""
    return db.session.scalars(select(LimitChange).order_by(LimitChange.seq.desc())).all()


def day_changes() -> Sequence[WorkingDayChange]:
    """The newest first."""
    return db.session.scalars(
        select(WorkingDayChange).order_by(WorkingDayChange.seq.desc()).limit(200)
    ).all()
