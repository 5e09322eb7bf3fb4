from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from audit.checklists.loader import UnknownChecklist, get_checklist
from audit.checklists.rules import (
    Answer,
    AnswerState,
    Checklist,
    Tolerances,
    Unit,
    Verdict,
    asked_items,
)
from audit.core.actors import Actor, May
from audit.core.clock import here
from audit.core.db import db
from audit.core.errors import NotFound
from audit.core.indexes import without_index
from audit.core.settings import settings
from audit.editions.queries import checklist_in_force
from audit.facilities.rules.revisit import Age, age_of
from audit.findings.models import Finding
from audit.photos.models import Photo

from .models import Inspection, InspectionAnswer, InspectionPhoto, InspectionReceipt
from .rules import InspectionState, Visit, opens_finding, still_asks

PER_PAGE = 30
STANDS = (Inspection.state == InspectionState.SUBMITTED) & Inspection.withdrawn_at.is_(None)
# a county's latest visits are soon met in the order of all; else SQLite sorts the whole county's
AS_LISTED = frozenset({"district_code", "inspector_id", "state"})


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Filed inspections of the person's districts, and all of the person's own."""
    codes = actor.districts_for(May.SEE_INSPECTIONS)
    mine = Inspection.inspector_id == actor.id
    there = true() if codes is None else Inspection.district_code.in_(codes)
    return or_(mine, (Inspection.state == InspectionState.SUBMITTED) & there)


def tolerances() -> Tolerances:
    """How far a measured value may miss its limit and still want a second look only."""
    chosen = settings()
    return {
        Unit.PERCENT: Decimal(str(chosen.slope_tolerance)),
        Unit.MM: Decimal(str(chosen.length_tolerance_mm)),
    }


def find_inspection(inspection_id: UUID) -> Inspection | None:
    return db.session.get(Inspection, inspection_id)


def get_inspection(inspection_id: UUID, actor: Actor) -> Inspection:
    """With facility, answers, photos and findings. Raises `NotFound` also across districts."""
    found = db.session.scalar(
        select(Inspection)
        .where(Inspection.id == inspection_id, visible_to(actor))
        .options(
            joinedload(Inspection.facility),
            joinedload(Inspection.verifies),
            selectinload(Inspection.answers).joinedload(InspectionAnswer.finding),
            selectinload(Inspection.photos).joinedload(InspectionPhoto.photo),
        )
    )
    if found is None:
        raise NotFound
    return found


def list_inspections(
    actor: Actor, *, mine: bool = False, page: int = 1
) -> tuple[Sequence[Inspection], int]:
    """One page, the latest first, and how many there are in all."""
    where = _asked_for(actor, mine)
    total = count_inspections(actor, mine=mine)
    rows = db.session.scalars(
        select(Inspection)
        .where(*([where] if mine else without_index([where], AS_LISTED)))
        .options(joinedload(Inspection.facility), joinedload(Inspection.verifies))
        .order_by(Inspection.started_at.desc(), Inspection.id.desc())  # as the index has it
        .limit(PER_PAGE)
        .offset((max(page, 1) - 1) * PER_PAGE)
    ).all()
    return rows, total


def count_inspections(actor: Actor, *, mine: bool = False) -> int:
    where = _asked_for(actor, mine)
    return db.session.scalar(select(func.count()).select_from(Inspection).where(where)) or 0


def _asked_for(actor: Actor, mine: bool) -> ColumnElement[bool]:
    return visible_to(actor) & (Inspection.inspector_id == actor.id if mine else true())


def drafts_of(actor: Actor) -> Sequence[Inspection]:
    return db.session.scalars(
        select(Inspection)
        .where(Inspection.inspector_id == actor.id, Inspection.state == InspectionState.DRAFT)
        .options(joinedload(Inspection.facility), joinedload(Inspection.verifies))
        .order_by(Inspection.started_at.desc())
    ).all()


def inspections_of(facility_id: UUID, actor: Actor) -> Sequence[Inspection]:
    return db.session.scalars(
        select(Inspection)
        .where(
            Inspection.facility_id == facility_id,
            STANDS,
            visible_to(actor),
        )
        .options(joinedload(Inspection.verifies))
        .order_by(Inspection.filed_at.desc())
        .limit(20)
    ).all()


def filed_at(facility_id: UUID) -> Sequence[Inspection]:
    """All that have been filed there, also those that were withdrawn, whoever may see them."""
    return db.session.scalars(
        select(Inspection)
        .where(
            Inspection.facility_id == facility_id,
            Inspection.state == InspectionState.SUBMITTED,
        )
        .order_by(Inspection.filed_at, Inspection.id)
    ).all()


def rechecks_among(findings: Collection[Finding]) -> Sequence[Inspection]:
    """The filed re-checks of these findings."""
    return db.session.scalars(
        select(Inspection)
        .where(
            Inspection.verifies_id.in_([one.id for one in findings]),
            Inspection.state == InspectionState.SUBMITTED,
        )
        .order_by(Inspection.filed_at, Inspection.id)
    ).all()


def count_missed(inspection_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Items of each of these inspections that failed or want a second look, by verdict."""
    kept, wanted = InspectionAnswer, [Verdict.FAIL, Verdict.SECOND_LOOK]
    rows = db.session.execute(
        select(kept.inspection_id, kept.verdict, kept.outcome, func.count())
        .where(kept.inspection_id.in_(inspection_ids), kept.verdict.in_(wanted))
        .group_by(kept.inspection_id, kept.verdict, kept.outcome)
    )
    found: dict[UUID, Counter[str]] = {}
    for inspection_id, verdict, outcome, count in rows:
        if verdict == Verdict.SECOND_LOOK or opens_finding(verdict, outcome):
            found.setdefault(inspection_id, Counter())[verdict] += count
    return dict(found)


def visits_of(inspections: Collection[Inspection]) -> dict[UUID, Visit]:
    """What each of these visits found, in figures; re-checks and withdrawn ones are left out."""
    filed = {one.id: one for one in inspections if one.round == 1 and one.stands}
    kept = InspectionAnswer
    rows = db.session.execute(
        select(kept.inspection_id, kept.item_id, kept.verdict, kept.outcome, Finding.severity)
        .outerjoin(Finding, Finding.id == kept.finding_id)
        .where(kept.inspection_id.in_(filed))
        .order_by(kept.inspection_id, kept.position)
    )
    by_visit: dict[UUID, list[Any]] = {}
    for row in rows:
        by_visit.setdefault(row.inspection_id, []).append(row)
    return {who: _visit(filed[who], rows) for who, rows in by_visit.items()}


def _visit(inspection: Inspection, rows: Sequence[Any]) -> Visit:
    if inspection.filed_at is None:
        raise ValueError("a draft has found nothing yet")
    failed = [row for row in rows if opens_finding(row.verdict, row.outcome)]
    return Visit(
        inspection_id=inspection.id,
        on=here(inspection.filed_at).date(),
        asked=len(rows),
        checked=sum(row.verdict != Verdict.NOT_CHECKED for row in rows),
        passed=sum(row.verdict == Verdict.PASS for row in rows),
        failed={row.item_id: row.severity or "" for row in failed},
    )


def aged_answers(facility_id: UUID, today: date) -> dict[Age, int]:
    """How many items passed when they were last judged here, by the age of that answer."""
    kept, decided = InspectionAnswer, [Verdict.PASS, Verdict.FAIL, Verdict.SECOND_LOOK]
    rows = db.session.execute(
        select(kept.item_id, kept.verdict, func.max(Inspection.filed_at).label("at"))
        .join(Inspection, Inspection.id == kept.inspection_id)
        .where(
            Inspection.facility_id == facility_id,
            STANDS,
            kept.verdict.in_(decided),
        )
        .group_by(kept.item_id, kept.verdict)
    )
    last: dict[str, tuple[datetime, str]] = {}
    for item, verdict, at in rows:
        if at is not None:
            last[item] = max(last.get(item, (at, verdict)), (at, verdict))
    passed = [at for at, verdict in last.values() if verdict == Verdict.PASS]
    return dict(Counter(age_of(here(at).date(), today) for at in passed))


def visit_numbers(inspections: Collection[Inspection]) -> dict[UUID, int]:
    """Which visit of its place each of these is, from 1. Re-checks and withdrawn ones are not among
    them; a draft is the visit that would come next."""
    places = {one.facility_id for one in inspections}
    order = func.row_number().over(
        partition_by=Inspection.facility_id, order_by=(Inspection.filed_at, Inspection.id)
    )
    filed = db.session.execute(
        select(Inspection.id, Inspection.facility_id, order).where(
            Inspection.facility_id.in_(places),
            STANDS,
            Inspection.round == 1,
        )
    ).all()
    numbers = {inspection: number for inspection, _place, number in filed}
    visits = Counter(place for _inspection, place, _number in filed)
    return {
        one.id: numbers.get(one.id, visits[one.facility_id] + 1)
        for one in inspections
        if one.round == 1 and one.withdrawn_at is None
    }


def findings_of(inspection_id: UUID) -> Sequence[Finding]:
    """What it found, with all that befell it, by number."""
    kept = InspectionAnswer
    found_in_it = select(kept.finding_id).where(kept.inspection_id == inspection_id)
    query = select(Finding).where(Finding.id.in_(found_in_it)).order_by(Finding.number)
    return db.session.scalars(query.options(selectinload(Finding.events))).all()


def rechecks_of(finding_id: UUID) -> int:
    """How many re-checks of a finding have been filed."""
    count = select(func.count()).where(
        Inspection.verifies_id == finding_id, Inspection.state == InspectionState.SUBMITTED
    )
    return db.session.scalar(count) or 0


def ground_of(finding_id: UUID) -> Mapping[str, Answer]:
    """The answers beside which a finding was found last: the ground on which its re-check stands.

    A later visit of the place may have looked at other items only, and counts for nothing here.
    """
    found_in = _last_found_in(finding_id)
    rows = found_in.answers if found_in is not None else []
    return {row.item_id: Answer(AnswerState(row.state), row.value, reason=row.note) for row in rows}


def checklist_of(finding: Finding) -> Checklist:
    """The edition in force; where there is none, or it no longer asks the item on the answers
    beside which the finding was found, the one by which it was found last."""
    today = checklist_in_force(finding.checklist_id)
    if today is not None and still_asks(today, finding.rule_id, ground_of(finding.id)):
        return today
    found_in = _last_found_in(finding.id)
    return get_checklist(finding.checklist_id, found_in.edition if found_in else None)


def still_applies(finding: Finding) -> bool:
    """Whether the item is asked of the facility as it is registered now; a correction of its
    facts may have ruled it out, and then no re-check can judge it."""
    ground, facts = ground_of(finding.id), finding.facility.judged_facts()
    try:
        asked = asked_items(checklist_of(finding), ground, facts)
    except UnknownChecklist:
        return True
    return not ground or any(item.id == finding.rule_id for item in asked)


def _last_found_in(finding_id: UUID) -> Inspection | None:
    return db.session.scalar(
        select(Inspection)
        .join(InspectionAnswer, InspectionAnswer.inspection_id == Inspection.id)
        .where(InspectionAnswer.finding_id == finding_id, Inspection.round == 1, STANDS)
        .options(selectinload(Inspection.answers))
        .order_by(Inspection.filed_at.desc(), Inspection.id.desc())
        .limit(1)
    )


def may_see_photo(photo: Photo, actor: Actor) -> bool:
    """Whether the person sent it, or it belongs to an inspection that they may see."""
    if photo.uploaded_by_id == actor.id:
        return True
    hit = (
        select(InspectionPhoto.photo_id)
        .join(Inspection, Inspection.id == InspectionPhoto.inspection_id)
        .where(InspectionPhoto.photo_id == photo.id, visible_to(actor))
        .limit(1)
    )
    return db.session.scalar(hit) is not None


def receipts_of(inspection_id: UUID) -> Sequence[InspectionReceipt]:
    """What devices have sent of it, the earliest first."""
    kept = InspectionReceipt
    query = select(kept).where(kept.inspection_id == inspection_id)
    return db.session.scalars(query.order_by(kept.received_at, kept.counter)).all()
