"""One change to many facilities: ticked in the list, looked at in a preview, then made together."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.accounts.queries import organisations
from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Conflict, Invalid, NotFound
from audit.core.ids import new_id
from audit.facilities.forms import parse_filter
from audit.facilities.queries import facilities_named, numbers_of
from audit.findings.forms import organisation_id, why
from audit.journal.queries import entries_about
from audit.web.access import current_actor, needs
from audit.web.bulk import (
    MOST,
    Preview,
    Ticked,
    parse_id,
    parse_query,
    parse_shown,
    parse_ticked,
    why_no_preview,
)
from audit.web.filters import list_url

from ..actions import Given, Outlook, change_many, foresee
from ..rules import ACTS, Act, Deed

bp = Blueprint("many_places", __name__, url_prefix="/facilities/bulk")
LIST = "facilities.index"


@bp.get("")
@needs(May.EDIT_FACILITY)
def preview() -> ResponseReturnValue:
    """What an act would do to the rows that were ticked; nothing is changed yet."""
    actor, ticked = current_actor(), parse_ticked(request.args)
    act, numbers = ACTS.get(ticked.act), _numbers(ticked, actor)
    problem = why_no_preview(act, numbers, _("还没有勾选设施。请先勾选，再预览。"))
    if act is None or problem:
        flash(problem, "error")
        return redirect(list_url(LIST, ticked.query), HTTPStatus.SEE_OTHER)
    return _page(act, foresee(dict.fromkeys(numbers), act, actor), new_id(), ticked)


@bp.post("")
@needs(May.EDIT_FACILITY)
def take() -> ResponseReturnValue:
    """All that were shown as possible, or none: then the preview comes again with what moved."""
    actor, bulk_id, rows = current_actor(), parse_id(request.form), parse_shown(request.form)
    ticked = Ticked(request.form.get("act", ""), query=parse_query(request.form))
    act = ACTS.get(ticked.act)
    if act is None or not rows:
        raise NotFound
    given = Given(why(request.form), organisation_id(request.form))
    try:
        with transaction():
            change_many(rows, act, actor, bulk_id, given)
    except Invalid as wrong:
        return _page(act, foresee(rows, act, actor), bulk_id, ticked, wrong.problems)
    except Conflict:
        return _page(act, foresee(rows, act, actor), bulk_id, ticked, moved=True)
    where = url_for(".done", bulk_id=bulk_id, query=ticked.back or None)
    return redirect(where, HTTPStatus.SEE_OTHER)


@bp.get("/<uuid:bulk_id>")
@needs(May.EDIT_FACILITY)
def done(bulk_id: UUID) -> str:
    """What one has done, with the facilities as they are now. It is nobody else's page."""
    actor = current_actor()
    entry = next(iter(entries_about("bulk_facilities", bulk_id, 1)), None)
    if entry is None or entry.actor_id != actor.id:
        raise NotFound
    return render_template(
        "register/bulk_done.html",
        act=ACTS[entry.detail["act"]],
        count=len(entry.detail["numbers"]),
        places=facilities_named(entry.detail["numbers"], actor, May.SEE_FACILITIES),
        back=list_url(LIST, parse_query(request.args)),
    )


def _numbers(ticked: Ticked, actor: Actor) -> Sequence[str]:
    if not ticked.whole:
        return ticked.keys
    return numbers_of(actor, parse_filter(MultiDict(ticked.query)), MOST + 1)


def _page(
    act: Act,
    outlooks: Sequence[Outlook],
    bulk_id: UUID,
    ticked: Ticked,
    problems: Mapping[str, object] | None = None,
    *,
    moved: bool = False,
) -> ResponseReturnValue:
    preview = Preview("register/bulk.html", LIST, ticked, bulk_id, outlooks)
    return preview.page(
        problems,
        moved=moved,
        act=act,
        organisations=organisations() if act.deed is Deed.ORGANISATION else [],
        typed={"why": why(request.form), "organisation": request.form.get("organisation", "")},
    )
