from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import joinedload

from audit.accounts.models import RoleGrant, User
from audit.core.actors import PERMISSIONS, Actor, May
from audit.core.db import db
from audit.core.errors import NotFound

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
    """By somebody who still works here and may share, in one of this person's districts."""
    may_share = exists().where(RoleGrant.user_id == User.id, RoleGrant.role.in_(SHARERS))
    return SavedView.shared & User.active & may_share & _where_is(actor)


def _where_is(actor: Actor) -> ColumnElement[bool]:
    scopes = [grant.districts for grant in actor.grants]
    if None in scopes:
        return true()
    codes = frozenset().union(*[scope for scope in scopes if scope is not None])
    there = exists().where(
        SavedViewDistrict.view_id == SavedView.id, SavedViewDistrict.district_code.in_(codes)
    )
    return or_(SavedView.everywhere, there)


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
