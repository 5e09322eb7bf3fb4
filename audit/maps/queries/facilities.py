"""Facilities on the map, under the same filter and permission as in their list."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload

from audit.core.actors import Actor
from audit.core.db import db
from audit.facilities.models import Facility
from audit.facilities.queries import FacilityFilter, conditions
from audit.facilities.rules import KINDS, FacilityKind
from audit.findings.queries import count_open_at

from .grid import MOST_POINTS, Grid, View, group_of, inside, merged, view_of, without_index

PLACED = tuple(kind for kind, facts in KINDS.items() if facts.has_place)
COMMON = frozenset({"district_code", "kind", "organisation_id"})


class FacilitySpot(NamedTuple):
    """A facility as the map shows it; `open_findings` counts those that are not closed."""

    id: UUID
    lon: float
    lat: float
    kind: FacilityKind
    name: str
    open_findings: int


def facilities_in(
    actor: Actor, chosen: FacilityFilter, grid: Grid, *, only_spots: bool = False
) -> View[FacilitySpot]:
    """Facilities where there are few, in the order of their numbers; else counts by cell."""
    cells = merged(_grouped(actor, chosen, grid), [True] * len(PLACED))
    return view_of(cells, lambda: _spots(actor, chosen, grid), only_spots=only_spots)


def first_facilities(
    actor: Actor, chosen: FacilityFilter, limit: int
) -> tuple[Sequence[Facility], int, int]:
    """The first facilities that have a place, how many have one, and how many have none."""
    where = conditions(actor, chosen)
    has_place = Facility.cell.is_not(None)
    placed, placeless = db.session.execute(
        select(func.count(Facility.cell), func.count() - func.count(Facility.cell)).where(*where)
    ).one()
    rows = db.session.scalars(
        select(Facility)
        .where(has_place, *where)
        .options(joinedload(Facility.district))
        .order_by(Facility.number)
        .limit(limit)
    ).all()
    return rows, placed, placeless


def _grouped(actor: Actor, chosen: FacilityFilter, grid: Grid) -> Sequence[Sequence[Any]]:
    square = group_of(Facility.cell, grid.zoom)
    counts = [func.sum(case((Facility.kind == kind, 1), else_=0)) for kind in PLACED]
    return db.session.execute(
        select(square, func.count(), func.sum(Facility.lon), func.sum(Facility.lat), *counts)
        .where(*_where(actor, chosen, grid))
        .group_by(square)
    ).all()


def _spots(actor: Actor, chosen: FacilityFilter, grid: Grid) -> Sequence[FacilitySpot]:
    rows = db.session.execute(
        select(Facility.id, Facility.lon, Facility.lat, Facility.kind, Facility.name)
        .where(*_where(actor, chosen, grid))
        .order_by(Facility.number)
        .limit(MOST_POINTS)
    ).all()
    known = count_open_at([row.id for row in rows])
    return [FacilitySpot._make([*row, sum(known.get(row.id, {}).values())]) for row in rows]


def _where(actor: Actor, chosen: FacilityFilter, grid: Grid) -> list[ColumnElement[bool]]:
    where = without_index(conditions(actor, chosen), COMMON)
    return [*where, inside(Facility.cell, grid.ranges)]
