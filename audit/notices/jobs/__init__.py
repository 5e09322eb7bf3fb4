"""What is promised leaves: mail, short messages, calls to other systems."""

from collections.abc import Callable, Mapping
from uuid import UUID

from audit.core.db import db, transaction
from audit.core.settings import Settings, settings
from audit.queue.models import JobRun, RunState
from audit.queue.runs import Run, job, later, minutely

from .. import actions, queries
from ..actions import Parcel
from ..rules import Channel
from . import ending, mail, sms
from .outside import NotSent, ask

__all__ = ["call_webhooks", "ending", "look_for_due", "send_notices"]
SEND, CALL = "send_notices", "call_webhooks"
SENDERS: Mapping[Channel, Callable[[Parcel, Settings], None]] = {
    Channel.MAIL: mail.send,
    Channel.SMS: sms.send,
}


@minutely
def look_for_due() -> None:
    """Sending may take long: jobs do it, one at a time for people and one for other systems."""
    for name, is_due in ((SEND, queries.is_something_due()), (CALL, queries.is_hook_due())):
        if is_due and not _is_promised(name):
            db.session.rollback()
            with transaction():
                later(name)


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


@job(CALL)
def call_webhooks(_run: Run) -> None:
    """One after the other. Who does not answer is let be for this time, for each try may take
    twenty seconds."""
    resting: set[UUID] = set()
    while True:
        with transaction():
            call = actions.take_hook(resting)
        if call is None:
            return
        try:
            answer = ask(
                call.url, "POST", call.body.encode(), call.headers, settings().notice_allow
            )
            seen: tuple[int | None, int | None, str] = (
                answer.status, answer.milliseconds, answer.text,
            )  # fmt: skip
        except NotSent as failure:
            seen = None, None, failure.reason
        with transaction():
            if not actions.settle_hook(call, *seen):
                resting.add(call.webhook_id)


def _try(parcel: Parcel) -> tuple[str, bool]:
    try:
        SENDERS[parcel.channel](parcel, settings())
    except NotSent as failure:
        return parcel.kept_back(failure.reason), failure.for_good
    except Exception as failure:  # a fault of ours in one must not hold up the others
        return parcel.kept_back(f"{type(failure).__name__}: {failure}"), False
    return "", False


def _is_promised(name: str) -> bool:
    under_way = JobRun.state.in_((RunState.QUEUED, RunState.RUNNING))
    return db.session.scalar(db.select(JobRun.id).where(JobRun.job == name, under_way)) is not None
