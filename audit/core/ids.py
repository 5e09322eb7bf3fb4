"""Identifiers for things that are created on a phone, a server or a worker."""

from uuid import UUID

from uuid6 import uuid7


def new_id() -> UUID:
    """A UUIDv7: unique without asking anybody, and sortable by time of creation."""
    return UUID(int=uuid7().int)
