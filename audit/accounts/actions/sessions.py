"""Sign in and out."""

import secrets

from sqlalchemy import delete, or_

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.journal.actions import record

from ..models import LoginSession, User
from ..queries import actor_of, session_ages, token_hash


def sign_in(user: User) -> str:
    """Begin a session. Returns its token, which only the person's cookie keeps."""
    token = secrets.token_urlsafe(32)
    moment = now()
    _clear_expired()
    db.session.add(
        LoginSession(
            token_hash=token_hash(token), user_id=user.id, created_at=moment, seen_at=moment
        )
    )
    record(actor_of(user), "sign_in", "user", user.id)
    return token


def _clear_expired() -> None:
    moment, ages = now(), session_ages()
    db.session.execute(
        delete(LoginSession).where(
            or_(
                LoginSession.created_at < moment - ages.absolute,
                LoginSession.seen_at < moment - ages.idle,
            )
        )
    )


def sign_out(token: str, actor: Actor) -> None:
    db.session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash(token)))
    record(actor, "sign_out", "user", actor.id)


def touch_session(token: str) -> None:
    session = db.session.get(LoginSession, token_hash(token))
    if session is not None:
        session.seen_at = now()
