"""What is promised leaves: mail, short messages."""

from collections.abc import Callable, Mapping

from audit.core.db import db, transaction
from audit.core.settings import Settings, settings
from audit.queue.models import JobRun, RunState
from audit.queue.runs import Run, job, later, minutely

from .. import actions, queries
from ..actions import Parcel
from ..rules import Channel
from . import mail, sms
from .outside import NotSent

SEND = "send_notices"
SENDERS: Mapping[Channel, Callable[[Parcel, Settings], None]] = {
    Channel.MAIL: mail.send,
    Channel.SMS: sms.send,
}


@minutely
def look_for_due() -> None:
    """Sending may take long: a job does it, one at a time."""
    if queries.is_something_due() and not _is_promised(SEND):
        db.session.rollback()
        with transaction():
            later(SEND)


@job(SEND)
def send_notices(_run: Run) -> None:
    """One after the other, until nothing is due. While one is on its way, no transaction is
    open."""
    while True:
        with transaction():
            parcel = actions.take_next()
        if parcel is None:
            return
        error, for_good = _try(parcel)
        with transaction():
            actions.settle(parcel, error, for_good=for_good)


def _try(parcel: Parcel) -> tuple[str, bool]:
    try:
        SENDERS[parcel.channel](parcel, settings())
    except NotSent as failure:
        return failure.reason, failure.for_good
    except Exception as failure:  # a fault of ours in one must not hold up the others
        return f"{type(failure).__name__}: {failure}", False
    return "", False


def _is_promised(name: str) -> bool:
    under_way = JobRun.state.in_((RunState.QUEUED, RunState.RUNNING))
    return db.session.scalar(db.select(JobRun.id).where(JobRun.job == name, under_way)) is not None
