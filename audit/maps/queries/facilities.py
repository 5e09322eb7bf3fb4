"""Facilities on the map, under the same filter and permission as in their list."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.orm import joinedload

from audit.core.actors import Actor
from audit.core.db import db
from audit.core.indexes import inside, without_index
from audit.facilities.models import Facility
from audit.facilities.queries import FacilityFilter, conditions, visible_to
from audit.facilities.rules import KINDS, FacilityKind, Review
from audit.findings.queries import count_open_at
from audit.geo.points import Point

from .grid import MOST_POINTS, Grid, View, group_of, merged, total_of

PLACED = tuple(kind for kind, facts in KINDS.items() if facts.has_place)
COMMON = frozenset({"district_code", "kind", "organisation_id"})


class FacilitySpot(NamedTuple):
    """A facility as the map shows it; `open_findings` counts those that are not closed;
    `waits`: made on the spot and not reviewed yet."""

    id: UUID
    lon: float
    lat: float
    kind: FacilityKind
    name: str
    waits: bool
    open_findings: int


def facilities_in(
    actor: Actor, chosen: FacilityFilter, grid: Grid, *, only_spots: bool = False
) -> View[FacilitySpot]:
    """Facilities where there are few, in the order of their numbers; else counts by cell."""
    where = [
        *without_index(conditions(actor, chosen), COMMON), inside(Facility.cell, grid.ranges)
    ]  # fmt: skip
    few = [] if only_spots else _spots(where, MOST_POINTS + 1)
    if not only_spots and len(few) <= MOST_POINTS:
        return View(len(few), _with_findings(few))
    cells = merged(_grouped(where, grid.zoom), [True] * len(PLACED))
    total = total_of(cells)
    if not only_spots:
        return View(total, cells=cells)
    return View(total, _with_findings(_spots(where)), truncated=total > MOST_POINTS)


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


def find_place(actor: Actor, facility_id: UUID) -> Point | None:
    """Where a facility stands; None for a website, and for one that this person may not see."""
    row = db.session.execute(
        select(Facility.lon, Facility.lat).where(
            Facility.id == facility_id, Facility.cell.is_not(None), visible_to(actor)
        )
    ).one_or_none()
    return Point(row.lon, row.lat) if row else None


def _grouped(where: Sequence[ColumnElement[bool]], zoom: int) -> Sequence[Sequence[Any]]:
    square = group_of(Facility.cell, zoom)
    counts = [func.sum(case((Facility.kind == kind, 1), else_=0)) for kind in PLACED]
    return db.session.execute(
        select(square, func.count(), func.sum(Facility.lon), func.sum(Facility.lat), *counts)
        .where(*where)
        .group_by(square)
    ).all()


def _spots(where: Sequence[ColumnElement[bool]], any_of: int | None = None) -> list[Row[Any]]:
    """The first of them by number; or some of them, so many at most."""
    waits = Facility.review == Review.WAITING
    query = select(
        Facility.number, Facility.id, Facility.lon, Facility.lat, Facility.kind, Facility.name,
        waits,
    ).where(*where)  # fmt: skip
    if any_of is None:
        query = query.order_by(*without_index([Facility.number], {"number"})).limit(MOST_POINTS)
    else:
        query = query.limit(any_of)
    return sorted(db.session.execute(query), key=lambda row: str(row.number))


def _with_findings(rows: Sequence[Row[Any]]) -> list[FacilitySpot]:
    if not rows:
        return []
    known = count_open_at([row.id for row in rows])
    return [FacilitySpot._make([*row[1:], sum(known.get(row.id, {}).values())]) for row in rows]
