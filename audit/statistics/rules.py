"""How findings are counted, and the rates made of the counts. Pure.

The names and formulas are those of city management (数字城管): 结案率 and 按期结案率 as 金华 counts
them, checked against the figures that 天门 published; 立案率, 返工率, 延期率 by their names.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit.core.text import Text
from audit.findings.rules import OPEN_STATES, PUT_OFF_STATES, Figure, State

SMALL = 20  # fewer cases than this make a rate that chance moves; ours
Z = 1.959964  # of the normal distribution: 19 in 20 lie within it


class Rate(StrEnum):
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    IN_TIME = "in_time"
    REWORKED = "reworked"
    EXTENDED = "extended"


@dataclass(frozen=True)
class Formula:
    """`above` ÷ (`below` − `without`)."""

    title: Text
    above: Figure
    below: Figure
    without: Figure | None = None


FORMULAS: Mapping[Rate, Formula] = {
    Rate.CONFIRMED: Formula(
        Text("立案率", "Confirmed share"), Figure.CONFIRMED, Figure.RECEIVED
    ),
    Rate.CLOSED: Formula(
        Text("结案率", "Closed share"), Figure.CLOSED, Figure.DUE, Figure.PUT_OFF
    ),
    Rate.IN_TIME: Formula(
        Text("按期结案率", "Closed in time"), Figure.IN_TIME, Figure.DUE, Figure.PUT_OFF
    ),
    Rate.REWORKED: Formula(Text("返工率", "Sent back"), Figure.REWORKED, Figure.HANDLED),
    Rate.EXTENDED: Formula(Text("延期率", "Extended"), Figure.EXTENDED, Figure.DUE),
}  # fmt: skip


@dataclass(frozen=True)
class Share:
    """A rate that keeps what it is made of. `value` is None where there is nothing to count."""

    above: int
    below: int

    @property
    def value(self) -> float | None:
        return self.above / self.below if self.below else None

    @property
    def is_small(self) -> bool:
        return 0 < self.below < SMALL

    @property
    def percent(self) -> str:
        """With one place, half up: `75.8 %`; never 100 % or 0 % where it is not quite; "" for
        none."""
        if not self.below:
            return ""
        tenths = (2000 * self.above + self.below) // (2 * self.below)
        if self.above < self.below:
            tenths = min(tenths, 999)
        if self.above > 0:
            tenths = max(tenths, 1)
        return f"{tenths // 10}.{tenths % 10} %"

    def interval(self) -> tuple[float, float] | None:
        """Between which rates the true one lies, 19 times in 20, were these cases drawn by chance
        (Wilson)."""
        if not self.below:
            return None
        count, rate = self.below, self.above / self.below
        middle = rate + Z * Z / (2 * count)
        reach = Z * math.sqrt(rate * (1 - rate) / count + Z * Z / (4 * count * count))
        whole = 1 + Z * Z / count
        return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


Counts = Mapping[Figure, int]


def share(rate: Rate, counts: Counts) -> Share:
    formula = FORMULAS[rate]
    put_off = counts[formula.without] if formula.without else 0
    return Share(counts[formula.above], counts[formula.below] - put_off)


def shares(counts: Counts) -> dict[Rate, Share]:
    return {rate: share(rate, counts) for rate in Rate}


class Holder(StrEnum):
    """Who has to take the next step."""

    COORDINATOR = "coordinator"
    DEPARTMENT = "department"
    ORGANISATION = "organisation"
    SUPERVISOR = "supervisor"
    PLAN = "plan"  # planned works, or something that stands in for the fix


HOLDERS: Mapping[Holder, Text] = {
    Holder.COORDINATOR: Text("残联（核实、认定）", "Federation (confirm, decide)"),
    Holder.DEPARTMENT: Text("主管部门（派单）", "Department (dispatch)"),
    Holder.ORGANISATION: Text("整改单位（整改）", "Organisation (fix)"),
    Holder.SUPERVISOR: Text("监督员（复查）", "Supervisor (re-check)"),
    Holder.PLAN: Text("列入计划的", "Planned works"),
}
_HOLDS: Mapping[State, Holder] = {
    State.REPORTED: Holder.COORDINATOR,
    State.UNSURE: Holder.COORDINATOR,
    State.CONFIRMED: Holder.DEPARTMENT,
    State.FIXED: Holder.SUPERVISOR,
}


def holder_of(state: State) -> Holder:
    """Of a living finding."""
    if state in PUT_OFF_STATES:
        return Holder.PLAN
    return _HOLDS.get(state, Holder.ORGANISATION)


def states_with(holder: Holder) -> list[State]:
    return sorted(state for state in OPEN_STATES if holder_of(state) is holder)


@dataclass(frozen=True)
class Load:
    """Living findings, and how many of them are late and grossly late."""

    total: int = 0
    late: int = 0
    gross: int = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(self.total + other.total, self.late + other.late, self.gross + other.gross)


@dataclass(frozen=True)
class Ranked:
    """`place` is None for what has too few cases to be ranked; equal rates share a place."""

    name: str
    share: Share
    place: int | None


def ranking(named: Mapping[str, Share]) -> list[Ranked]:
    """The highest rate first; those with too few cases behind, unranked, by name."""
    whole = {name: one for name, one in named.items() if one.value is not None}
    enough = {name: one for name, one in whole.items() if not one.is_small}
    ordered = sorted(enough.items(), key=lambda pair: (-(pair[1].value or 0), pair[0]))
    rates = [one.value for _name, one in ordered]
    ranked = [Ranked(name, one, rates.index(one.value) + 1) for name, one in ordered]
    few = sorted(named.keys() - enough.keys())
    return ranked + [Ranked(name, named[name], None) for name in few]
