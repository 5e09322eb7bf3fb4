"""What is counted of findings in a span of time: each figure is the list of certain findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from audit.core.clock import HERE
from audit.core.text import Text

from .states import State


class Figure(StrEnum):
    RECEIVED = "received"
    CONFIRMED = "confirmed"
    DUE = "due"
    PUT_OFF = "put_off"
    CLOSED = "closed"
    IN_TIME = "in_time"
    UNCLOSED = "unclosed"
    EXTENDED = "extended"
    HANDLED = "handled"
    REWORKED = "reworked"


FIGURES: Mapping[Figure, Text] = {
    Figure.RECEIVED: Text("受理", "Received"),
    Figure.CONFIRMED: Text("立案", "Confirmed"),
    Figure.DUE: Text("应结案", "Should be closed"),
    Figure.PUT_OFF: Text("缓办", "Put off"),
    Figure.CLOSED: Text("结案", "Closed"),
    Figure.IN_TIME: Text("按期结案", "Closed in time"),
    Figure.UNCLOSED: Text("到期未结案", "Due and not closed"),
    Figure.EXTENDED: Text("延期", "Extended"),
    Figure.HANDLED: Text("报告过整改", "Fix reported"),
    Figure.REWORKED: Text("返工", "Sent back"),
}
# they wait for planned works, or have something that stands in for the fix
PUT_OFF_STATES = frozenset({State.PROGRAMMED, State.SUBSTITUTED})


@dataclass(frozen=True)
class Span:
    """Whole months, the first and the last by their first days."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The midnight with which the last month ends."""
        return _midnight(month_after(self.last))

    def months(self) -> list[date]:
        found = [self.first]
        while found[-1] < self.last:
            found.append(month_after(found[-1]))
        return found


def month_after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def month_of(text: str) -> date:
    """Of `2026-11`. Raises ValueError for anything else."""
    year, dash, month = text.partition("-")
    if not (dash and len(year) == 4 and len(month) == 2 and (year + month).isascii()):
        raise ValueError(text)
    return date(int(year), int(month), 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, HERE).astimezone(UTC)
