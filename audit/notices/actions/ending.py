"""Messages and what left of them are kept for a time, then deleted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import InstrumentedAttribute

from audit.core.db import db

from ..models import Delivery, HookDelivery, Notice
from ..rules import DeliveryState

DONE = (DeliveryState.SENT, DeliveryState.GIVEN_UP)
SOME = 500  # at once


def delete_notices(before: datetime, *, read: bool) -> int:
    """Some of those that were read, or were not, and are older; how many. What waits to leave of
    them goes with them."""
    whether = Notice.read_at.is_not(None) if read else Notice.read_at.is_(None)
    ids = _some(Notice.id, select(Notice.id).where(whether, Notice.created_at < before))
    db.session.execute(delete(Delivery).where(Delivery.notice_id.in_(ids)))
    db.session.execute(delete(Notice).where(Notice.id.in_(ids)))
    return len(ids)


def delete_deliveries(before: datetime) -> int:
    """Some of those that have left or were given up before; how many."""
    old = select(Delivery.id).where(Delivery.state.in_(DONE), Delivery.done_at < before)
    ids = _some(Delivery.id, old)
    db.session.execute(delete(Delivery).where(Delivery.id.in_(ids)))
    return len(ids)


def delete_calls(before: datetime) -> int:
    """Some calls of webhooks that ended and are older; how many."""
    old = select(HookDelivery.id).where(
        HookDelivery.state.in_(DONE), HookDelivery.created_at < before
    )
    ids = _some(HookDelivery.id, old)
    db.session.execute(delete(HookDelivery).where(HookDelivery.id.in_(ids)))
    return len(ids)


def _some(key: InstrumentedAttribute[UUID], found: Select[UUID]) -> list[UUID]:
    return list(db.session.scalars(found.order_by(key).limit(SOME)))
