"""What was given up leaves after all, once somebody has mended why it could not."""

from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict
from audit.journal.actions import record

from ..models import Delivery
from ..rules import DeliveryState

GONE = _("这一条已经不在了，或者已经在重试。")
ERASED = _("里面的链接已经删除，不能重试。请打开那份通知，换发新链接再发。")


def retry(delivery_id: UUID, actor: Actor) -> None:
    """Raises `Conflict` where there is nothing to send any more."""
    one = db.session.get(Delivery, delivery_id, with_for_update=True)
    if one is None or one.state is not DeliveryState.GIVEN_UP:
        raise Conflict(GONE)
    if one.about:
        raise Conflict(ERASED)
    _again(one)
    record(actor, "retry", "delivery", one.id)


def retry_all(actor: Actor) -> int:
    """All that can still be sent; how many."""
    failed = Delivery.state == DeliveryState.GIVEN_UP, Delivery.about == ""
    rows = db.session.scalars(select(Delivery).where(*failed).with_for_update()).all()
    for one in rows:
        _again(one)
    if rows:
        record(actor, "retry", "delivery", "all", detail={"count": len(rows)})
    return len(rows)


def _again(one: Delivery) -> None:
    one.state, one.due_at, one.done_at = DeliveryState.PENDING, now(), None
    one.attempts, one.error = 0, ""
