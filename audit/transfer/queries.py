from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.core.errors import NotFound
from audit.duties.models import FacilityDuty
from audit.facilities.models import Facility
from audit.facilities.queries import FacilityFilter, conditions, visible_to
from audit.findings.models import Finding
from audit.findings.queries import FindingFilter
from audit.findings.queries import conditions as finding_conditions
from audit.geo.points import Point
from audit.inspections.models import Inspection
from audit.journal.models import JournalEntry
from audit.measures.models import Measure
from audit.webscan.models import Scan

from .models import FacilityImport, ImportRow
from .rules.states import ASKED, Kept, RowState
from .rules.twins import Known, Register

PER_PAGE = 50
SHOWN = 30
OF_ADDING = ("add", "keep_far")  # what the journal says of a place that nobody touched since
# An open inspection counts as well; photos hang on inspections and findings.
_TRACES = (
    (Kept.SEEN, Inspection.facility_id),
    (Kept.SEEN, Finding.facility_id),
    (Kept.SCANNED, Scan.facility_id),
    (Kept.MEASURE, Measure.facility_id),
    (Kept.DUTY, FacilityDuty.facility_id),
    (Kept.JOINED, Facility.merged_into_id),
    (Kept.JOINED, Facility.split_from_id),
)


def get_import(import_id: UUID, actor: Actor) -> FacilityImport:
    """One's own; those of others only for who may change facilities in the whole city."""
    found = db.session.get(FacilityImport, import_id)
    if found is None or not (
        found.created_by_id == actor.id or actor.districts_for(May.EDIT_FACILITY) is None
    ):
        raise NotFound
    return found


def list_imports(actor: Actor) -> Sequence[FacilityImport]:
    """The newest first, at most 30."""
    query = select(FacilityImport)
    if actor.districts_for(May.EDIT_FACILITY) is not None:
        query = query.where(FacilityImport.created_by_id == actor.id)
    return db.session.scalars(
        query.order_by(FacilityImport.created_at.desc(), FacilityImport.id).limit(SHOWN)
    ).all()


def count_rows(import_id: UUID) -> dict[RowState, int]:
    rows = db.session.execute(
        select(ImportRow.state, func.count())
        .where(ImportRow.import_id == import_id)
        .group_by(ImportRow.state)
        .order_by(ImportRow.state)
    )
    return {RowState(state): count for state, count in rows}


def list_rows(import_id: UUID, state: RowState | None, page: int) -> Sequence[ImportRow]:
    """One page, in the order of the file."""
    query = select(ImportRow).where(ImportRow.import_id == import_id)
    if state is not None:
        query = query.where(ImportRow.state == state)
    return db.session.scalars(
        query.order_by(ImportRow.line).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()


def all_rows(import_id: UUID, state: RowState | None = None) -> Sequence[ImportRow]:
    query = select(ImportRow).where(ImportRow.import_id == import_id).order_by(ImportRow.line)
    if state is not None:
        query = query.where(ImportRow.state == state)
    return db.session.scalars(query).all()


def rows_to_add(import_id: UUID, most: int) -> Sequence[ImportRow]:
    taken = ImportRow.state.in_(ASKED) & ImportRow.take
    return db.session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id, or_(ImportRow.state == RowState.GOOD, taken))
        .order_by(ImportRow.line)
        .limit(most)
    ).all()


def count_taken(import_id: UUID) -> int:
    """Rows asked about that are to be added all the same."""
    query = select(func.count()).where(
        ImportRow.import_id == import_id, ImportRow.state.in_(ASKED), ImportRow.take
    )
    return db.session.scalar(query) or 0


def rows_to_undo(import_id: UUID, most: int) -> Sequence[ImportRow]:
    return db.session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.state == RowState.ADDED)
        .order_by(ImportRow.line)
        .limit(most)
    ).all()


def find_worked_on(facility_ids: Sequence[UUID]) -> dict[UUID, Kept]:
    """Those of them that somebody has worked with since they were added, and how."""
    found: dict[UUID, Kept] = {}
    for why, column in _TRACES:
        there = select(column).where(column.in_(facility_ids)).distinct()
        found = {place: why for place in db.session.scalars(there) if place} | found
    texts = {str(one): one for one in facility_ids}
    changed = select(JournalEntry.subject_id).where(
        JournalEntry.kind == "facility",
        JournalEntry.subject_id.in_(texts),
        JournalEntry.verb.not_in(OF_ADDING),
    )
    for subject in db.session.scalars(changed.distinct()):
        found.setdefault(texts[subject], Kept.CHANGED)
    return found


def known_facilities() -> list[Known]:
    """All that stand on the register, to compare with; names are shown to nobody from here."""
    rows = db.session.execute(
        select(Facility.id, Facility.kind, Facility.name, Facility.lon, Facility.lat, Facility.url)
        .where(Facility.active)
        .order_by(Facility.id)
    )
    return [
        Known(who, kind, name, None if lon is None or lat is None else Point(lon, lat), url or "")
        for who, kind, name, lon, lat, url in rows
    ]


def present_register(known: Sequence[Known]) -> Register:
    register = Register()
    for one in known:
        register.add(one)
    return register


def facilities_to_export(actor: Actor, chosen: FacilityFilter) -> Sequence[Facility]:
    """What the list shows under the same filter, all of it, by number."""
    return db.session.scalars(
        select(Facility)
        .where(*conditions(actor, chosen))
        .options(
            joinedload(Facility.district),
            joinedload(Facility.town),
            joinedload(Facility.organisation),
        )
        .order_by(Facility.number)
    ).all()


def findings_to_export(actor: Actor, chosen: FindingFilter) -> Sequence[Finding]:
    """What the list shows under the same filter, all of it, by number."""
    return db.session.scalars(
        select(Finding)
        .where(*finding_conditions(actor, chosen))
        .options(
            joinedload(Finding.facility),
            joinedload(Finding.district),
            joinedload(Finding.department),
            joinedload(Finding.organisation),
        )
        .order_by(Finding.number)
    ).all()


def twins_of(rows: Sequence[ImportRow], actor: Actor) -> dict[UUID, Facility]:
    """The facilities that rows seem to be, by id, as far as this person may see them."""
    ids = [row.twin_id for row in rows if row.twin_id]
    found = db.session.scalars(select(Facility).where(Facility.id.in_(ids), visible_to(actor)))
    return {one.id: one for one in found}
