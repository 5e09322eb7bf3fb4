"""What is shown to its maker for a few minutes and then gone: one-time codes, secret addresses.

At an address of its own: a page that answers a form is an error to a browser that goes back to
it, and to send the form again makes new ones. Kept in the memory of this process alone, never
written anywhere.
"""

from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID, uuid4

from audit.core.clock import now

KEPT_SECONDS = 600
Sheet = TypeVar("Sheet")


class Tray(Generic[Sheet]):
    """Sheets of whoever made them, until `KEPT_SECONDS` have passed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[UUID, tuple[UUID | None, datetime, Sheet]] = {}

    def put(self, owner: UUID | None, sheet: Sheet, key: UUID | None = None) -> UUID:
        key = key or uuid4()
        with self._lock:
            self._forget()
            self._kept[key] = (owner, now(), sheet)
        return key

    def find(self, owner: UUID | None, key: UUID) -> Sheet | None:
        with self._lock:
            self._forget()
            whose, _since, sheet = self._kept.get(key, (None, None, None))
        return sheet if whose == owner else None

    def _forget(self) -> None:
        oldest = now() - timedelta(seconds=KEPT_SECONDS)
        self._kept = {key: one for key, one in self._kept.items() if one[1] > oldest}
