"""What ends with a notice: it is answered whole, and later nobody needs to know who signed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from audit.core.clock import now
from audit.core.db import db

from ..models import Assignment, AssignmentLink, LinkUse
from ..queries import newly_answered, signed_and_shut


def mark_answered(finding_ids: Collection[UUID]) -> Sequence[Assignment]:
    """Notices with one of these findings, about all of whose findings their organisation has said
    something now: each is found once."""
    found = newly_answered(finding_ids)
    for one in found:
        one.answered_at = now()
    return found


def forget_signers(before: datetime, most: int) -> int:
    """Erase name and telephone of whoever signed notices whose last link had shut by then; of how
    many. When they signed, and that a notice was received, stays."""
    ids = signed_and_shut(before, most)
    nobody = {"signer_name": "", "signer_phone": ""}
    links = db.select(AssignmentLink.id).where(AssignmentLink.assignment_id.in_(ids))
    for change in (
        update(Assignment).where(Assignment.id.in_(ids)),
        update(LinkUse).where(LinkUse.link_id.in_(links)),
    ):
        db.session.execute(change.values(nobody))
    return len(ids)
