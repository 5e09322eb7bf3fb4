"""Working days: Monday to Friday, without public holidays, with the weekend days worked instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

SATURDAY = 5
LONGEST_BREAK = 30  # days in a row that can be set free; beyond them weekdays count as worked


@dataclass(frozen=True)
class Announced:
    """What was announced for one year: weekdays that are free, weekend days that are worked."""

    year: int
    free: frozenset[date]
    worked: frozenset[date]
    source: str = ""


@dataclass(frozen=True)
class DayChange:
    """One day set by hand, over what was announced."""

    day: date
    working: bool


@dataclass(frozen=True)
class WorkingDays:
    """`years`: those whose holidays are known; in others only weekends are free."""

    free: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, announced: Iterable[Announced], changes: Iterable[DayChange] = ()) -> "WorkingDays":
        """The later of two changes of one day holds. A year that only changes speak of is not
        known: somebody has to say that it is whole."""
        known = list(announced)
        free = {day for one in known for day in one.free}
        worked = {day for one in known for day in one.worked}
        for change in changes:
            (worked if change.working else free).add(change.day)
            (free if change.working else worked).discard(change.day)
        return cls(frozenset(free), frozenset(worked), frozenset(one.year for one in known))

    def is_working(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and day not in self.free

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself is never counted; for 0 the day
        itself. Whatever was entered, there is one: in a break longer than any a weekday counts.
        Raises ValueError below 0."""
        if count < 0:
            raise ValueError("a number of days below 0")
        searched = 0
        while count:
            day += timedelta(days=1)
            searched += 1
            too_long = searched > LONGEST_BREAK and day.weekday() < SATURDAY
            if self.is_working(day) or too_long:
                count, searched = count - 1, 0
        return day

    def break_with(self, day: date) -> int:
        """How many days in a row would be free if this one were."""
        return 1 + self._free_beside(day, 1) + self._free_beside(day, -1)

    def _free_beside(self, day: date, step: int) -> int:
        count = 0
        while count <= LONGEST_BREAK and not self.is_working(
            day + timedelta(days=step * (count + 1))
        ):
            count += 1
        return count

    def between(self, first: date, last: date) -> int:
        """How many working days come after `first` up to and with `last`; 0 where none do."""
        days = range(1, (last - first).days + 1)
        return sum(self.is_working(first + timedelta(days=one)) for one in days)

    def knows(self, day: date) -> bool:
        return day.year in self.years


def parse_announced(rows: Mapping[str, Mapping[str, Any]]) -> tuple[Announced, ...]:
    """From TOML: `["2026"]` with `free` and `worked` dates and `source`. Raises ValueError for a
    day of another year, a free day on a weekend or a worked one on a weekday."""
    return tuple(_announced(int(year), row) for year, row in sorted(rows.items()))


def _announced(year: int, row: Mapping[str, Any]) -> Announced:
    free, worked = frozenset(row["free"]), frozenset(row["worked"])
    wrong = [day for day in free | worked if day.year != year]
    wrong += [day for day in free if day.weekday() >= SATURDAY]
    wrong += [day for day in worked if day.weekday() < SATURDAY]
    if wrong:
        raise ValueError(f"{year}: wrong days {', '.join(map(str, sorted(wrong)))}")
    return Announced(year, free, worked, row["source"])
