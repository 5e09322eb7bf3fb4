from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db, next_number
from audit.core.errors import Conflict
from audit.core.settings import settings
from audit.geo.cells import cell_of
from audit.journal.actions import record

from .models import Facility
from .queries import why_off_register
from .rules import KINDS, FacilityDraft, Review, search_text
from .rules.many import PROGRAMMES, Act, Deed, programmes_after

SEARCHED = 500  # as long as the column
OTHER_FACTS = _("这个设施已经登记，内容与这一次不同。请打开它，按“修改资料”来改。")

NOT_WAITING = _("这一处已经有人核对过了。请看最新的资料。")


def add_facility(facility_id: UUID, draft: FacilityDraft, actor: Actor, review: Review) -> Facility:
    """Put a facility on the register. The same id and facts a second time give the first one.

    Raises `Conflict` when the id already stands for other facts or is another person's.
    """
    known = db.session.get(Facility, facility_id)
    if known is not None:
        if known.created_by_id != actor.id or not _says(known, draft):
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
    _state(facility, draft)
    db.session.add(facility)
    db.session.flush()
    _journal(actor, "add", facility)
    _journal_far(actor, facility, draft)
    return facility


def edit_facility(
    facility: Facility, draft: FacilityDraft, actor: Actor, more: Mapping[str, str] | None = None
) -> None:
    """State the facts anew; the journal keeps what they were, and `more`."""
    before = _stated(facility)
    _state(facility, draft)
    db.session.flush()
    after = _stated(facility)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changed:
        detail = {**changed, **(more or {})}
        place = facility.district_code
        record(actor, "edit", "facility", facility.id, district=place, detail=detail)
        _journal_far(actor, facility, draft)


def accept_facility(facility: Facility, actor: Actor) -> None:
    """Raises `Conflict` where it was refused or has left the register."""
    if facility.active and facility.review is Review.ACCEPTED:
        return
    _check_waits(facility)
    facility.review = Review.ACCEPTED
    _journal(actor, "accept", facility)


def refuse_facility(facility: Facility, actor: Actor, why: str) -> None:
    """What was made on the spot is no facility: it leaves the register, its history stays.
    Whoever calls sees to its findings. Raises `Conflict` when it does not wait any more."""
    _check_waits(facility)
    facility.review, facility.active = Review.REFUSED, False
    _journal(actor, "refuse", facility, why)


def _check_waits(facility: Facility) -> None:
    if facility.review is not Review.WAITING or not facility.active:
        raise Conflict(NOT_WAITING)


def retire_facility(facility: Facility, actor: Actor, why: str, **more: str) -> None:
    """Take a place off the register; its history stays. Whoever calls sees to its findings."""
    facility.active = False
    _journal(actor, "retire", facility, why, **more)


def change_many(
    facilities: Sequence[Facility], act: Act, actor: Actor, bulk_id: UUID,
    *, why: str = "", organisation_id: UUID | None = None,
) -> None:  # fmt: skip
    """The same to each of them, as if each were changed by itself; `bulk_id` ties the entries of
    the journal. Whoever calls has asked the rules, and sees to findings."""
    more = {"bulk": str(bulk_id)}
    for facility in facilities:
        if act.deed is Deed.RETIRE:
            retire_facility(facility, actor, why, **more)
            continue
        draft = _draft_of(facility)
        if act.deed is Deed.ORGANISATION:
            draft = replace(draft, organisation_id=organisation_id)
        else:
            had = facility.facts.get(PROGRAMMES, [])
            left = {name: value for name, value in draft.facts.items() if name != PROGRAMMES}
            tags = programmes_after(act, had)
            draft = replace(draft, facts={**left, PROGRAMMES: tags} if tags else left)
        edit_facility(facility, draft, actor, more)
    numbers = [one.number for one in facilities]
    detail = {"act": act.name, "numbers": numbers}
    record(actor, "bulk", "bulk_facilities", bulk_id, why=why, detail=detail)


def _draft_of(facility: Facility) -> FacilityDraft:
    names = [one.name for one in fields(FacilityDraft) if one.compare]
    return FacilityDraft(**{name: getattr(facility, name) for name in names})


def restore_facility(facility: Facility, actor: Actor) -> None:
    """One that was refused waits again."""
    facility.active, facility.merged_into_id = True, None
    if facility.review is Review.REFUSED:
        facility.review = Review.WAITING
    _journal(actor, "restore", facility)


def merge_facility(gone: Facility, kept: Facility, actor: Actor, why: str) -> None:
    """`gone` is the same place as `kept` and leaves the register; its number leads there."""
    gone.active, gone.merged_into_id = False, kept.id
    _journal(actor, "merge", gone, why, other=kept.number)
    _journal(actor, "take_over", kept, why, other=gone.number)


def split_facility(whole: Facility, part: Facility, actor: Actor, why: str) -> None:
    """`part` was thought to belong to `whole` until now. Whoever calls moves what is its own."""
    part.split_from_id = whole.id
    _journal(actor, "split", whole, why, other=part.number)
    _journal(actor, "split_off", part, why, other=whole.number)


class OffRegister(Conflict):
    """Nothing new is looked for at a place that has left the register."""


def check_on_register(facility: Facility) -> None:
    """Raises `OffRegister`, which names the place it was merged into."""
    why = why_off_register(facility)
    if why is not None:
        raise OffRegister(why)


def _says(facility: Facility, draft: FacilityDraft) -> bool:
    """Whether the register holds just what the draft states."""
    names = [one.name for one in fields(draft) if one.compare]
    return all(getattr(facility, name) == getattr(draft, name) for name in names)


def _state(facility: Facility, draft: FacilityDraft) -> None:
    facility.kind = draft.kind
    facility.name, facility.address = draft.name, draft.address
    facility.district_code, facility.town_code = draft.district_code, draft.town_code
    facility.lon, facility.lat, facility.shape = draft.lon, draft.lat, draft.shape
    placed = draft.lon is not None and draft.lat is not None
    facility.cell = cell_of(draft.lon or 0, draft.lat or 0) if placed else None
    facility.url, facility.organisation_id = draft.url, draft.organisation_id
    facility.built_on, facility.built_by = draft.built_on, draft.built_by
    facility.altered_on, facility.altered_by = draft.altered_on, draft.altered_by
    facility.facts = dict(draft.facts)
    words = search_text(draft.name, draft.address, facility.number, draft.url or "")
    facility.search = words[:SEARCHED]


def _stated(facility: Facility) -> dict[str, object]:
    names = (
        "name", "address", "district_code", "town_code", "lon", "lat", "shape", "url",
        "organisation_id", "facts",
    )  # fmt: skip
    plain = {name: getattr(facility, name) for name in names}
    plain |= {"built_on": facility.built or None, "altered_on": facility.altered or None}
    return {
        name: value if isinstance(value, float | dict | None) else str(value)
        for name, value in plain.items()
    }


def _journal_far(actor: Actor, facility: Facility, draft: FacilityDraft) -> None:
    if draft.far_m is not None:
        _journal(actor, "keep_far", facility, far_m=draft.far_m)


def _journal(actor: Actor, verb: str, facility: Facility, why: str = "", **more: object) -> None:
    detail = {"number": facility.number, "name": facility.name} | more
    place = facility.district_code
    record(actor, verb, "facility", facility.id, district=place, why=why, detail=detail)
