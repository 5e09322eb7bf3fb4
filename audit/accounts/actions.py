"""Sign in and out, make accounts. Every act lands in the journal; nothing here commits."""

import secrets
from collections.abc import Iterable
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import lazy_gettext as _
from sqlalchemy import delete

from audit.core.actors import SYSTEM, Actor, Role
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Invalid
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.journal.actions import record

from .models import LoginFailure, LoginSession, Organisation, RoleGrant, User
from .queries import actor_of, failures_lately, find_user, token_hash
from .rules import OrganisationKind, one_time_code, password_problem

PROBLEMS = {
    "short": _("密码至少要 12 个字符。可以用几个不相干的词连起来。"),
    "common": _("这个密码太常见，容易被猜到。请换一个。"),
    "login": _("密码里不要包含登录名。"),
    "same": _("新密码和现在的一样。请换一个。"),
}


@cache
def _hasher() -> PasswordHasher:
    # OWASP's argon2id setting: 19 MiB, two passes, one lane
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_hex())


def check_password(login: str, password: str) -> User | None:
    """The active user with this login and password, else None. Costs the same either way."""
    user = find_user(login)
    stored = user.password_hash if user is not None else _nobodys_hash()
    try:
        _hasher().verify(stored, password)
    except VerificationError:
        return None
    return user if user is not None and user.active else None


def _is_password_of(user: User, password: str) -> bool:
    try:
        return _hasher().verify(user.password_hash, password)
    except VerificationError:
        return False


def too_many_tries(login: str) -> bool:
    return failures_lately(login) >= settings().login_tries


def note_failure(login: str) -> None:
    """Count it. The journal names only known accounts: people type passwords into this field."""
    db.session.add(LoginFailure(id=new_id(), login=login.strip().lower()[:60], at=now()))
    user = find_user(login)
    record(SYSTEM, "login_failed", "user", user.id if user is not None else "unknown")


def sign_in(user: User) -> str:
    """Begin a session. Returns its token, which only the person's cookie keeps."""
    token = secrets.token_urlsafe(32)
    moment = now()
    db.session.execute(delete(LoginFailure).where(LoginFailure.login == user.login))
    db.session.add(
        LoginSession(
            token_hash=token_hash(token), user_id=user.id, created_at=moment, seen_at=moment
        )
    )
    record(actor_of(user), "sign_in", "user", user.id)
    return token


def sign_out(token: str, actor: Actor) -> None:
    db.session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash(token)))
    record(actor, "sign_out", "user", actor.id)


def touch_session(token: str) -> None:
    session = db.session.get(LoginSession, token_hash(token))
    if session is not None:
        session.seen_at = now()


def change_password(user: User, password: str, actor: Actor) -> None:
    """Raises `Invalid` for a poor password. All sessions of the user end."""
    problem = password_problem(password, user.login)
    if problem is not None:
        raise Invalid({"password": PROBLEMS[problem]})
    if _is_password_of(user, password):
        raise Invalid({"password": PROBLEMS["same"]})
    user.password_hash = _hasher().hash(password)
    user.must_change_password = False
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))
    record(actor, "change_password", "user", user.id)


def add_organisation(name: str, kind: OrganisationKind, actor: Actor) -> Organisation:
    organisation = Organisation(id=new_id(), name=name, kind=kind, active=True)
    db.session.add(organisation)
    db.session.flush()
    record(actor, "add", "organisation", organisation.id, detail={"name": name, "kind": kind})
    return organisation


def add_user(
    login: str,
    name: str,
    grants: Iterable[tuple[Role, str | None]],
    actor: Actor,
    *,
    organisation_id: UUID | None = None,
    password: str | None = None,
) -> tuple[User, str]:
    """Make an account. Returns it and its first password.

    Without `password` a one-time code is made, to be changed at the first sign-in. Raises
    `Invalid` when the login is taken, or when somebody who fixes belongs to no organisation.
    """
    if find_user(login) is not None:
        raise Invalid({"login": _("这个登录名已经有人使用。")})
    rows = list(grants)
    if organisation_id is None and any(role is Role.ORGANISATION for role, _district in rows):
        raise Invalid({"organisation": _("整改单位的账号必须属于一个单位。")})
    first = password or one_time_code()
    user = User(
        id=new_id(),
        login=login.strip().lower(),
        name=name,
        password_hash=_hasher().hash(first),
        must_change_password=password is None,
        active=True,
        organisation_id=organisation_id,
        created_at=now(),
    )
    db.session.add(user)
    db.session.flush()
    for role, district in rows:
        db.session.add(RoleGrant(id=new_id(), user_id=user.id, role=role, district_code=district))
    db.session.flush()
    detail = {"login": user.login, "grants": [[role, district] for role, district in rows]}
    record(actor, "add", "user", user.id, detail=detail)
    return user, first


def disable_user(user: User, actor: Actor, why: str = "") -> None:
    """The account opens nothing any more; every session of the user ends."""
    user.active = False
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))
    record(actor, "disable", "user", user.id, why=why)


def enable_user(user: User, actor: Actor, why: str = "") -> None:
    user.active = True
    record(actor, "enable", "user", user.id, why=why)


def reset_password(user: User, actor: Actor) -> str:
    """Give a one-time code in place of the password; every session of the user ends."""
    code = one_time_code()
    user.password_hash = _hasher().hash(code)
    user.must_change_password = True
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))
    record(actor, "reset_password", "user", user.id)
    return code
