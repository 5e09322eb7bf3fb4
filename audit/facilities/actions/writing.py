"""How the facts of a facility are written, and what the journal keeps of it."""

from dataclasses import fields

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.errors import Conflict
from audit.geo.cells import cell_of
from audit.journal.actions import record

from ..models import Facility
from ..rules import FacilityDraft, Review, search_text

SEARCHED = 500  # as long as the column
NOT_WAITING = _("这一处已经有人核对过了。请看最新的资料。")


def check_waits(facility: Facility) -> None:
    if facility.review is not Review.WAITING or not facility.active:
        raise Conflict(NOT_WAITING)


def says(facility: Facility, draft: FacilityDraft) -> bool:
    """Whether the register holds just what the draft states."""
    return draft_of(facility) == draft


def draft_of(facility: Facility) -> FacilityDraft:
    """What the register holds of it."""
    names = [one.name for one in fields(FacilityDraft) if one.compare]
    return FacilityDraft(**{name: getattr(facility, name) for name in names})


def state(facility: Facility, draft: FacilityDraft) -> None:
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


def stated(facility: Facility) -> dict[str, object]:
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


def journal_far(actor: Actor, facility: Facility, draft: FacilityDraft) -> None:
    if draft.far_m is not None:
        journal(actor, "keep_far", facility, far_m=draft.far_m)


def journal(actor: Actor, verb: str, facility: Facility, why: str = "", **more: object) -> None:
    detail = {"number": facility.number, "name": facility.name} | more
    place = facility.district_code
    record(actor, verb, "facility", facility.id, district=place, why=why, detail=detail)
