"""One step for many findings: ticked in the list, looked at in a preview, then taken together."""

import re
from collections.abc import Mapping
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

from .. import queries
from ..actions import Outlook, Told, foresee, take_many
from ..forms import organisation_id, parse_filter, why
from ..rules import Needs, Step, Verb, step_for, steps_for_many
from .asking import ASKS

bp = Blueprint("many", __name__, url_prefix="/findings/bulk")
LIST = "findings.index"
SEQ = re.compile(r"[0-9]{1,6}")
ACTS = (May.CONFIRM, May.DISPATCH, May.REPORT_FIXED, May.REOPEN, May.ESCALATE, May.REFER)


@bp.get("")
@needs(*ACTS)
def preview() -> ResponseReturnValue:
    """What a step would do to the rows that were ticked; nothing is changed yet."""
    actor, ticked = current_actor(), parse_ticked(request.args)
    step = _step(ticked.act, actor)
    numbers = _numbers(ticked, actor)
    problem = why_no_preview(step, numbers, _("还没有勾选问题。请先勾选，再预览。"))
    if step is None or problem:
        flash(problem, "error")
        return redirect(list_url(LIST, ticked.query), HTTPStatus.SEE_OTHER)
    outlooks = foresee(dict.fromkeys(numbers), step.verb, actor)
    return _page(step, outlooks, new_id(), ticked)


@bp.post("")
@needs(*ACTS)
def take() -> ResponseReturnValue:
    """All that were shown as possible, or none: then the preview comes again with what moved."""
    actor, ticked = current_actor(), Ticked(request.form.get("act", ""), query=_query())
    step, rows = _step(ticked.act, actor), _rows()
    bulk_id = parse_id(request.form)
    if step is None or not rows:
        raise NotFound
    told = Told(why(request.form), organisation_id(request.form))
    try:
        with transaction():
            take_many(rows, step.verb, actor, told, bulk_id)
    except Invalid as wrong:
        outlooks = foresee(rows, step.verb, actor)
        return _page(step, outlooks, bulk_id, ticked, wrong.problems)
    except Conflict:
        return _page(step, foresee(rows, step.verb, actor), bulk_id, ticked, moved=True)
    where = url_for(".done", bulk_id=bulk_id, query=ticked.back or None)
    return redirect(where, HTTPStatus.SEE_OTHER)


@bp.get("/<uuid:bulk_id>")
@needs(*ACTS)
def done(bulk_id: UUID) -> str:
    """What one has done, with the findings as they are now. It is nobody else's page."""
    actor = current_actor()
    entry = next(iter(entries_about("bulk", bulk_id, 1)), None)
    if entry is None or entry.actor_id != actor.id:
        raise NotFound
    numbers = entry.detail["numbers"]
    found = {one.number: one for one in queries.findings_named(numbers, actor)}
    return render_template(
        "findings/bulk_done.html",
        step=step_for(Verb(entry.detail["verb"])),
        count=len(numbers),
        findings=[found[number] for number in numbers if number in found],
        back=list_url(LIST, parse_query(request.args)),
    )


def _step(name: str, actor: Actor) -> Step | None:
    return next((step for step in steps_for_many(actor) if step.verb == name), None)


def _numbers(ticked: Ticked, actor: Actor) -> list[str]:
    if not ticked.whole:
        return list(ticked.keys)
    chosen = parse_filter(MultiDict(ticked.query))
    return list(queries.numbers_of(actor, chosen, MOST + 1))


def _rows() -> dict[str, int]:
    shown = parse_shown(request.form)
    return {number: int(seq) for number, seq in shown.items() if SEQ.fullmatch(seq)}


def _query() -> list[tuple[str, str]]:
    return parse_query(request.form)


def _page(
    step: Step,
    outlooks: list[Outlook],
    bulk_id: UUID,
    ticked: Ticked,
    problems: Mapping[str, object] | None = None,
    *,
    moved: bool = False,
) -> ResponseReturnValue:
    preview = Preview("findings/bulk.html", LIST, ticked, bulk_id, outlooks)
    return preview.page(
        problems,
        moved=moved,
        step=step,
        ask=ASKS.get(step.verb, _("备注（可不填）")),
        organisations=organisations() if Needs.ORGANISATION in step.needs else [],
        Needs=Needs,
        typed={"why": why(request.form), "organisation": request.form.get("organisation", "")},
    )
