"""One-time codes as slips of paper: for people who have no mail. Shown once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import render_template

from audit.core.language import current_language
from audit.web.addresses import own_address

from ..models import User
from ..rules import ROLES


@dataclass(frozen=True)
class Slip:
    """What one person needs to sign in for the first time."""

    user_id: object
    name: str
    login: str
    code: str
    roles: tuple[str, ...]
    organisation: str
    expires_at: datetime | None

    @staticmethod
    def of(user: User, code: str) -> "Slip":
        language = current_language()
        return Slip(
            user.id,
            user.name,
            user.login,
            code,
            tuple(dict.fromkeys(ROLES[one.role].in_(language) for one in user.grants)),
            user.organisation.name if user.organisation else "",
            user.code_expires_at,
        )


def slips_page(slips: Sequence[Slip], title: str, import_id: UUID | None = None) -> str:
    """`import_id`: of the table that they came from, where lost codes can be renewed."""
    return render_template(
        "accounts/slips.html",
        slips=slips,
        title=title,
        import_id=import_id,
        own_address=own_address(),
    )
