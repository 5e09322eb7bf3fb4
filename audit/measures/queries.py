from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload

from audit.core.actors import Actor
from audit.core.db import db
from audit.core.errors import NotFound
from audit.facilities.models import Facility
from audit.facilities.queries import has_fact, visible_to

from .models import Measure
from .rules import MeasureKind, MeasureState

PER_PAGE = 30


@dataclass(frozen=True)
class MeasureFilter:
    """`programme`: at facilities that carry its tag."""

    year: int | None = None
    kind: MeasureKind | None = None
    state: MeasureState | None = None
    district: str = ""
    programme: str = ""
    page: int = 1


@dataclass(frozen=True)
class Found:
    """One page, and of all pages how many there are, their budget, and how many have none."""

    rows: Sequence[Measure]
    total: int
    budget_yuan: int
    without_budget: int


def measures_of(facility_id: UUID) -> Sequence[Measure]:
    """The latest year first."""
    return db.session.scalars(
        select(Measure)
        .where(Measure.facility_id == facility_id)
        .options(joinedload(Measure.organisation))
        .order_by(Measure.year.desc(), Measure.id)
    ).all()


def get_measure(facility: Facility, measure_id: UUID) -> Measure:
    found = db.session.get(Measure, measure_id)
    if found is None or found.facility_id != facility.id:
        raise NotFound
    return found


def list_measures(actor: Actor, chosen: MeasureFilter) -> Found:
    """Those at facilities that this person may see, by year and then by facility."""
    where = [Facility.active.is_(True), visible_to(actor), *_conditions(chosen)]
    joined = select(Measure).join(Measure.facility).where(*where)
    total, budget, budgeted = db.session.execute(
        joined.with_only_columns(
            func.count(), func.sum(Measure.budget_yuan), func.count(Measure.budget_yuan)
        )
    ).one()
    rows = db.session.scalars(
        joined.options(
            contains_eager(Measure.facility).joinedload(Facility.district),
            joinedload(Measure.organisation),
        )
        .order_by(Measure.year.desc(), Facility.number, Measure.id)
        .limit(PER_PAGE)
        .offset((chosen.page - 1) * PER_PAGE)
    ).all()
    return Found(rows, total, int(budget or 0), total - budgeted)


def years_of(actor: Actor) -> list[int]:
    """In which something is planned, the latest first."""
    rows = select(Measure.year).join(Measure.facility).where(visible_to(actor)).distinct()
    return sorted(db.session.scalars(rows), reverse=True)


def _conditions(chosen: MeasureFilter) -> list[ColumnElement[bool]]:
    parts: list[ColumnElement[bool]] = []
    if chosen.year is not None:
        parts.append(Measure.year == chosen.year)
    if chosen.kind is not None:
        parts.append(Measure.kind == chosen.kind)
    if chosen.state is not None:
        parts.append(Measure.state == chosen.state)
    if chosen.district:
        parts.append(Facility.district_code == chosen.district)
    if chosen.programme:
        parts.append(has_fact("programmes", chosen.programme))
    return parts
