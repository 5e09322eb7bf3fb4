from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.core.errors import NotFound

from ..models import Organisation
from ..rules import OrganisationKind

PER_PAGE = 30


@dataclass(frozen=True)
class OrganisationFilter:
    """Empty fields do not narrow. `active` None: closed ones as well."""

    text: str = ""
    kind: OrganisationKind | None = None
    district: str = ""
    active: bool | None = None
    page: int = 1


def visible_to(actor: Actor, what: May = May.SEE_ORGANISATIONS) -> ColumnElement[bool]:
    """Of one's districts; and, to look at only, those of the whole city."""
    if not actor.may(what):
        return false()
    codes = actor.districts_for(what)
    if codes is None:
        return true()
    own = Organisation.district_code.in_(codes)
    if what is May.SEE_ORGANISATIONS:
        return or_(own, Organisation.district_code.is_(None))
    return own


def list_organisations(
    actor: Actor, chosen: OrganisationFilter
) -> tuple[Sequence[Organisation], int]:
    """One page, by name, and how many there are in all."""
    parts = [visible_to(actor)]
    if chosen.text:
        found = chosen.text.lower()
        parts.append(
            or_(
                func.lower(Organisation.name).contains(found, autoescape=True),
                Organisation.credit_code == chosen.text.upper(),
            )
        )
    if chosen.kind is not None:
        parts.append(Organisation.kind == chosen.kind)
    if chosen.district:
        parts.append(Organisation.district_code == chosen.district)
    if chosen.active is not None:
        parts.append(Organisation.active.is_(chosen.active))
    total = db.session.scalar(select(func.count()).select_from(Organisation).where(*parts)) or 0
    rows = db.session.scalars(
        select(Organisation)
        .where(*parts)
        .options(joinedload(Organisation.district), joinedload(Organisation.parent))
        .order_by(Organisation.name, Organisation.id)
        .limit(PER_PAGE)
        .offset((chosen.page - 1) * PER_PAGE)
    ).all()
    return rows, total


def organisation_for(
    organisation_id: UUID, actor: Actor, what: May = May.SEE_ORGANISATIONS
) -> Organisation:
    """Raises `NotFound` also when it belongs to a district that the person has nothing to do
    with."""
    found = db.session.scalar(
        select(Organisation).where(Organisation.id == organisation_id, visible_to(actor, what))
    )
    if found is None:
        raise NotFound
    return found


def choosable(actor: Actor, what: May) -> Sequence[Organisation]:
    """Active ones in which the person may do `what`, by name."""
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.active, visible_to(actor, what))
        .order_by(Organisation.name)
    ).all()


def departments_of(organisation: Organisation) -> Sequence[Organisation]:
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.parent_id == organisation.id)
        .order_by(Organisation.active.desc(), Organisation.name)
    ).all()


def ancestors(organisation_id: UUID) -> list[UUID]:
    """The organisation and what it is a department of, upwards."""
    line: list[UUID] = []
    here: UUID | None = organisation_id
    while here is not None and here not in line:
        line.append(here)
        here = db.session.scalar(select(Organisation.parent_id).where(Organisation.id == here))
    return line


def organisations(kind: OrganisationKind | None = None) -> Sequence[Organisation]:
    query = select(Organisation).where(Organisation.active).order_by(Organisation.name)
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    return db.session.scalars(query).all()


def find_organisation(name: str) -> Organisation | None:
    return db.session.scalar(select(Organisation).where(Organisation.name == name))


def get_organisation(organisation_id: UUID) -> Organisation:
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found
