"""Tries to sign in, counted before they are made: many at the same moment count as well."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from audit.core.actors import SYSTEM
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import TooManyTries
from audit.core.settings import settings
from audit.journal.actions import record

from ..models import LoginThrottle, User
from ..queries import find_user
from ..rules.throttling import FORGET, Scope, paces, wait_after

LONGEST_LOGIN = 60


@dataclass(frozen=True)
class Attempt:
    """Who tries, from where. `device`: the secret of a browser that knows this login, else ""."""

    login: str
    network: str
    device: str = ""

    def keys(self) -> dict[Scope, str]:
        login = plain_login(self.login)
        if self.device:
            return {Scope.DEVICE: _key(Scope.DEVICE, login, self.device)}
        return {
            Scope.PAIR: _key(Scope.PAIR, login, self.network),
            Scope.NETWORK: _key(Scope.NETWORK, self.network),
            Scope.LOGIN: _key(Scope.LOGIN, login),
        }


def plain_login(typed: str) -> str:
    return typed.strip().lower()[:LONGEST_LOGIN]


def change_keys(user: User) -> dict[Scope, str]:
    return {Scope.CHANGE: _key(Scope.CHANGE, str(user.id))}


def link_keys(network: str) -> dict[Scope, str]:
    """For whoever opens an address that holds a secret."""
    return {Scope.LINK: _key(Scope.LINK, network)}


def _key(*parts: str) -> str:
    """Names nobody: people type passwords into the field for the login."""
    secret = settings().secret_key().encode()
    return hmac.new(secret, "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def check_turn(keys: dict[Scope, str]) -> dict[str, LoginThrottle]:
    """What is counted under these keys. Raises `TooManyTries` while one of them must wait. Only
    reads, so that a flood of refused tries keeps no writer waiting."""
    rows = _rows(keys)
    waits = [(row.open_at - now()).total_seconds() for row in rows.values()]
    if waits and max(waits) > 0:
        raise TooManyTries(max(waits))
    return rows


def take_turn(keys: dict[Scope, str]) -> None:
    """Count a try before it is made; one that is refused is not counted."""
    moment = now()
    db.session.execute(delete(LoginThrottle).where(LoginThrottle.last_at < moment - FORGET))
    rows = check_turn(keys)
    for scope, key in keys.items():
        row = rows.get(key)
        if row is None:
            row = LoginThrottle(key=key, failures=0)
            db.session.add(row)
        row.failures += 1
        _set_wait(row, scope, moment)
    db.session.flush()


def forgive(keys: dict[Scope, str]) -> None:
    """The try was right: what this person mistyped here counts no longer, for anybody. Failures
    at other logins stay, so nobody clears their traces with an account of their own."""
    rows = _rows(keys)
    mine = next(
        (rows[key].failures for scope, key in keys.items() if scope in OWN and key in rows), 1
    )
    for scope, key in keys.items():
        row = rows.get(key)
        if row is None:
            continue
        row.failures -= mine
        if row.failures <= 0:
            db.session.delete(row)
        else:
            _set_wait(row, scope, row.last_at)
    db.session.flush()


OWN = frozenset({Scope.DEVICE, Scope.PAIR, Scope.CHANGE})


def _set_wait(row: LoginThrottle, scope: Scope, moment: datetime) -> None:
    row.last_at = moment
    row.open_at = moment + wait_after(row.failures, paces(settings().login_tries)[scope])


def _rows(keys: dict[Scope, str]) -> dict[str, LoginThrottle]:
    found = db.session.scalars(select(LoginThrottle).where(LoginThrottle.key.in_(keys.values())))
    return {row.key: row for row in found}


def note_failure(login: str) -> None:
    """The journal names only known accounts: people type passwords into this field."""
    user = find_user(login)
    record(SYSTEM, "login_failed", "user", user.id if user is not None else "unknown")
