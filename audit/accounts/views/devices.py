"""A browser in which somebody has signed in before is known by a cookie that outlives sessions.

It opens nothing. It only gives the people who use this browser a budget of wrong passwords of
their own, so that a stranger who guesses at their login from elsewhere cannot keep them out.
"""

import hashlib
import secrets
from dataclasses import dataclass

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from audit.accounts.actions import Attempt, plain_login

from ..rules.throttling import network_of

COOKIE = "tantu_device"
DAYS = 180
MOST_PEOPLE = 20  # of a computer in an office


@dataclass(frozen=True)
class Device:
    """`people`: traces of the logins that were used here, the latest last."""

    secret: str
    people: tuple[str, ...] = ()

    def trace(self, login: str) -> str:
        text = f"{self.secret}\n{plain_login(login)}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def knows(self, login: str) -> bool:
        return self.trace(login) in self.people


def attempt(login: str) -> Attempt:
    """A try to sign in, from this browser."""
    device = _device()
    secret = device.secret if device.knows(login) else ""
    return Attempt(login, network_of(request.remote_addr), secret)


def remember(answer: Response, login: str) -> None:
    """Somebody has signed in here."""
    device = _device()
    mine = device.trace(login)
    people = [one for one in device.people if one != mine][1 - MOST_PEOPLE :]
    answer.set_cookie(
        COOKIE,
        _signer().dumps([device.secret, *people, mine]),
        max_age=DAYS * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        path="/account/",
    )


def _device() -> Device:
    """Of this browser; a new one where the cookie is missing, made up or too old."""
    try:
        secret, *people = _signer().loads(request.cookies.get(COOKIE, ""), max_age=DAYS * 24 * 3600)
    except (BadSignature, ValueError):
        return Device(secrets.token_urlsafe(16))
    return Device(secret, tuple(people))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="device")
