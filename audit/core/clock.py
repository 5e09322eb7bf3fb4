"""The only clock. Times are kept in UTC and shown in Asia/Shanghai."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, in UTC, with its time zone."""
    return datetime.now(UTC)


def today() -> date:
    """The date on a wall calendar in Asia/Shanghai."""
    return now().astimezone(HERE).date()


def as_utc(moment: datetime) -> datetime:
    """Give a time read from SQLite (which drops the zone) its UTC zone back."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def here(moment: datetime) -> datetime:
    return as_utc(moment).astimezone(HERE)
