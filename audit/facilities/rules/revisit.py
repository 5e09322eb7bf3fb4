"""When a place is to be looked at again, and how good answers age. Pure.

All of it is ours, no law's: intervals are chosen on screen (`revisit_…`), the ages stand here.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from audit.core.text import Text

from .kinds import FacilityKind

AGED_YEARS, UNKNOWN_YEARS = 4, 8
ONCE = frozenset({FacilityKind.EVENT, FacilityKind.SAMPLE})  # they are over when they are seen


class Seen(StrEnum):
    """What narrows a list by full visits."""

    DUE = "due"
    NEVER = "never"


SEEN: Mapping[Seen, Text] = {
    Seen.DUE: Text("到期复查", "Due for another visit"),
    Seen.NEVER: Text("还没有全面检查过", "Never visited in full"),
}


class Age(StrEnum):
    FRESH = "fresh"
    AGED = "aged"
    UNKNOWN = "unknown"


AGES: Mapping[Age, Text] = {
    Age.FRESH: Text("仍然有效", "Still holds"),
    Age.AGED: Text("超过 4 年，要再看", "Over 4 years old: look again"),
    Age.UNKNOWN: Text("超过 8 年，按不明算", "Over 8 years old: counts as unknown"),
}


def due_on(seen: date, days: int) -> date:
    return seen + timedelta(days=days)


def age_of(seen: date, today: date) -> Age:
    """Older than so many years, to the day."""
    if today > _years_later(seen, UNKNOWN_YEARS):
        return Age.UNKNOWN
    return Age.AGED if today > _years_later(seen, AGED_YEARS) else Age.FRESH


def _years_later(day: date, years: int) -> date:
    """The same day of the year; of 29 February the day after."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
