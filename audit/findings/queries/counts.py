"""How many findings, by what one asks for."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import case as when
from sqlalchemy import func, select
from sqlalchemy.orm import (
    InstrumentedAttribute,
)

from audit.accounts.models import Organisation
from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db

from ..models import Finding
from ..rules import OPEN_STATES, State
from .filtering import unindexed, visible_to

Load = tuple[UUID | None, str | None, State, int, int]


def count_by_state(actor: Actor) -> dict[State, int]:
    rows = db.session.execute(
        select(Finding.state, func.count())
        .where(visible_to(actor))
        .group_by(Finding.state)
        .order_by(Finding.state)
    )
    return {State(state): count for state, count in rows}


def count_late(actor: Actor) -> int:
    moment = now()
    late = select(func.count()).where(visible_to(actor), Finding.due_at <= moment)
    return db.session.scalar(late) or 0


def open_by(actor: Actor, whose: InstrumentedAttribute[Organisation | None]) -> list[Load]:
    """Living findings by who has to do with them (`Finding.department`, `Finding.organisation`;
    None: nobody yet) and by state: how many, and how many of them are late."""
    late = func.sum(when((Finding.due_at <= now(), 1), else_=0)).label("late")
    who = Finding.department_id if whose is Finding.department else Finding.organisation_id
    counted = (
        select(who.label("who"), Finding.state, func.count().label("total"), late)
        .where(visible_to(actor), unindexed(Finding.state).in_(sorted(OPEN_STATES)))
        .group_by(who, Finding.state)
        .subquery()
    )
    rows = db.session.execute(
        select(counted.c.who, Organisation.name, counted.c.state, counted.c.total, counted.c.late)
        .outerjoin(Organisation, Organisation.id == counted.c.who)
        .order_by(Organisation.name, counted.c.state)
    )
    return [tuple(row) for row in rows]


def count_open_by_severity(actor: Actor) -> dict[str, int]:
    """How many living findings of each severity; grades without any are left out."""
    rows = db.session.execute(
        select(Finding.severity, func.count())
        .where(visible_to(actor), Finding.state.in_(sorted(OPEN_STATES)))
        .group_by(Finding.severity)
        .order_by(Finding.severity)
    )
    return dict(rows.all())


def count_open_at(facility_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Living findings of each of these facilities by severity; places without any are left out.

    The caller has made sure that the facilities may be seen.
    """
    rows = db.session.execute(
        select(Finding.facility_id, Finding.severity, func.count())
        .where(Finding.facility_id.in_(facility_ids), Finding.state.in_(sorted(OPEN_STATES)))
        .group_by(Finding.facility_id, Finding.severity)
        .order_by(Finding.facility_id, Finding.severity)
    )
    found: dict[UUID, dict[str, int]] = {}
    for facility_id, severity, count in rows:
        found.setdefault(facility_id, {})[severity] = count
    return found
