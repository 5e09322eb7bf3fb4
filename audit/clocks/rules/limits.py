"""How long a stage may take: limits as rows, the one that fits best, and the clock it starts.

The law sets no such limits: every shipped one is this product's proposal, which a city changes on
screen. A day that is counted begins after the one on which the clock starts, and the last one
counts to its end, in Asia/Shanghai.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from enum import StrEnum
from typing import Any

from audit.core import scopes
from audit.core.clock import HERE, here
from audit.core.text import Text

from .days import WorkingDays

PARTS = ("rule", "district", "defect", "outcome", "severity")  # the one that counts most first
GROSSLY = 3  # times the limit: grossly late


class Stage(StrEnum):
    CONFIRM = "confirm"
    DISPATCH = "dispatch"
    FIX = "fix"
    RECHECK = "recheck"
    SAFE = "safe"  # beside the others


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"


STAGES: Mapping[Stage, Text] = {
    Stage.CONFIRM: Text("核实", "Confirm"),
    Stage.DISPATCH: Text("派单", "Dispatch"),
    Stage.FIX: Text("整改", "Fix"),
    Stage.RECHECK: Text("复查", "Re-check"),
    Stage.SAFE: Text("临时防护", "Make safe"),
}
UNITS: Mapping[Unit, Text] = {
    Unit.HOURS: Text("小时", "hours"),
    Unit.DAYS: Text("天", "days"),
    Unit.WORKING_DAYS: Text("个工作日", "working days"),
}


def in_words(amount: int, unit: Unit) -> Text:
    """“3 个工作日”, "1 day"."""
    return Text(UNITS[unit].after(amount, "zh"), UNITS[unit].after(amount, "en"))


@dataclass(frozen=True)
class Limit:
    """`amount` is None where there is no limit: it waits for works that are planned anyhow."""

    amount: int | None
    unit: Unit = Unit.WORKING_DAYS

    @property
    def words(self) -> Text:
        if self.amount is None:
            return Text("不设期限", "no limit")
        return in_words(self.amount, self.unit)


@dataclass(frozen=True)
class Case:
    """What a limit may depend on."""

    severity: str
    defect: str = ""
    outcome: str = ""
    district: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Scope:
    """Which cases a limit is for; what is empty does not narrow."""

    stage: Stage
    rule: str = ""
    district: str = ""
    defect: str = ""
    outcome: str = ""
    severity: str = ""

    def holds(self, stage: Stage, case: Case) -> bool:
        return self.stage is stage and scopes.holds(self, case, PARTS)

    @property
    def rank(self) -> tuple[bool, ...]:
        """The greater one is the nearer: an item before a district, a district before a class."""
        return scopes.rank(self, PARTS)


@dataclass(frozen=True)
class LimitTable:
    """All limits that hold at one moment; each scope stands in it once."""

    limits: Mapping[Scope, Limit]

    def of(self, stage: Stage, case: Case) -> Limit:
        """The nearest. None at all: no limit."""
        found = [scope for scope in self.limits if scope.holds(stage, case)]
        return self.limits[max(found, key=lambda scope: scope.rank)] if found else Limit(None)

    def over(self, chosen: Iterable[tuple[Scope, Limit | None]]) -> "LimitTable":
        """With what was chosen on screen, in order; None: the shipped limit of that scope again,
        or none where none was shipped."""
        merged = dict(self.limits)
        for scope, limit in chosen:
            held = limit or self.limits.get(scope)
            if held is None:
                merged.pop(scope, None)
            else:
                merged[scope] = held
        return LimitTable(merged)


@dataclass(frozen=True)
class Clock:
    """`due`: the first moment at which it is late; None: it has no limit. `gross`: the first at
    which three times the limit are over."""

    due: datetime | None = None
    gross: datetime | None = None


class Standing(StrEnum):
    UNLIMITED = "unlimited"
    IN_TIME = "in_time"
    SOON = "soon"
    LATE = "late"
    GROSS = "gross"


SOON = timedelta(days=2)


def standing(due: datetime | None, gross: datetime | None, moment: datetime) -> Standing:
    if due is None:
        return Standing.UNLIMITED
    if gross is not None and moment >= gross:
        return Standing.GROSS
    if moment >= due:
        return Standing.LATE
    return Standing.SOON if due - moment <= SOON else Standing.IN_TIME


def run_clock(
    since: datetime,
    limit: Limit,
    days: WorkingDays,
    extended_to: date | None = None,
    planned_on: date | None = None,
) -> Clock:
    """When a stage is late that began at `since`. `extended_to`: the last day of the time granted,
    which is longer than the limit or is passed over; `planned_on`: the last day of works that are
    planned, whatever the limit."""
    if planned_on is not None:
        return _planned(planned_on, limit, days)
    if limit.amount is None:
        return Clock()
    due = _end(since, limit.amount, limit.unit, days)
    if extended_to is not None:
        due = max(due, end_of(extended_to))
    return Clock(due, _further(due, (GROSSLY - 1) * limit.amount, limit.unit, days))


def _planned(day: date, limit: Limit, days: WorkingDays) -> Clock:
    due = end_of(day)
    if limit.amount is None:
        return Clock(due)
    return Clock(due, _further(due, (GROSSLY - 1) * limit.amount, limit.unit, days))


def _end(since: datetime, amount: int, unit: Unit, days: WorkingDays) -> datetime:
    if unit is Unit.HOURS:
        return since + timedelta(hours=amount)
    return _further(end_of(here(since).date()), amount, unit, days)


def _further(end: datetime, amount: int, unit: Unit, days: WorkingDays) -> datetime:
    """`amount` units beyond the end of a day (or, in hours, beyond a moment)."""
    if unit is Unit.HOURS:
        return end + timedelta(hours=amount)
    last = _last_day(end)
    if unit is Unit.DAYS:
        return end_of(last + timedelta(days=amount))
    return end_of(days.after(last, amount))


def end_of(day: date) -> datetime:
    """The midnight with which a day ends."""
    return datetime.combine(day + timedelta(days=1), clock_time.min, HERE)


def _last_day(due: datetime) -> date:
    """The day that counts to its end, of a moment at which something is late."""
    return (here(due) - timedelta(microseconds=1)).date()


def parse_limits(rows: Iterable[Mapping[str, Any]]) -> LimitTable:
    """From TOML: `stage`, the narrowing fields, `amount` and `unit` (none: no limit). Raises
    ValueError for a scope that stands there twice or an unknown word."""
    limits: dict[Scope, Limit] = {}
    for row in rows:
        narrow = {name: value for name, value in row.items() if name not in ("amount", "unit")}
        scope = Scope(**narrow | {"stage": Stage(row["stage"])})
        if scope in limits:
            raise ValueError(f"twice: {scope}")
        unit = Unit(row.get("unit", Unit.WORKING_DAYS))
        limits[scope] = Limit(row.get("amount"), unit)
    return LimitTable(limits)
