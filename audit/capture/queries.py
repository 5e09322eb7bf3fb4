"""What a supervisor's device takes along: places, open findings, lists, and what waits for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.facilities.models import Facility
from audit.facilities.queries import visible_to
from audit.facilities.rules import FacilityKind, Review
from audit.findings.models import Finding
from audit.findings.queries import for_a_person
from audit.findings.queries import visible_to as finding_visible_to
from audit.findings.rules import OPEN_STATES, State
from audit.inspections.models import Inspection, InspectionAnswer
from audit.inspections.queries import STANDS

MOST = 3000
MOST_RECHECKS = 200  # each takes two more questions to the database
RECENT = 30


@dataclass(frozen=True)
class Places:
    """The first `MOST` by number, and how many there are in all."""

    rows: Sequence[Facility]
    total: int


def places_of(actor: Actor, kinds: Sequence[str]) -> Places:
    """Where this person may inspect, of these kinds."""
    where = (
        Facility.active.is_(True),
        Facility.review != Review.REFUSED,
        Facility.kind.in_([FacilityKind(kind) for kind in kinds]),
        visible_to(actor, May.INSPECT),
    )
    query = select(Facility).where(*where).options(joinedload(Facility.district))
    rows = db.session.scalars(query.order_by(Facility.number).limit(MOST)).all()
    total = len(rows)
    if total == MOST:
        total = db.session.scalar(select(func.count()).select_from(Facility).where(*where)) or 0
    return Places(rows, total)


def open_findings_for(actor: Actor) -> Sequence[Finding]:
    """Of the places where this person may look; the gravest first, `MOST` at most."""
    query = (
        select(Finding)
        .where(Finding.state.in_(sorted(OPEN_STATES)), finding_visible_to(actor))
        .where(Finding.checklist_id != "")
    )
    return db.session.scalars(query.order_by(Finding.severity, Finding.number).limit(MOST)).all()


def rechecks_for(actor: Actor) -> Sequence[Finding]:
    """Fixes that wait for a person to look at them."""
    codes = actor.districts_for(May.RECHECK)
    query = (
        select(Finding)
        .where(Finding.state == State.FIXED, Finding.checklist_id != "", for_a_person())
        .where(finding_visible_to(actor))
        .options(joinedload(Finding.facility).joinedload(Facility.district))
    )
    if codes is not None:
        query = query.where(Finding.district_code.in_(codes))
    return db.session.scalars(
        query.order_by(Finding.due_at, Finding.number).limit(MOST_RECHECKS)
    ).all()


def recent_inspections(actor: Actor) -> Sequence[Inspection]:
    """What this person has filed lately, the latest first."""
    return db.session.scalars(
        select(Inspection)
        .where(Inspection.inspector_id == actor.id, STANDS)
        .options(
            joinedload(Inspection.facility),
            joinedload(Inspection.verifies),
            selectinload(Inspection.answers).joinedload(InspectionAnswer.finding),
        )
        .order_by(Inspection.filed_at.desc(), Inspection.id.desc())
        .limit(RECENT)
    ).all()
