"""What a map's view needs: findings themselves, or counts by cell. Same filter as the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, and_, case, cast, func, or_, select
from sqlalchemy.orm import contains_eager

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.findings.models import Finding, MapCell
from audit.findings.queries import FindingFilter, conditions
from audit.findings.rules import OPEN_STATES, State
from audit.geo.cells import MAX_GROUP_ZOOM, cell_ranges, parent_cell
from audit.geo.points import Box

MOST_POINTS = 300
LOWEST_ZOOM, HIGHEST_COUNTED = 6, 16
MILLION = 1_000_000
GRAVITY = ("S1", "S2", "S3", "S4")


@dataclass(frozen=True)
class Cell:
    """The mean place (WGS-84) of a cell's findings, and how many are S1, S2, S3, S4."""

    lon: float
    lat: float
    n: tuple[int, int, int, int]


@dataclass(frozen=True)
class View:
    """What lies in a box: `findings` or `cells`, never both. `total` counts all of them."""

    total: int
    worst: str | None
    findings: Sequence[Finding] = ()
    cells: Sequence[Cell] = ()
    truncated: bool = False


def view(actor: Actor, chosen: FindingFilter, box: Box, zoom: int, *, points: bool) -> View:
    """Findings where there are few or `points` asks for them, else counts by cell."""
    counted = _can_use_counts(actor, chosen)
    cells = _counted_cells(actor, chosen, box, zoom) if counted else None
    if cells is None:
        cells = _grouped_cells(actor, chosen, box, zoom)
    total = sum(sum(cell.n) for cell in cells)
    worst = next((name for i, name in enumerate(GRAVITY) if any(c.n[i] for c in cells)), None)
    if total > MOST_POINTS and not points:
        return View(total, worst, cells=cells)
    return View(total, worst, _findings(actor, chosen, box, zoom), truncated=total > MOST_POINTS)


def _can_use_counts(actor: Actor, chosen: FindingFilter) -> bool:
    """The counts know district, state and severity; any other filter needs the rows."""
    other = chosen.text or chosen.kind or chosen.organisation or chosen.facility
    by_organisation = actor.organisation_id is not None and (
        actor.only_own_organisation(May.SEE_FINDINGS)
        or actor.districts_for(May.SEE_FINDINGS) is not None
    )
    return not other and not by_organisation


def _counted_cells(actor: Actor, chosen: FindingFilter, box: Box, zoom: int) -> list[Cell] | None:
    """From the counts table; None where the view is closer than the table knows."""
    level = max(zoom, LOWEST_ZOOM)
    if level > HIGHEST_COUNTED:
        return None
    ranges = [
        (parent_cell(low, level), parent_cell(high, level)) for low, high in cell_ranges(box, zoom)
    ]
    where = [
        MapCell.zoom == level,
        or_(*(MapCell.cell.between(low, high) for low, high in ranges)),
        MapCell.state.in_(_states(chosen)),
    ]
    codes = actor.districts_for(May.SEE_FINDINGS)
    if codes is not None:
        where.append(MapCell.district_code.in_(codes))
    if chosen.district:
        where.append(MapCell.district_code == chosen.district)
    counts = [func.sum(column) for column in (MapCell.n1, MapCell.n2, MapCell.n3, MapCell.n4)]
    every = MapCell.n1 + MapCell.n2 + MapCell.n3 + MapCell.n4
    mean = [
        func.sum(column) / func.nullif(func.sum(every), 0) / MILLION
        for column in (cast(MapCell.east, Float), cast(MapCell.north, Float))
    ]
    rows = db.session.execute(
        select(*mean, *counts).where(*where).group_by(MapCell.cell).order_by(MapCell.cell)
    )
    return _cells(rows, chosen)


def _grouped_cells(actor: Actor, chosen: FindingFilter, box: Box, zoom: int) -> list[Cell]:
    """From the findings themselves, by their cell."""
    level = min(max(zoom, LOWEST_ZOOM), MAX_GROUP_ZOOM)
    group = cast(Finding.cell.op(">>")(2 * (MAX_GROUP_ZOOM - level)), BigInteger)
    counts = [func.sum(case((Finding.severity == name, 1), else_=0)) for name in GRAVITY]
    rows = db.session.execute(
        select(func.avg(Finding.lon), func.avg(Finding.lat), *counts)
        .where(*_where(actor, chosen, box, zoom))
        .group_by(group)
        .order_by(group)
    )
    return _cells(rows, chosen)


def _findings(actor: Actor, chosen: FindingFilter, box: Box, zoom: int) -> Sequence[Finding]:
    return db.session.scalars(
        select(Finding)
        .join(Finding.facility)
        .options(contains_eager(Finding.facility))
        .where(*_where(actor, chosen, box, zoom))
        .order_by(Finding.severity, Finding.opened_at.desc(), Finding.id)
        .limit(MOST_POINTS)
    ).all()


def _where(actor: Actor, chosen: FindingFilter, box: Box, zoom: int) -> list[ColumnElement[bool]]:
    ranges = cell_ranges(box, zoom)
    inside = or_(*(and_(Finding.cell >= low, Finding.cell <= high) for low, high in ranges))
    return [*conditions(actor, chosen), inside]


def _states(chosen: FindingFilter) -> tuple[State, ...]:
    if chosen.states:
        return chosen.states
    return tuple(OPEN_STATES) if chosen.open else tuple(State)


def _cells(rows: Iterable[Sequence[Any]], chosen: FindingFilter) -> list[Cell]:
    """Rows of mean longitude, mean latitude and the four counts; empty cells are left out."""
    found = []
    for lon, lat, *counts in rows:
        n = [
            int(count) if not chosen.severities or name in chosen.severities else 0
            for name, count in zip(GRAVITY, counts, strict=True)
        ]
        if any(n):
            found.append(Cell(lon, lat, (n[0], n[1], n[2], n[3])))
    return found
