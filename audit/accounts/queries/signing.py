import hashlib
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from audit.core.actors import Actor, Grant
from audit.core.clock import now
from audit.core.db import db
from audit.core.settings import settings
from audit.districts.queries import covered_codes

from ..models import LoginSession, User
from ..rules import SessionAges, has_expired

SIGNED_IN = (  # asked by every request, so put together once
    select(LoginSession, User)
    .join(User, User.id == LoginSession.user_id)
    .where(LoginSession.token_hash == bindparam("token_hash"), User.active)
    .options(joinedload(User.grants))
)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def session_ages() -> SessionAges:
    chosen = settings()
    return SessionAges(
        idle=timedelta(minutes=chosen.idle_minutes), absolute=timedelta(hours=chosen.session_hours)
    )


def find_signed_in(token: str) -> tuple[LoginSession, User] | None:
    """The living session of a token and its active person, in one query; None when signed out,
    expired, closed or never there."""
    found = db.session.execute(SIGNED_IN, {"token_hash": token_hash(token)})
    row = found.unique().one_or_none()
    if row is None:
        return None
    living, user = row
    if has_expired(living.created_at, living.seen_at, now(), session_ages()):
        return None
    return living, user


def find_user(login: str) -> User | None:
    return db.session.scalar(select(User).where(User.login == login.strip().lower()))


def find_active_user(user_id: UUID) -> User | None:
    return db.session.scalar(
        select(User).where(User.id == user_id, User.active).options(selectinload(User.grants))
    )


def actor_of(user: User) -> Actor:
    """The person as a plain value, with each grant spread over the districts below it."""
    grants = tuple(
        Grant(grant.role, _covered(grant.district_code) if grant.district_code else None)
        for grant in user.grants
    )
    return Actor(user.id, user.name, grants, user.organisation_id, user.login)


@lru_cache(maxsize=256)
def _covered(code: str) -> frozenset[str]:
    # Districts change only by loading data, which restarts the server.
    return covered_codes(code)
