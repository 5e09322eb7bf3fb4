"""Passwords that a person chooses, and codes that an office hands out."""

import secrets
import unicodedata

MIN_PASSWORD = 12
# Letters and digits that cannot be mistaken for each other when read out by telephone.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_SIGNS, CODE_GROUP = 16, 4
COMMON = frozenset(
    {
        "password1234", "123456789012", "qwertyuiop12", "admin1234567", "wuzhangai1234",
        "ziyang123456", "tantu1234567", "abcd12345678", "111111111111", "000000000000",
    }
)  # fmt: skip


def one_time_code() -> str:
    """A first password to print or read out: 4 groups of 4, about 79 bits."""
    return _grouped("".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_SIGNS)))


def plain_code(typed: str) -> str:
    """What was typed, as a code is written: whatever its case, width, blanks and hyphens."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return _grouped("".join(sign for sign in folded if sign.isalnum()))


def _grouped(signs: str) -> str:
    return "-".join(signs[at : at + CODE_GROUP] for at in range(0, len(signs), CODE_GROUP))


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
