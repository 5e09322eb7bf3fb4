"""The only clock. Times are kept in UTC and shown in Asia/Shanghai."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Shanghai")
_moved_to: ContextVar[datetime | None] = ContextVar("moved_to", default=None)


def now() -> datetime:
    """This moment, in UTC, with its time zone."""
    return _moved_to.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside the block the clock stands at `moment`, for this thread or task alone.

    For the demonstration and for tests. Raises ValueError for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    token = _moved_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moved_to.reset(token)


def today() -> date:
    """The date on a wall calendar in Asia/Shanghai."""
    return now().astimezone(HERE).date()


def as_utc(moment: datetime) -> datetime:
    """Give a time read from SQLite (which drops the zone) its UTC zone back."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def here(moment: datetime) -> datetime:
    return as_utc(moment).astimezone(HERE)
