from datetime import datetime, time

from audit.core.clock import HERE, now, today
from audit.core.db import db, transaction
from audit.core.settings import settings
from audit.queue.runs import Run, asked_since, hourly, job, later

from . import queries
from .actions import settle
from .rules import clusters

JOB = "look_for_duplicates"


@hourly
def at_night() -> None:
    """Once a day, from the hour that is set."""
    begin = datetime.combine(today(), time(settings().duplicates_hour), HERE)
    if now() >= begin and not asked_since(JOB, begin):
        with transaction():
            later(JOB)


@job(JOB)
def look_for_duplicates(_run: Run) -> None:
    """Put all that may be one problem together. No writer waits while it is computed; where
    somebody has judged meanwhile, it is computed again. Done twice, it changes nothing more."""
    while not _looked():
        pass


def _looked() -> bool:
    heard = queries.last_verdict()
    groups = clusters(queries.spots(), queries.apart())
    db.session.rollback()  # no lock is held
    with transaction():
        if queries.last_verdict() != heard:
            return False
        settle(groups, queries.homes())
    return True
