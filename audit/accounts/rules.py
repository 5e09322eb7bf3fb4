"""Passwords, one-time codes, throttling, session ages. Pure."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MIN_PASSWORD = 12
TRIES_WINDOW = timedelta(minutes=5)
# Letters and digits that cannot be mistaken for each other when read out by telephone.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
COMMON = frozenset(
    {
        "password1234", "123456789012", "qwertyuiop12", "admin1234567", "wuzhangai1234",
        "ziyang123456", "tantu1234567", "abcd12345678", "111111111111", "000000000000",
    }
)  # fmt: skip


class OrganisationKind(StrEnum):
    FEDERATION = "federation"
    DEPARTMENT = "department"
    OWNER = "owner"
    PROCURATORATE = "procuratorate"
    ASSESSOR = "assessor"


@dataclass(frozen=True)
class SessionAges:
    idle: timedelta
    absolute: timedelta


def one_time_code() -> str:
    """A first password to print or read out: 4 groups of 4, about 79 bits."""
    groups = ("".join(secrets.choice(CODE_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def password_problem(password: str, login: str) -> str | None:
    """Why a new password is refused: `short`, `common` or `login`; None if it is good.

    OWASP ASVS 5.0 6.2: length and a list of common ones, no rules of composition.
    """
    if len(password) < MIN_PASSWORD:
        return "short"
    if password.lower() in COMMON or len(set(password)) < 4:
        return "common"
    if login and login.lower() in password.lower():
        return "login"
    return None


def has_expired(
    created_at: datetime, seen_at: datetime, moment: datetime, ages: SessionAges
) -> bool:
    return moment - seen_at > ages.idle or moment - created_at > ages.absolute
