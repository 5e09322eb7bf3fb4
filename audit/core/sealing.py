"""What must not be read in a copy of the database: sealed with a key that lies beside it.

Whoever holds both reads it; a backup of the database alone tells nothing.
"""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from .settings import settings


def seal(text: str) -> str:
    """Empty stays empty."""
    return _box(settings().sealing_key()).encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Empty also where it was sealed with another key: what is lost with a key is lost."""
    if not sealed:
        return ""
    try:
        return _box(settings().sealing_key()).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


class SealedText(TypeDecorator[str]):
    """A column that is sealed in the database and plain in code."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return seal(value) if value is not None else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return unseal(value) if value is not None else None


@lru_cache(maxsize=4)
def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
