from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from audit.checklists.rules import FACTS
from audit.checklists.rules.facts import FactForm
from audit.core.actors import Actor, May
from audit.core.clock import today
from audit.core.db import db
from audit.core.errors import NotFound
from audit.core.indexes import inside, without_index
from audit.core.settings import settings
from audit.geo.cells import cell_ranges
from audit.geo.points import Box, Point, distance_m
from audit.journal.models import JournalEntry
from audit.journal.queries import entries_about

from .models import Facility
from .rules import ONCE, FacilityKind, Review, Seen, search_text

PER_PAGE = 30
METRES_PER_DEGREE = 111_320.0
NEAR_ZOOM = 16  # its tiles are half a kilometre wide here
LEAVING = frozenset({"retire", "refuse", "merge"})


@dataclass(frozen=True)
class FacilityFilter:
    text: str = ""
    kind: FacilityKind | None = None
    district: str = ""
    review: Review | None = None
    seen: Seen | None = None
    facts: Mapping[str, str] = field(default_factory=dict)  # by name, the value as a form has it
    page: int = 1


def visible_to(actor: Actor, what: May = May.SEE_FACILITIES) -> ColumnElement[bool]:
    """The rows that this person may see: by district, or as the organisation responsible."""
    if actor.only_own_organisation(what):
        mine = Facility.organisation_id == actor.organisation_id
        return mine if actor.organisation_id is not None else false()
    codes = actor.districts_for(what)
    return true() if codes is None else Facility.district_code.in_(codes)


def get_facility(facility_id: UUID, actor: Actor, what: May = May.SEE_FACILITIES) -> Facility:
    """Raises `NotFound` also when the facility lies outside the person's districts."""
    found = db.session.scalar(
        select(Facility)
        .where(Facility.id == facility_id, visible_to(actor, what))
        .options(joinedload(Facility.district), joinedload(Facility.organisation))
    )
    if found is None:
        raise NotFound
    return found


def find_by_number(number: str, actor: Actor, what: May = May.SEE_FACILITIES) -> Facility | None:
    """Retired ones too."""
    return db.session.scalar(
        select(Facility).where(Facility.number == number.upper(), visible_to(actor, what))
    )


def numbers_of(actor: Actor, chosen: FacilityFilter, most: int) -> Sequence[str]:
    """The first numbers of a list, in its order."""
    query = select(Facility.number).where(*conditions(actor, chosen))
    return db.session.scalars(query.order_by(*_order(chosen)).limit(most)).all()


def facilities_named(
    numbers: Collection[str], actor: Actor, what: May, *, lock: bool = False
) -> Sequence[Facility]:
    """Those to which this person may do `what`, retired ones too, by id. `lock`: nobody else
    changes them until the transaction ends."""
    query = (
        select(Facility)
        .where(Facility.number.in_(numbers), visible_to(actor, what))
        .options(joinedload(Facility.district), joinedload(Facility.organisation))
        .order_by(Facility.id)
    )
    return db.session.scalars(query.with_for_update(of=Facility) if lock else query).all()


def merged_into(facility_id: UUID) -> Sequence[Facility]:
    """Places that turned out to be this one, by number."""
    query = select(Facility).where(Facility.merged_into_id == facility_id)
    return db.session.scalars(query.order_by(Facility.number)).all()


def became(facility: Facility) -> Facility:
    """What it turned out to be in the end, over as many merges as there were; itself if none."""
    passed = {facility.id}
    while facility.merged_into is not None and facility.merged_into.id not in passed:
        facility = facility.merged_into
        passed.add(facility.id)
    return facility


def split_off(facility_id: UUID) -> Sequence[Facility]:
    """Places that were thought to belong to this one, by number."""
    query = select(Facility).where(Facility.split_from_id == facility_id)
    return db.session.scalars(query.order_by(Facility.number)).all()


def why_off_register(facility: Facility) -> object | None:
    """One sentence where a place has left the register, with the place it turned out to be."""
    if facility.active:
        return None
    why: object = _("这一处已经注销，不再检查。如果它还在，请管理人员先恢复登记。")
    if facility.review is Review.REFUSED:
        left = why_left(facility.id)
        why = _("这一处没有通过核对，不再检查。原因：%(why)s", why=left.why if left else "")
    kept = became(facility)
    if kept is not facility:
        why = _(
            "这一处已并入 %(name)s（%(number)s），请在那一处检查。",
            name=kept.name,
            number=kept.number,
        )
    return why


def why_left(facility_id: UUID) -> JournalEntry | None:
    """The latest act by which a place left the register, with its reason."""
    entries = entries_about("facility", facility_id)
    return next((one for one in entries if one.verb in LEAVING), None)


def list_facilities(actor: Actor, chosen: FacilityFilter) -> tuple[Sequence[Facility], int]:
    """One page, by number, and how many there are in all."""
    query = select(Facility).where(*conditions(actor, chosen))
    total = count_facilities(actor, chosen)
    rows = db.session.scalars(
        query.options(joinedload(Facility.district), joinedload(Facility.organisation))
        .order_by(*_order(chosen))
        .limit(PER_PAGE)
        .offset((max(chosen.page, 1) - 1) * PER_PAGE)
    ).all()
    return rows, total


def count_facilities(actor: Actor, chosen: FacilityFilter) -> int:
    query = select(func.count()).select_from(Facility).where(*conditions(actor, chosen))
    return db.session.scalar(query) or 0


def _order(chosen: FacilityFilter) -> list[ColumnElement[Any]]:
    """By number; what is due for a visit by how long it has been so, the longest first."""
    if chosen.seen is not Seen.DUE:
        return [Facility.number.expression]
    due = [
        (Facility.kind == kind, Facility.seen_day + days) for kind, days in revisit_days().items()
    ]
    return [case(*due).asc(), Facility.number.expression] if due else [Facility.number.expression]


def revisit_days() -> dict[FacilityKind, int]:
    """How many days after a full visit the next one is due; kinds without any are left out."""
    chosen = settings()
    kinds = [kind for kind in FacilityKind if kind not in ONCE]
    days = {kind: int(getattr(chosen, f"revisit_{kind}")) for kind in kinds}
    return {kind: number for kind, number in days.items() if number}


def _seen(wanted: Seen) -> ColumnElement[bool]:
    """Each kind has an interval of its own; kinds that are not visited again are never due."""
    if wanted is Seen.NEVER:
        return Facility.seen_day.is_(None) & Facility.kind.in_(revisit_days())
    today_is = today().toordinal()
    due = [
        and_(Facility.kind == kind, Facility.seen_day <= today_is - days)
        for kind, days in revisit_days().items()
    ]
    return or_(false(), *due)


def conditions(actor: Actor, chosen: FacilityFilter) -> list[ColumnElement[bool]]:
    """The filter and the permission as SQL; one meaning for list and map."""
    refused = chosen.review is Review.REFUSED
    parts: list[ColumnElement[bool]] = [Facility.active.is_(not refused), visible_to(actor)]
    if chosen.text:
        parts.append(Facility.search.contains(search_text(chosen.text), autoescape=True))
    if chosen.kind is not None:
        parts.append(Facility.kind == chosen.kind)
    if chosen.district:
        parts.append(Facility.district_code == chosen.district)
    if chosen.review is not None:
        parts.append(Facility.review == chosen.review)
    if chosen.seen is not None:
        parts.append(_seen(chosen.seen))
    return parts + [has_fact(name, text) for name, text in chosen.facts.items()]


def has_fact(name: str, text: str) -> ColumnElement[bool]:
    """Of several choices one; both databases give a list as JSON text."""
    kept: ColumnElement[str] = Facility.facts[name].as_string()
    if FACTS[name].form is FactForm.CHOICES:
        return kept.contains(f'"{text}"', autoescape=True)
    return kept == text


def nearest_facilities(
    actor: Actor, here: Point, within_m: float = 1000, limit: int = 12
) -> list[tuple[Facility, float]]:
    """Places around a point with their distance in metres, the nearest first."""
    north = within_m / METRES_PER_DEGREE
    east = within_m / (METRES_PER_DEGREE * max(cos(radians(here.lat)), 0.1))
    around = Box(
        max(here.lon - east, -180),
        max(here.lat - north, -90),
        min(here.lon + east, 180),
        min(here.lat + north, 90),
    )
    rows = db.session.scalars(
        select(Facility).where(
            Facility.active,
            *without_index([visible_to(actor)], {"district_code", "organisation_id"}),
            inside(Facility.cell, cell_ranges(around, NEAR_ZOOM)),
        )
    )
    found = [(row, distance_m(here, Point(row.lon or 0, row.lat or 0))) for row in rows]
    near = [pair for pair in found if pair[1] <= within_m]
    return sorted(near, key=lambda pair: (pair[1], pair[0].number))[:limit]


def twins_of(
    facility: Facility, actor: Actor, within_m: float = 500
) -> list[tuple[Facility, float]]:
    """Others of its kind that it may be, the nearest first."""
    if facility.lon is None or facility.lat is None:
        return []
    around = nearest_facilities(actor, Point(facility.lon, facility.lat), within_m)
    return [pair for pair in around if pair[0].id != facility.id and pair[0].kind == facility.kind]


def count_by_kind(actor: Actor) -> dict[FacilityKind, int]:
    rows = db.session.execute(
        select(Facility.kind, func.count())
        .where(Facility.active, visible_to(actor))
        .group_by(Facility.kind)
        .order_by(Facility.kind)
    )
    return {FacilityKind(kind): count for kind, count in rows}
