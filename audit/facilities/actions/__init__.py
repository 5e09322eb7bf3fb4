"""What is done to a facility alone."""

from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db, next_number
from audit.core.errors import Conflict
from audit.core.settings import settings

from ..models import Facility
from ..queries import why_off_register
from ..rules import KINDS, FacilityDraft, Review
from .writing import check_waits, draft_of, journal, journal_far, says, state

__all__ = [
    "OffRegister",
    "accept_facility",
    "add_facility",
    "check_on_register",
    "draft_of",
    "restore_facility",
]
OTHER_FACTS = _("这个设施已经登记，内容与这一次不同。请打开它，按“修改资料”来改。")


def add_facility(facility_id: UUID, draft: FacilityDraft, actor: Actor, review: Review) -> Facility:
    """Put a facility on the register. The same id and facts a second time give the first one.

    Raises `Conflict` when the id already stands for other facts or is another person's.
    """
    known = db.session.get(Facility, facility_id)
    if known is not None:
        if known.created_by_id != actor.id or not says(known, draft):
            raise Conflict(OTHER_FACTS)
        return known
    code = KINDS[draft.kind].code
    serial = next_number(f"facility-{code}")
    facility = Facility(
        id=facility_id,
        number=f"{settings().number_prefix}-{code}-{serial:06d}",
        review=review,
        active=True,
        created_at=now(),
        created_by_id=actor.id,
        created_by_name=actor.name,
    )
    state(facility, draft)
    db.session.add(facility)
    db.session.flush()
    journal(actor, "add", facility)
    journal_far(actor, facility, draft)
    return facility


def accept_facility(facility: Facility, actor: Actor) -> None:
    """Raises `Conflict` where it was refused or has left the register."""
    if facility.active and facility.review is Review.ACCEPTED:
        return
    check_waits(facility)
    facility.review = Review.ACCEPTED
    journal(actor, "accept", facility)


def restore_facility(facility: Facility, actor: Actor) -> None:
    """One that was refused waits again."""
    facility.active, facility.merged_into_id = True, None
    if facility.review is Review.REFUSED:
        facility.review = Review.WAITING
    journal(actor, "restore", facility)


class OffRegister(Conflict):
    """Nothing new is looked for at a place that has left the register."""


def check_on_register(facility: Facility) -> None:
    """Raises `OffRegister`, which names the place it was merged into."""
    why = why_off_register(facility)
    if why is not None:
        raise OffRegister(why)
