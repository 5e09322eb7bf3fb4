from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from audit.core.clock import now
from audit.core.db import db

from ..models import Delivery
from ..rules import DeliveryState

WAITING = (DeliveryState.PENDING, DeliveryState.FAILED)
MOST_IN_DIGEST = 200
SHOWN = 100


def is_something_due() -> bool:
    return db.session.scalar(select(Delivery.id).where(_due()).limit(1)) is not None


def next_due() -> Delivery | None:
    """The one that has waited longest."""
    return db.session.scalar(
        select(Delivery)
        .where(_due())
        .options(joinedload(Delivery.notice))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
    )


def of_digest(first: Delivery) -> Sequence[Delivery]:
    """All that leave with it, in the order in which things happened."""
    same = and_(
        Delivery.user_id == first.user_id, Delivery.channel == first.channel, Delivery.digest
    )
    return db.session.scalars(
        select(Delivery)
        .where(_due(), same)
        .options(joinedload(Delivery.notice))
        .order_by(Delivery.id)
        .limit(MOST_IN_DIGEST)
    ).all()


def given_up() -> tuple[Sequence[Delivery], int]:
    """The latest that did not arrive and will not be tried again, and how many there are in all."""
    failed = Delivery.state == DeliveryState.GIVEN_UP
    rows = db.session.scalars(
        select(Delivery)
        .where(failed)
        .options(joinedload(Delivery.user))
        .order_by(Delivery.done_at.desc(), Delivery.id.desc())
        .limit(SHOWN)
    ).all()
    return rows, db.session.scalar(select(func.count()).select_from(Delivery).where(failed)) or 0


def letters_about(about: str) -> Sequence[Delivery]:
    """Letters to an address outside that belong to one page of ours, the newest first."""
    return db.session.scalars(
        select(Delivery).where(Delivery.about == about).order_by(Delivery.id.desc())
    ).all()


def undelivered(notices: Collection[UUID]) -> dict[UUID, Sequence[Delivery]]:
    """Of these messages, what did not leave by mail or SMS, for whoever reads them."""
    rows = db.session.scalars(
        select(Delivery)
        .where(Delivery.notice_id.in_(notices), Delivery.state == DeliveryState.GIVEN_UP)
        .order_by(Delivery.channel)
    )
    found: dict[UUID, list[Delivery]] = {}
    for row in rows:
        if row.notice_id is not None:
            found.setdefault(row.notice_id, []).append(row)
    return dict(found)


def _due() -> ColumnElement[bool]:
    return and_(Delivery.state.in_(WAITING), Delivery.due_at <= now())
