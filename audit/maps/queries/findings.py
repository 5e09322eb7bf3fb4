"""Findings on the map, under the same filter and permission as in their list."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Float, case, cast, func, select
from sqlalchemy.orm import contains_eager

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.facilities.models import Facility
from audit.findings.models import Finding, MapCell
from audit.findings.queries import FindingFilter, conditions
from audit.findings.rules import OPEN_STATES, State

from .grid import (
    LOWEST_ZOOM,
    MOST_POINTS,
    Cell,
    Grid,
    View,
    group_of,
    group_ranges,
    inside,
    merged,
    view_of,
    without_index,
)

HIGHEST_COUNTED = 16
MILLION = 1_000_000
GRAVITY = ("S1", "S2", "S3", "S4")
COUNTS = (MapCell.n1, MapCell.n2, MapCell.n3, MapCell.n4)
COMMON = frozenset({"district_code", "state", "kind", "severity"})
RARE = frozenset({"facility_id", "organisation_id", "number", "title_zh"})
CLOSE = 14  # from here on, a view is rarer than any word or organisation
EVERYWHERE = Grid([(0, (1 << 42) - 1)], LOWEST_ZOOM)


class FindingSpot(NamedTuple):
    """A finding as the map shows it."""

    number: str
    lon: float
    lat: float
    severity: str
    state: State
    title_zh: str
    title_en: str
    facility: str


def findings_in(
    actor: Actor, chosen: FindingFilter, grid: Grid, *, only_spots: bool = False
) -> View[FindingSpot]:
    """Findings where there are few, the gravest and then the newest first; else counts by cell.

    A cell that is filtered by severity keeps the mean place of all its severities.
    """
    cells = _cells(actor, chosen, grid)
    return view_of(cells, lambda: _spots(actor, chosen, grid), only_spots=only_spots)


def first_findings(
    actor: Actor, chosen: FindingFilter, limit: int
) -> tuple[Sequence[Finding], int, int]:
    """The first findings that have a place, how many have one, and how many have none."""
    placed = sum(sum(cell.n) for cell in _cells(actor, chosen, EVERYWHERE))
    where = without_index(conditions(actor, chosen), COMMON)
    placeless = db.session.scalar(
        select(func.count()).select_from(Finding).where(Finding.cell.is_(None), *where)
    )
    rows = db.session.scalars(
        select(Finding)
        .join(Finding.facility)
        .options(contains_eager(Finding.facility))
        .where(Finding.cell.is_not(None), *conditions(actor, chosen))
        .order_by(Finding.severity, Finding.opened_at.desc(), Finding.id)
        .limit(limit)
    ).all()
    return rows, placed, placeless or 0


def _cells(actor: Actor, chosen: FindingFilter, grid: Grid) -> list[Cell]:
    """From the counts as far as they know the answer; the rest from the findings themselves."""
    own = _own_organisation(actor)
    if not _counts_know(actor, chosen, grid):
        rows = _grouped(actor, chosen, grid)
    elif own is None:
        rows = _counted(actor, chosen, grid)
    else:
        rows = [*_counted(actor, chosen, grid), *_grouped(actor, chosen, grid, own)]
    wanted = [not chosen.severities or name in chosen.severities for name in GRAVITY]
    return merged(rows, wanted)


def _counts_know(actor: Actor, chosen: FindingFilter, grid: Grid) -> bool:
    """They know district, state, kind of facility and severity, and not the closest zooms."""
    other = chosen.text or chosen.organisation or chosen.facility
    only_own = actor.only_own_organisation(May.SEE_FINDINGS)
    return not other and not only_own and grid.zoom <= HIGHEST_COUNTED


def _own_organisation(actor: Actor) -> ColumnElement[bool] | None:
    """What a person sees beyond their districts: the findings that their organisation must fix."""
    codes = actor.districts_for(May.SEE_FINDINGS)
    if actor.organisation_id is None or codes is None:
        return None
    return (Finding.organisation_id == actor.organisation_id) & Finding.district_code.not_in(codes)


def _counted(actor: Actor, chosen: FindingFilter, grid: Grid) -> Sequence[Sequence[Any]]:
    where = [
        MapCell.zoom == grid.zoom,
        inside(MapCell.cell, group_ranges(grid)),
        MapCell.state.in_(_states(chosen)),
    ]
    codes = actor.districts_for(May.SEE_FINDINGS)
    if codes is not None:
        where.append(MapCell.district_code.in_(codes))
    if chosen.district:
        where.append(MapCell.district_code == chosen.district)
    if chosen.kind is not None:
        where.append(MapCell.kind == chosen.kind)
    counts = [func.sum(column) for column in COUNTS]
    places = [cast(func.sum(each), Float) / MILLION for each in (MapCell.east, MapCell.north)]
    every = func.sum(MapCell.n1 + MapCell.n2 + MapCell.n3 + MapCell.n4)
    return db.session.execute(
        select(MapCell.cell, every, *places, *counts)
        .where(*where)
        .group_by(MapCell.cell)
        .having(every > 0)
    ).all()


def _states(chosen: FindingFilter) -> tuple[State, ...]:
    if chosen.states:
        return chosen.states
    return tuple(OPEN_STATES) if chosen.open else tuple(State)


def _grouped(
    actor: Actor, chosen: FindingFilter, grid: Grid, *more: ColumnElement[bool]
) -> Sequence[Sequence[Any]]:
    square = group_of(Finding.cell, grid.zoom)
    counts = [func.sum(case((Finding.severity == name, 1), else_=0)) for name in GRAVITY]
    return db.session.execute(
        select(square, func.count(), func.sum(Finding.lon), func.sum(Finding.lat), *counts)
        .where(*_where(actor, chosen, grid), *more)
        .group_by(square)
    ).all()


def _spots(actor: Actor, chosen: FindingFilter, grid: Grid) -> Sequence[FindingSpot]:
    rows = db.session.execute(
        select(
            Finding.number, Finding.lon, Finding.lat, Finding.severity, Finding.state,
            Finding.title_zh, Finding.title_en, Facility.name,
        )
        .join(Finding.facility)
        .where(*_where(actor, chosen, grid))
        .order_by(Finding.severity, Finding.opened_at.desc(), Finding.id)
        .limit(MOST_POINTS)
    )  # fmt: skip
    return [FindingSpot._make(row) for row in rows]


def _where(actor: Actor, chosen: FindingFilter, grid: Grid) -> list[ColumnElement[bool]]:
    by_place = COMMON | RARE if grid.zoom >= CLOSE else COMMON
    where = without_index(conditions(actor, chosen), by_place)
    return [*where, inside(Finding.cell, grid.ranges)]
