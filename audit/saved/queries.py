from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from audit.accounts.models import RoleGrant, User
from audit.core.actors import PERMISSIONS, Actor, May, Role
from audit.core.db import db
from audit.core.errors import NotFound
from audit.districts.models import District

from .models import SavedView, SavedViewDistrict
from .rules import LISTS, Subject

SHOWN = 20  # of those that others share
SHARERS = sorted(role for role, allowed in PERMISSIONS.items() if May.SHARE_VIEWS in allowed)


def views_for(actor: Actor, subject: Subject | None = None) -> Sequence[SavedView]:
    """One's own and then those that others share with one, each by name; of lists that this
    person may see, and of one list where it is named."""
    subjects = [one for one in Subject if subject in (None, one) and actor.may(LISTS[one].may)]
    query = (
        select(SavedView)
        .join(SavedView.owner)
        .where(SavedView.subject.in_(subjects))
        .options(joinedload(SavedView.owner))
        .order_by(SavedView.name, SavedView.id)
    )
    own = db.session.scalars(query.where(SavedView.owner_id == actor.id)).all()
    theirs = query.where(SavedView.owner_id != actor.id, _shared_with(actor)).limit(SHOWN)
    return [*own, *db.session.scalars(theirs).all()]


def _shared_with(actor: Actor) -> ColumnElement[bool]:
    """By somebody who still works here and may share there, in one of this person's districts.
    Views of the office are not for the organisations it deals with."""
    scopes = [grant.districts for grant in actor.grants if grant.role is not Role.ORGANISATION]
    if not scopes:
        return false()
    shown = SavedView.shared & User.active
    everywhere = SavedView.everywhere & _owner_shares(RoleGrant.district_code.is_(None))
    there = (
        exists()
        .where(
            SavedViewDistrict.view_id == SavedView.id,
            _owner_shares(_covers(SavedViewDistrict.district_code)),
        )
        .correlate(SavedView, User)
    )
    if None not in scopes:
        codes = frozenset().union(*[scope for scope in scopes if scope is not None])
        there = there.where(SavedViewDistrict.district_code.in_(codes))
    return shown & or_(everywhere, there)


def _owner_shares(where: ColumnElement[bool]) -> ColumnElement[bool]:
    held = exists().where(RoleGrant.user_id == User.id, RoleGrant.role.in_(SHARERS), where)
    return held.correlate(User, SavedViewDistrict)


def _covers(code: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a grant is for this district: for the city, for it or for what lies above it."""
    held, above, top = RoleGrant.district_code, aliased(District), aliased(District)
    parents = select(above.parent_code).where(above.code == code)
    tops = (
        select(top.parent_code).join(above, above.parent_code == top.code).where(above.code == code)
    )
    wider = [held.in_(one.correlate(SavedViewDistrict)) for one in (parents, tops)]
    return or_(held.is_(None), held == code, *wider)


def get_own(view_id: UUID, actor: Actor) -> SavedView:
    """Raises `NotFound` for everybody else's, shared or not."""
    found = db.session.get(SavedView, view_id)
    if found is None or found.owner_id != actor.id:
        raise NotFound
    return found


def find_named(actor: Actor, subject: Subject, name: str) -> SavedView | None:
    return db.session.scalar(
        select(SavedView).where(
            SavedView.owner_id == actor.id, SavedView.subject == subject, SavedView.name == name
        )
    )


def count_own(actor: Actor) -> int:
    own = select(func.count()).where(SavedView.owner_id == actor.id)
    return db.session.scalar(own) or 0
