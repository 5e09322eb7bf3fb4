"""What the people of the sample city were told, day by day."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from audit.accounts.queries import actor_of
from audit.accounts.queries import people as accounts
from audit.alerts.actions import catch_up, remind
from audit.alerts.rules import Kind
from audit.core.clock import at, here
from audit.notices.actions import mark_all

from .happenings import Happening

READ_AFTER = timedelta(days=3)


def day_by_day(happenings: Iterable[Happening], end: datetime) -> Iterator[Happening]:
    """The same; at the end of each day people are told of it, and some days before the end all of
    them read what they were told until then."""
    today, readers_day = None, here(end - READ_AFTER).date()
    for one in happenings:
        day = here(one.at).date()
        if today not in (None, day):
            _tell()
        if today is not None and today < readers_day <= day:
            _read(end - READ_AFTER)
        today = day
        yield one


def leave_inboxes(end: datetime) -> None:
    """As they are found on the last day: people are told of everything, also of what is late."""
    _tell()
    with at(end):
        for kind in (Kind.GROSS, Kind.LATE, Kind.TODAY, Kind.SOON, Kind.ASKED):
            while remind(kind):
                pass


def _tell() -> None:
    while catch_up():
        pass


def _read(moment: datetime) -> None:
    with at(moment):
        for user in accounts():
            mark_all(actor_of(user))
