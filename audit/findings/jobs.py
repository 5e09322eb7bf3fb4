from audit.core.db import transaction
from audit.queue.runs import Run, job

from . import actions


@job("follow_calendar")
def follow_calendar(_run: Run) -> None:
    """A day was set to be worked or free: deadlines in working days move. Done twice, it does
    nothing more."""
    with transaction():
        actions.follow_calendar()
