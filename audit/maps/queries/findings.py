"""Findings on the map, under the same filter and permission as in their list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Float, case, cast, func, select
from sqlalchemy.orm import contains_eager

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.core.indexes import inside, without_index
from audit.facilities.models import Facility
from audit.findings.models import Finding, MapCell
from audit.findings.queries import FindingFilter, concerns, conditions
from audit.findings.rules import OPEN_STATES, State

from .grid import (
    LOWEST_ZOOM,
    MOST_POINTS,
    Cell,
    Grid,
    View,
    group_of,
    inside_squares,
    merged,
    total_of,
)

HIGHEST_COUNTED = 16
MILLION = 1_000_000
GRAVITY = ("S1", "S2", "S3", "S4")
COUNTS = (MapCell.n1, MapCell.n2, MapCell.n3, MapCell.n4)
COMMON = frozenset({"district_code", "state", "kind", "severity"})
RARE = frozenset(
    {"facility_id", "organisation_id", "department_id", "number", "title_zh", "title_en"}
)
CLOSE = 17  # from here on, a view is rarer than any word or organisation
MANY = 3000
ORDER = (Finding.severity, Finding.opened_at.desc(), Finding.id)
EVERYWHERE = Grid([(0, (1 << 42) - 1)], LOWEST_ZOOM)


class FindingSpot(NamedTuple):
    """A finding as the map shows it."""

    severity: str
    opened_at: datetime
    id: UUID
    number: str
    lon: float
    lat: float
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
    asked = _Asked(actor, chosen, grid)
    if not (asked.counts_know or only_spots):
        few = asked.some(MOST_POINTS + 1)  # counting would be dearer than a look
        if len(few) <= MOST_POINTS:
            return View(len(few), _spots(few))
    cells = asked.cells()
    total = total_of(cells)
    if total > MOST_POINTS and not only_spots:
        return View(total, cells=cells)
    few = asked.some(MOST_POINTS) if total <= MOST_POINTS else asked.first(MOST_POINTS)
    return View(total, _spots(few), truncated=total > MOST_POINTS)


def first_findings(
    actor: Actor, chosen: FindingFilter, limit: int
) -> tuple[Sequence[Finding], int, int]:
    """The first findings that have a place, how many have one, and how many have none."""
    asked = _Asked(actor, chosen, EVERYWHERE)
    placed = total_of(asked.cells())
    placeless = select(func.count()).where(
        Finding.cell.is_(None), *without_index(asked.conditions, COMMON)
    )
    wanted = asked.first_of_many(limit) if placed > MANY else asked.first_of_few(limit)
    rows = db.session.scalars(
        select(Finding)
        .join(Finding.facility)
        .options(contains_eager(Finding.facility))
        .where(Finding.id.in_(wanted))
        .order_by(*ORDER)
    ).all()
    return rows, placed, db.session.scalar(placeless) or 0


@dataclass
class _Asked:
    """One question to the map: who asks, for what, and where."""

    actor: Actor
    chosen: FindingFilter
    grid: Grid

    def __post_init__(self) -> None:
        self.conditions = conditions(self.actor, self.chosen)

    @property
    def is_rare(self) -> bool:
        """Whether something narrows the question that has an index of its own."""
        chosen = self.chosen
        named = chosen.organisation or chosen.department or chosen.facility
        words = chosen.text or named or chosen.programme
        beside = chosen.asked or chosen.plea or chosen.mark or chosen.assistant
        return bool(words or beside or chosen.returned or chosen.doubtful or chosen.late)

    @property
    def counts_know(self) -> bool:
        """They know district, state, kind and severity, and not the closest zooms."""
        only_own = self.actor.only_own_organisation(May.SEE_FINDINGS)
        return not self.is_rare and not only_own and self.grid.zoom <= HIGHEST_COUNTED

    def cells(self) -> list[Cell]:
        """From the counts as far as they know the answer; the rest from the findings."""
        own = _own_organisation(self.actor)
        if not self.counts_know:
            rows = self._grouped()
        elif own is None:
            rows = _counted(self.actor, self.chosen, self.grid)
        else:
            rows = [*_counted(self.actor, self.chosen, self.grid), *self._grouped(own)]
        severities = self.chosen.severities
        return merged(rows, [not severities or name in severities for name in GRAVITY])

    def some(self, most: int) -> Sequence[UUID]:
        return db.session.scalars(select(Finding.id).where(*self.where).limit(most)).all()

    def first(self, most: int) -> Sequence[UUID]:
        """In the order of the list."""
        query = select(Finding.id).where(*self.where)
        return db.session.scalars(query.order_by(*without_index(ORDER, COMMON)).limit(most)).all()

    def first_of_many(self, limit: int) -> list[UUID]:
        """Walk down the severities until enough are found."""
        where = [Finding.cell.is_not(None), *without_index(self.conditions, COMMON)]
        found: list[UUID] = []
        for severity in GRAVITY:
            query = select(Finding.id).where(Finding.severity == severity, *where)
            query = query.order_by(*ORDER[1:]).limit(limit - len(found))
            found += db.session.scalars(query)
        return found

    def first_of_few(self, limit: int) -> list[UUID]:
        """Sort them all."""
        where = [Finding.cell >= 0, *without_index(self.conditions, COMMON)]
        rows = db.session.execute(
            select(Finding.severity, Finding.opened_at, Finding.id).where(*where)
        )
        ordered = sorted(rows, key=lambda row: (row[0], -row[1].timestamp(), row[2]))
        return [row.id for row in ordered[:limit]]

    def _grouped(self, *more: ColumnElement[bool]) -> Sequence[Sequence[Any]]:
        square = group_of(Finding.cell, self.grid.zoom)
        counts = [func.sum(case((Finding.severity == name, 1), else_=0)) for name in GRAVITY]
        return db.session.execute(
            select(square, func.count(), func.sum(Finding.lon), func.sum(Finding.lat), *counts)
            .where(*self.where, *more)
            .group_by(square)
        ).all()

    @cached_property
    def where(self) -> list[ColumnElement[bool]]:
        """Found by what is rarer: the place from close by, a word or an owner from afar."""
        here = inside(Finding.cell, self.grid.ranges)
        if self.is_rare and self.grid.zoom < CLOSE:
            return without_index([*self.conditions, here], COMMON | {"cell"})
        return [*without_index(self.conditions, COMMON | RARE), here]


def _spots(wanted: Sequence[UUID]) -> list[FindingSpot]:
    if not wanted:
        return []
    rows = db.session.execute(
        select(
            Finding.severity, Finding.opened_at, Finding.id, Finding.number, Finding.lon,
            Finding.lat, Finding.state, Finding.title_zh, Finding.title_en, Facility.name,
        )
        .join(Finding.facility)
        .where(Finding.id.in_(wanted))
    )  # fmt: skip
    found = [FindingSpot._make(row) for row in rows]
    return sorted(found, key=lambda one: (one.severity, -one.opened_at.timestamp(), one.id))


def _own_organisation(actor: Actor) -> ColumnElement[bool] | None:
    """What a person sees beyond their districts: the findings that their organisation must fix or
    helps with."""
    codes = actor.districts_for(May.SEE_FINDINGS)
    if actor.organisation_id is None or codes is None:
        return None
    return concerns(actor.organisation_id) & Finding.district_code.not_in(codes)


def _counted(actor: Actor, chosen: FindingFilter, grid: Grid) -> Sequence[Sequence[Any]]:
    where = [MapCell.zoom == grid.zoom, inside_squares(MapCell.cell, grid)]
    codes = actor.districts_for(May.SEE_FINDINGS)
    if codes is not None:
        where.append(MapCell.district_code.in_(codes))
    if chosen.district:
        where.append(MapCell.district_code == chosen.district)
    if chosen.kind is not None:
        where.append(MapCell.kind == chosen.kind)
    if chosen.states or chosen.open:
        where.append(MapCell.state.in_(chosen.states or sorted(OPEN_STATES)))
    counts = [func.sum(column) for column in COUNTS]
    places = [cast(func.sum(each), Float) / MILLION for each in (MapCell.east, MapCell.north)]
    every = func.sum(MapCell.n1 + MapCell.n2 + MapCell.n3 + MapCell.n4)
    return db.session.execute(
        select(MapCell.cell, every, *places, *counts)
        .where(*where)
        .group_by(MapCell.cell)
        .having(every > 0)
    ).all()
