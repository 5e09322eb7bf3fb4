"""Passwords and one-time codes: made, checked, changed."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, update

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Invalid
from audit.core.settings import settings
from audit.journal.actions import record

from ..models import LoginSession, User
from ..queries import find_user
from ..rules import one_time_code, password_problem, plain_code

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
    return hash_password(secrets.token_hex())


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def check_password(login: str, password: str) -> User | None:
    """The active user with this login and password or code, else None. Costs the same either way:
    for nobody, for a closed account, for one that still has only its code.

    A code may have expired: see `User.code_expires_at`.
    """
    user = find_user(login)
    right = _matches((user.password_hash if user else "") or _nobodys_hash(), password)
    if user is None:
        return None
    if user.code_hash is not None:
        right = hmac.compare_digest(_code_hash(password), user.code_hash)
    return user if right and user.active else None


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher().verify(stored, password)
    except VerificationError:
        return False


def _code_hash(typed: str) -> str:
    """A code has 79 bits of chance in it, which no cost of hashing would add to; and a list of
    a thousand new people takes no minute."""
    return hashlib.sha256(plain_code(typed).encode()).hexdigest()


def give_code(user: User) -> str:
    """A one-time code takes the place of the password. Every session of the user ends."""
    end_sessions(user)
    return set_code(user)


def set_code(user: User) -> str:
    code = one_time_code()
    user.password_hash = ""
    user.code_hash = _code_hash(code)
    user.code_expires_at = now() + timedelta(days=settings().code_days)
    user.must_change_password = True
    return code


def renew_terms() -> None:
    """Every code that was given out opens as long as if it were given out now."""
    until = now() + timedelta(days=settings().code_days)
    db.session.execute(
        update(User).where(User.code_hash.is_not(None)).values(code_expires_at=until)
    )


def end_sessions(user: User) -> None:
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))


def change_password(user: User, password: str, actor: Actor) -> None:
    """Raises `Invalid` for a poor password. All sessions of the user end."""
    problem = password_problem(password, user.login)
    if problem is not None:
        raise Invalid({"password": PROBLEMS[problem]})
    if _is_the_old_one(user, password):
        raise Invalid({"password": PROBLEMS["same"]})
    user.password_hash = hash_password(password)
    user.code_hash = user.code_expires_at = None
    user.must_change_password = False
    end_sessions(user)
    record(actor, "change_password", "user", user.id)


def _is_the_old_one(user: User, password: str) -> bool:
    if user.code_hash is not None:
        return hmac.compare_digest(_code_hash(password), user.code_hash)
    return _matches(user.password_hash, password)
