from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from audit.core.db import db
from audit.core.errors import NotFound

from .models import ClauseConfirmation

CONFIRMED = select(ClauseConfirmation.keys).where(ClauseConfirmation.withdrawn_at.is_(None))


def confirmations() -> Sequence[ClauseConfirmation]:
    """All, those that were taken back too; the newest first."""
    query = select(ClauseConfirmation)
    return db.session.scalars(
        query.order_by(ClauseConfirmation.confirmed_at.desc(), ClauseConfirmation.id)
    ).all()


def get_confirmation(confirmation_id: UUID) -> ClauseConfirmation:
    found = db.session.get(ClauseConfirmation, confirmation_id)
    if found is None:
        raise NotFound
    return found


def confirmed_keys() -> frozenset[str]:
    """Of every limit that somebody here has confirmed."""
    return frozenset(key for keys in db.session.scalars(CONFIRMED) for key in keys)
