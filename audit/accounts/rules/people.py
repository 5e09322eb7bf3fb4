import re
from dataclasses import dataclass
from uuid import UUID

from audit.core.actors import Role

# Lower case, so that it can be typed on any keyboard and heard over the telephone.
LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")


@dataclass(frozen=True)
class RoleAt:
    """A role where it holds. `district`: its code; None for the whole city."""

    role: Role
    district: str | None


@dataclass(frozen=True)
class PersonDraft:
    login: str
    name: str
    roles: tuple[RoleAt, ...]
    organisation_id: UUID | None = None
