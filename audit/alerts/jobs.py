from audit.core.db import transaction
from audit.queue.runs import hourly, minutely

from . import actions
from .rules import Kind


@minutely
def tell_people() -> None:
    """Of all that was saved since the last time, in order."""
    more = True
    while more:
        with transaction():
            more = actions.catch_up()


@hourly
def remind_people() -> None:
    """Of clocks, the gravest first."""
    for kind in (Kind.GROSS, Kind.LATE, Kind.TODAY, Kind.SOON, Kind.ASKED):
        more = True
        while more:
            with transaction():
                more = actions.remind(kind)
