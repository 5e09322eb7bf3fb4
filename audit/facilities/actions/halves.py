"""The facility's own half of an act. `register` makes each whole and alone may import this."""

from collections.abc import Mapping

from audit.core.actors import Actor
from audit.core.db import db
from audit.journal.actions import record

from ..models import Facility
from ..rules import FacilityDraft, Review
from .writing import check_waits, journal, journal_far, state, stated


def edit_facility(
    facility: Facility, draft: FacilityDraft, actor: Actor, more: Mapping[str, str] | None = None
) -> None:
    """State the facts anew; the journal keeps what they were, and `more`."""
    before = stated(facility)
    state(facility, draft)
    db.session.flush()
    after = stated(facility)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changed:
        detail = {**changed, **(more or {})}
        place = facility.district_code
        record(actor, "edit", "facility", facility.id, district=place, detail=detail)
        journal_far(actor, facility, draft)


def refuse_facility(facility: Facility, actor: Actor, why: str) -> None:
    """What was made on the spot is no facility: it leaves the register, its history stays.
    Raises `Conflict` when it does not wait any more."""
    check_waits(facility)
    facility.review, facility.active = Review.REFUSED, False
    journal(actor, "refuse", facility, why)


def retire_facility(facility: Facility, actor: Actor, why: str, **more: str) -> None:
    """Take a place off the register; its history stays."""
    facility.active = False
    journal(actor, "retire", facility, why, **more)


def merge_facility(gone: Facility, kept: Facility, actor: Actor, why: str) -> None:
    """`gone` is the same place as `kept` and leaves the register; its number leads there."""
    gone.active, gone.merged_into_id = False, kept.id
    journal(actor, "merge", gone, why, other=kept.number)
    journal(actor, "take_over", kept, why, other=gone.number)


def split_facility(whole: Facility, part: Facility, actor: Actor, why: str) -> None:
    """`part` was thought to belong to `whole` until now."""
    part.split_from_id = whole.id
    journal(actor, "split", whole, why, other=part.number)
    journal(actor, "split_off", part, why, other=whole.number)
