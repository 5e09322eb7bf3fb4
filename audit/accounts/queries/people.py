from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from audit.core.actors import Actor, Grant, Role
from audit.core.db import db
from audit.core.errors import NotFound

from ..models import PeopleImport, RoleGrant, User
from ..rules import GRANTS
from ..rules.importing import Standing

PER_PAGE = 30
SOME = 500  # parameters in one statement
GONE = _("没有这份名单：它可能已经放弃或过期，也可能是别人的。请重新上传。")
OVERSEERS = frozenset({Role.SECURITY, Role.AUDITOR})


@dataclass(frozen=True)
class PeopleFilter:
    """Empty fields do not narrow. `state`: "active", "closed" or "code" (never signed in with an
    own password yet)."""

    text: str = ""
    role: Role | None = None
    district: str = ""
    state: str = ""
    page: int = 1


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Whom this person may know of: those who hold a role that this person gives, there.

    The security administrator and the auditor see all: they watch over the accounts.
    """
    if actor.roles() & OVERSEERS:
        return true()
    seen = [_in_care_of(own) for own in actor.grants if own.role in GRANTS]
    if any(own.role is Role.ADMINISTRATOR and own.districts is None for own in actor.grants):
        seen.append(~exists().where(RoleGrant.user_id == User.id))
    return or_(*seen) if seen else false()


def _in_care_of(own: Grant) -> ColumnElement[bool]:
    held = [RoleGrant.user_id == User.id, RoleGrant.role.in_(sorted(GRANTS[own.role]))]
    if own.districts is not None:
        held.append(RoleGrant.district_code.in_(sorted(own.districts)))
    return exists().where(*held)


def list_people(actor: Actor, chosen: PeopleFilter) -> tuple[Sequence[User], int]:
    """One page, by login, and how many there are in all."""
    parts = [visible_to(actor), *_narrowed(chosen)]
    total = db.session.scalar(select(func.count()).select_from(User).where(*parts)) or 0
    rows = db.session.scalars(
        select(User)
        .where(*parts)
        .options(
            selectinload(User.grants).joinedload(RoleGrant.district), joinedload(User.organisation)
        )
        .order_by(User.login)
        .limit(PER_PAGE)
        .offset((chosen.page - 1) * PER_PAGE)
    ).all()
    return rows, total


def _narrowed(chosen: PeopleFilter) -> list[ColumnElement[bool]]:
    parts: list[ColumnElement[bool]] = []
    if chosen.text:
        text = chosen.text.lower()
        parts.append(
            or_(
                User.login.contains(text, autoescape=True),
                func.lower(User.name).contains(text, autoescape=True),
            )
        )
    held: list[ColumnElement[bool]] = []
    if chosen.role is not None:
        held.append(RoleGrant.role == chosen.role)
    if chosen.district:
        held.append(RoleGrant.district_code == chosen.district)
    if held:
        parts.append(exists().where(RoleGrant.user_id == User.id, *held))
    if chosen.state == "closed":
        parts.append(User.active.is_(False))
    elif chosen.state == "active":
        parts.append(User.active.is_(True))
    elif chosen.state == "code":
        parts.append(and_(User.active, User.must_change_password))
    return parts


def person_for(user_id: UUID, actor: Actor) -> User:
    """Raises `NotFound` also for somebody whom this person may not know of."""
    found = db.session.scalar(
        select(User)
        .where(User.id == user_id, visible_to(actor))
        .options(
            selectinload(User.grants).joinedload(RoleGrant.district), joinedload(User.organisation)
        )
    )
    if found is None:
        raise NotFound
    return found


def standing_accounts(logins: Sequence[str], actor: Actor) -> dict[str, Standing]:
    """Accounts with one of these logins, by login; and, by login as well, those of the people
    whom this person may see. What is not to be seen tells its login alone: it is taken."""
    taken: dict[str, Standing] = {}
    for at in range(0, len(logins), SOME):
        rows = db.session.scalars(select(User.login).where(User.login.in_(logins[at : at + SOME])))
        taken |= {login: Standing(login) for login in rows}
    seen = db.session.execute(
        select(User.login, User.name, User.organisation_id).where(visible_to(actor))
    )
    return taken | {row.login: Standing(*row, is_seen=True) for row in seen}


def get_people_import(import_id: UUID, actor: Actor) -> PeopleImport:
    """One's own; nobody else's, for it holds names."""
    found = db.session.get(PeopleImport, import_id)
    if found is None or found.created_by_id != actor.id:
        raise NotFound(GONE)
    return found


def unused_of(kept: PeopleImport) -> Sequence[User]:
    """Whom it added and who has not set a password yet, by login."""
    found: list[User] = []
    wanted = [UUID(text) for text in kept.user_ids]
    for at in range(0, len(wanted), SOME):
        found += db.session.scalars(
            select(User)
            .where(User.id.in_(wanted[at : at + SOME]), User.active, User.must_change_password)
            .options(selectinload(User.grants), joinedload(User.organisation))
        )
    return sorted(found, key=lambda user: user.login)


def members_of(organisation_id: UUID, actor: Actor) -> Sequence[User]:
    """Those of its people whom this person may know of, active ones first."""
    return db.session.scalars(
        select(User)
        .where(User.organisation_id == organisation_id, visible_to(actor))
        .order_by(User.active.desc(), User.login)
    ).all()


def people() -> Sequence[User]:
    return db.session.scalars(
        select(User).order_by(User.login).options(selectinload(User.grants))
    ).all()
