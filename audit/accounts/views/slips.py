"""One-time codes as slips of paper: for people who have no mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from audit.core.errors import NotFound
from audit.core.language import current_language
from audit.web.access import current_actor
from audit.web.addresses import own_address
from audit.web.tray import Tray

from ..models import User
from ..rules import ROLES

GONE = _("一次性密码只显示十分钟，这里已经看不到了。还没有交给本人的，请打开他的账号重新发。")


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


@dataclass(frozen=True)
class Sheet:
    """`import_id`: of the table that they came from, where lost codes can be renewed."""

    slips: Sequence[Slip]
    title: str
    import_id: UUID | None


tray: Tray[Sheet] = Tray()


def show_slips(
    slips: Sequence[Slip], title: str, import_id: UUID | None = None
) -> ResponseReturnValue:
    key = tray.put(current_actor().id, Sheet(slips, title, import_id))
    return redirect(url_for("people.slips", sheet_id=key), HTTPStatus.SEE_OTHER)


def slips_page(key: UUID) -> str:
    """Raises `NotFound`."""
    sheet = tray.find(current_actor().id, key)
    if sheet is None:
        raise NotFound(GONE)
    return render_template("accounts/slips.html", sheet=sheet, own_address=own_address())
