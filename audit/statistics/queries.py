"""How many findings each figure counts, by whom, where or when."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, func, literal, select
from sqlalchemy import case as when

from audit.accounts.models import Organisation
from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import db
from audit.districts.models import District
from audit.findings.models import Finding
from audit.findings.queries import (
    BASES,
    NARROWER,
    FindingFilter,
    Moment,
    conditions,
    unindexed,
    visible_to,
    within,
)
from audit.findings.rules import OPEN_STATES, Figure, Span, State

from .rules import Counts, Load

Key = str | UUID | date | None


class By(StrEnum):
    DISTRICT = "district"
    DEPARTMENT = "department"
    ORGANISATION = "organisation"
    MONTH = "month"


COLUMNS: Mapping[By, ColumnElement[Any]] = {
    By.DISTRICT: Finding.district_code.expression,
    By.DEPARTMENT: Finding.department_id.expression,
    By.ORGANISATION: Finding.organisation_id.expression,
}
NONE: Counts = dict.fromkeys(Figure, 0)


def count_figures(actor: Actor, chosen: FindingFilter, span: Span, by: By) -> dict[Key, Counts]:
    """Every figure of the span for each district, department, organisation or month (its first
    day) that has any; every finding is in one of them. One pass over an index for each
    moment that figures go by."""
    found: dict[Key, dict[Figure, int]] = {}
    narrowed = conditions(actor, chosen, May.SEE_STATISTICS, unindexed(Finding.district_code))
    for base, figures in BASES.items():
        group = _group(base, span, by)
        counts = [func.sum(when((NARROWER[figure], 1), else_=0)) for figure in figures]
        rows = db.session.execute(
            select(group, *counts).where(within(base, span), *narrowed).group_by(group)
        )
        for key, *numbers in rows:
            named = span.months()[key] if by is By.MONTH else key
            row = found.setdefault(named, dict(NONE))
            row |= {one: number or 0 for one, number in zip(figures, numbers, strict=True)}
    return dict(found)


def _group(base: Moment, span: Span, by: By) -> ColumnElement[Any]:
    """Of months their number from the first of the span: databases do not share a word for it."""
    if by is not By.MONTH:
        return COLUMNS[by]
    months = span.months()
    ends = [Span(month, month) for month in months[:-1]]
    if not ends:
        return literal(0, Integer)
    return when(
        *(((base <= one.end if base is Finding.fix_due_at else base < one.end), n)
          for n, one in enumerate(ends)),
        else_=len(ends),
    )  # fmt: skip


def loads(actor: Actor) -> dict[tuple[str, State], Load]:
    """Living findings by district and state; read from an index alone."""
    moment = now()
    late, gross = (
        func.sum(when((column <= moment, 1), else_=0))
        for column in (Finding.due_at, Finding.gross_at)
    )
    rows = db.session.execute(
        select(Finding.district_code, Finding.state, func.count(), late, gross)
        .where(visible_to(actor, May.SEE_STATISTICS), Finding.state.in_(sorted(OPEN_STATES)))
        .group_by(Finding.district_code, Finding.state)
    )
    return {(code, state): Load(*counts) for code, state, *counts in rows}


def names_of(by: By, keys: list[Key]) -> dict[Key, str]:
    """Of districts, departments and organisations, closed ones too."""
    if by is By.DISTRICT:
        districts = db.session.scalars(select(District).where(District.code.in_(keys)))
        return {one.code: one.title for one in districts}
    rows = db.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(keys))
    )
    return dict(rows.all())
