from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from audit.accounts.models import Organisation
from audit.core.db import db

from .models import RouteChange
from .rules import Case, Route, RouteTable, Scope

HELD = "routes held"


@dataclass(frozen=True)
class Competent:
    """What the routes say of one finding. Whoever is closed is not named: None."""

    scope: Scope
    department: Organisation | None
    organisation: Organisation | None

    def told(self) -> dict[str, Any]:
        """As an event keeps it; `competent_told` reads it."""
        department, fixer = self.department, self.organisation
        return {
            "scope": asdict(self.scope),
            "department": department.name if department else "",
            "department_id": str(department.id) if department else "",
            "organisation_id": str(fixer.id) if fixer else "",
        }


def route_table() -> RouteTable:
    """A row is read, not an object: a confirmation of many asks for each."""
    rows = db.session.execute(
        select(
            RouteChange.district, RouteChange.kind, RouteChange.defect,
            RouteChange.department_id, RouteChange.organisation_id,
        ).order_by(RouteChange.seq)
    )  # fmt: skip
    return RouteTable.of(
        (Scope(row[0], row[1], row[2]), Route(row[3], row[4]) if row[3] else None) for row in rows
    )


@contextmanager
def routes_held() -> Iterator[None]:
    """The routes are read once for all findings of the block."""
    session = db.session()
    session.info[HELD] = route_table()
    try:
        yield
    finally:
        del session.info[HELD]


def scope_of(row: RouteChange) -> Scope:
    return Scope(row.district, row.kind, row.defect)


def competent_for(case: Case) -> Competent | None:
    """By the nearest route whose department is not closed; None where there is none."""
    table: RouteTable = db.session().info.get(HELD) or route_table()
    for scope, route in table.fitting(case):
        department = _active(route.department_id)
        if department is not None:
            return Competent(scope, department, _active(route.organisation_id))
    return None


def competent_told(told: Mapping[str, Any]) -> Competent:
    """What an event keeps, with whoever is not closed now."""
    department, fixer = (
        _active(UUID(told[name]) if told[name] else None)
        for name in ("department_id", "organisation_id")
    )
    return Competent(Scope(**told["scope"]), department, fixer)


def _active(organisation_id: UUID | None) -> Organisation | None:
    found = db.session.get(Organisation, organisation_id) if organisation_id else None
    return found if found is not None and found.active else None


def named(ids: Collection[UUID]) -> Mapping[UUID, Organisation]:
    """The organisations with these ids, closed ones too."""
    rows = db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {one.id: one for one in rows}


def route_changes() -> Sequence[RouteChange]:
    """The newest first; at most 200."""
    return db.session.scalars(
        select(RouteChange)
        .options(joinedload(RouteChange.department), joinedload(RouteChange.organisation))
        .order_by(RouteChange.seq.desc())
        .limit(200)
    ).all()
