"""What a visit says of a place, and in what condition it is now. Pure, and ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from audit.checklists.rules import Text
from audit.facilities.rules.revisit import Age, age_of

CLOSES = frozenset({"wc-usable", "ks-working"})  # who fails these is locked or out of order
GRAVE = frozenset({"S1", "S2"})
FULL_SHARE = 0.5


class Condition(StrEnum):
    USABLE = "usable"
    FAULTY = "faulty"
    UNUSABLE = "unusable"
    UNKNOWN = "unknown"


CONDITIONS: Mapping[Condition, Text] = {
    Condition.USABLE: Text("开着，能用", "Open and usable"),
    Condition.FAULTY: Text("能用，有严重问题", "Usable, with serious faults"),
    Condition.UNUSABLE: Text("不能用", "Not usable"),
    Condition.UNKNOWN: Text("不明", "Not known"),
}


@dataclass(frozen=True)
class Visit:
    """What one visit found. `failed`: severity by item; `checked` of `asked` items were judged."""

    inspection_id: UUID
    on: date
    asked: int
    checked: int
    passed: int
    failed: Mapping[str, str]

    @property
    def is_full(self) -> bool:
        return is_full(self.checked, self.asked)

    @property
    def rate(self) -> int | None:
        """Whole per cent of the items with a clear verdict that passed; None without any."""
        judged = self.passed + len(self.failed)
        return self.passed * 100 // judged if judged else None

    @property
    def condition(self) -> Condition:
        return _by_faults(self.failed) or (Condition.USABLE if self.is_full else Condition.UNKNOWN)


def is_full(checked: int, asked: int) -> bool:
    """Whether a visit says enough of a place to stand for it until the next: half of its items."""
    return asked > 0 and checked >= asked * FULL_SHARE


def condition_now(open_faults: Mapping[str, str], seen: date | None, today: date) -> Condition:
    """By what is still open (severity by rule), and by the last full visit: good news age, faults
    stay until somebody has seen them mended."""
    if seen is None or age_of(seen, today) is Age.UNKNOWN:
        return _by_faults(open_faults) or Condition.UNKNOWN
    return _by_faults(open_faults) or Condition.USABLE


def _by_faults(faults: Mapping[str, str]) -> Condition | None:
    if CLOSES & faults.keys():
        return Condition.UNUSABLE
    return Condition.FAULTY if GRAVE & set(faults.values()) else None
