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
from audit.core.db import db
from audit.districts.models import District
from audit.findings.models import Finding
from audit.findings.queries import BASES, NARROWER, FindingFilter, Moment, conditions, within
from audit.findings.rules import Figure, Span

from .rules import Counts

Key = str | UUID | date | int | None


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


def count_figures(
    actor: Actor, chosen: FindingFilter, span: Span, by: By | None = None
) -> dict[Key, Counts]:
    """Every figure of the span for each district, department, organisation or month (its first
    day) that has any; `by` None: one row in all, under 0. One pass over an index for each
    moment that figures go by."""
    found: dict[Key, dict[Figure, int]] = {}
    for base, figures in BASES.items():
        group = _group(base, span, by)
        counts = [func.sum(when((NARROWER[figure], 1), else_=0)) for figure in figures]
        rows = db.session.execute(
            select(group, *counts)
            .where(within(base, span), *conditions(actor, chosen, May.SEE_STATISTICS))
            .group_by(group)
        )
        for key, *numbers in rows:
            named = span.months()[key] if by is By.MONTH else key
            row = found.setdefault(named, dict(NONE))
            row |= {one: number or 0 for one, number in zip(figures, numbers, strict=True)}
    return dict(found)


def _group(base: Moment, span: Span, by: By | None) -> ColumnElement[Any]:
    """Of months their number from the first of the span: databases do not share a word for it."""
    if by is None:
        return literal(0, Integer)
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


def names_of(by: By, keys: list[Key]) -> dict[Key, str]:
    """Of districts, departments and organisations, closed ones too."""
    if by is By.DISTRICT:
        districts = db.session.scalars(select(District).where(District.code.in_(keys)))
        return {one.code: one.title for one in districts}
    rows = db.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(keys))
    )
    return dict(rows.all())
