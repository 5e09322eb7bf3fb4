"""Sign in and out."""

import secrets

from sqlalchemy import delete

from audit.core.actors import SYSTEM, Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.journal.actions import record

from ..models import LoginFailure, LoginSession, User
from ..queries import actor_of, failures_lately, find_user, token_hash


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
