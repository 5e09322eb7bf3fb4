"""What must not be read in a copy of the database: sealed with a key that lies beside it.

Whoever holds both reads it; a backup of the database alone tells nothing.
"""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken

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


@lru_cache(maxsize=4)
def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
