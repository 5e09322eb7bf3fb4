"""A notice on paper: its address as text and as a code, shown once."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

import segno
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from audit.core.errors import NotFound
from audit.notices.models import Delivery
from audit.notices.queries import letters_about
from audit.web.access import current_actor
from audit.web.addresses import is_local, own_address
from audit.web.tray import Tray

from .. import queries
from ..actions import Made, open_link, page_of
from ..models import Assignment

GONE = _("链接只显示十分钟，这里已经看不到了。还没有交给单位的，请打开那份通知，换发一个新链接。")


@dataclass(frozen=True)
class Kept:
    """What the tray holds: which notice, and the secret of its link."""

    assignment_id: UUID
    secret: str


@dataclass(frozen=True)
class Sheet:
    assignment: Assignment
    address: str
    code: Markup
    expires_at: object
    letters: Sequence[Delivery]


tray: Tray[list[Kept]] = Tray()


def show_sheets(made: Sequence[Made], key: UUID | None = None) -> ResponseReturnValue:
    kept = [Kept(one.assignment.id, one.secret) for one in made]
    sheet_id = tray.put(current_actor().id, kept, key)
    return redirect(url_for("assignments.sheets", sheet_id=sheet_id), HTTPStatus.SEE_OTHER)


def sheets_page(key: UUID) -> str:
    """Raises `NotFound`."""
    kept = tray.find(current_actor().id, key)
    if kept is None:
        raise NotFound(GONE)
    shown = [_sheet(one) for one in kept]
    return render_template(
        "assignments/sheets.html",
        sheets=shown,
        is_local=any(is_local(one.address) for one in shown),
    )


def _sheet(one: Kept) -> Sheet:
    assignment = queries.get_assignment(one.assignment_id, current_actor())
    address = own_address() + url_for("answering.enter", secret=one.secret)
    code = segno.make(address, error="m", micro=False)
    link = open_link(assignment)
    drawn = Markup(code.svg_inline(border=4, omitsize=True))  # noqa: S704 drawn by segno
    letters = letters_about(page_of(assignment))
    return Sheet(assignment, address, drawn, link.expires_at if link else None, letters)
