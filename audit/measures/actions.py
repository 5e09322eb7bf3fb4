from dataclasses import asdict
from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict
from audit.facilities.models import Facility
from audit.journal.actions import record

from .models import Measure
from .rules import NEXT, OPEN, MeasureDraft, MeasureState

NOT_FROM_HERE = _("这一条已经不是刚才的状态。请看最新的情况再操作。")
OTHER_CONTENT = _("这一条已经登记，内容与这一次不同。请打开它来改。")


def plan_measure(
    measure_id: UUID, facility: Facility, draft: MeasureDraft, actor: Actor
) -> Measure:
    """The same id and content a second time give the first one; else raises `Conflict`."""
    known = db.session.get(Measure, measure_id)
    if known is not None:
        if known.facility_id != facility.id or _stated(known) != asdict(draft):
            raise Conflict(OTHER_CONTENT)
        return known
    measure = Measure(
        id=measure_id,
        facility_id=facility.id,
        state=MeasureState.PLANNED,
        created_at=now(),
        created_by_name=actor.name,
        **asdict(draft),
    )
    db.session.add(measure)
    db.session.flush()
    _journal(actor, "plan_measure", facility, measure)
    return measure


def change_measure(facility: Facility, measure: Measure, draft: MeasureDraft, actor: Actor) -> None:
    """The journal keeps what it was."""
    if _stated(measure) == asdict(draft):
        return
    _journal(actor, "change_measure", facility, measure)
    for name, value in asdict(draft).items():
        setattr(measure, name, value)


def move_measure(
    facility: Facility, measure: Measure, state: MeasureState, on: date | None, actor: Actor
) -> None:
    """`on` is the day it was done. Raises `Conflict` when the state does not follow."""
    if state not in NEXT[measure.state]:
        raise Conflict(NOT_FROM_HERE)
    measure.state = state
    measure.done_on = on if state is MeasureState.DONE else None
    db.session.flush()
    _journal(actor, "move_measure", facility, measure)


def _stated(measure: Measure) -> dict[str, object]:
    return {name: getattr(measure, name) for name in MeasureDraft.__dataclass_fields__}


def _journal(actor: Actor, verb: str, facility: Facility, measure: Measure) -> None:
    detail = {
        "measure": measure.kind,
        "measure_id": str(measure.id),
        "what": measure.what,
        "year": measure.year,
        "budget_yuan": measure.budget_yuan,
        "state": measure.state,
    }
    district = facility.district_code
    record(actor, verb, "facility", facility.id, district=district, detail=detail)


def hand_over(facility: Facility, other: Facility, actor: Actor) -> None:
    """What is still to be done at a place that turned out to be another goes along with it."""
    for measure in db.session.scalars(
        db.select(Measure).where(Measure.facility_id == facility.id, Measure.state.in_(OPEN))
    ):
        measure.facility_id = other.id
        _journal(actor, "plan_measure", other, measure)
