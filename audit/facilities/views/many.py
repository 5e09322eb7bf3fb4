"""One change to many facilities: ticked in the list, looked at in a preview, then made together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from audit.accounts.queries import organisations
from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Conflict, NotFound
from audit.core.ids import new_id
from audit.findings.queries import count_open_at
from audit.journal.queries import entries_about
from audit.web.access import current_actor, needs
from audit.web.bulk import MOST, Ticked, parse_id, parse_query, parse_shown, parse_ticked
from audit.web.fields import paragraphs
from audit.web.filters import list_url

from .. import actions, queries
from ..forms import parse_filter
from ..models import Facility
from ..rules.many import ACTS, PROGRAMMES, Act, Deed, Standing, WhyNot, why_not
from .register import LONGEST_WHY

bp = Blueprint("many_places", __name__, url_prefix="/facilities/bulk")
LIST = "facilities.index"
SAYS: Mapping[WhyNot, object] = {
    WhyNot.GONE: lazy_gettext("这一处已经注销。"),
    WhyNot.OPEN_FINDINGS: lazy_gettext("还有未销号的问题，现在不能注销。请先办结它们。"),
    WhyNot.NOT_ASKED: lazy_gettext("这一类设施不登记所属专项。"),
    WhyNot.HAS_IT: lazy_gettext("已经在这个专项里。"),
    WhyNot.LACKS_IT: lazy_gettext("不在这个专项里。"),
}
NOT_THERE = lazy_gettext("没有这处设施，或者不归您管。")
Rows = Mapping[str, str | None]  # number → the mark of what was shown; None: nothing yet


@dataclass(frozen=True)
class Outlook:
    """What the act would do to one facility. `mark` is of just what the preview rests on."""

    number: str
    facility: Facility | None
    why_not: object = ""
    mark: str = ""
    moved: bool = False


def _foresee(rows: Rows, act: Act, actor: Actor, *, lock: bool = False) -> list[Outlook]:
    """In the order of `rows`. Of what this person may not change nothing is told."""
    found = queries.facilities_named(rows, actor, May.EDIT_FACILITY, lock=lock)
    known = {one.number: one for one in found}
    counts = count_open_at([one.id for one in found])
    outlooks = []
    for number, mark in rows.items():
        one = known.get(number)
        if one is None:
            outlooks.append(Outlook(number, None, NOT_THERE, moved=mark is not None))
            continue
        now = _standing(one, sum(counts.get(one.id, {}).values()))
        why = why_not(act, now)
        present = sha256(repr(now).encode()).hexdigest()[:16]
        moved = mark not in (None, present)
        outlooks.append(Outlook(number, one, SAYS[why] if why else "", present, moved))
    return outlooks


def _standing(one: Facility, open_findings: int) -> Standing:
    tags = tuple(one.facts.get(PROGRAMMES, ()))
    return Standing(one.kind, one.active, one.organisation_id, tags, open_findings)


@bp.get("")
@needs(May.EDIT_FACILITY)
def preview() -> ResponseReturnValue:
    """What an act would do to the rows that were ticked; nothing is changed yet."""
    actor, ticked = current_actor(), parse_ticked(request.args)
    act, numbers = ACTS.get(ticked.act), _numbers(ticked, actor)
    problem = _why_no_preview(act, numbers)
    if act is None or problem:
        flash(problem, "error")
        return redirect(list_url(LIST, ticked.query), HTTPStatus.SEE_OTHER)
    return _page(act, _foresee(dict.fromkeys(numbers), act, actor), new_id(), ticked)


@bp.post("")
@needs(May.EDIT_FACILITY)
def take() -> ResponseReturnValue:
    """All that were shown as possible, or none: then the preview comes again with what moved."""
    actor, bulk_id, rows = current_actor(), parse_id(request.form), parse_shown(request.form)
    ticked = Ticked(request.form.get("act", ""), query=parse_query(request.form))
    act = ACTS.get(ticked.act)
    if act is None or not rows:
        raise NotFound
    problems = _problems(act)
    if problems:
        return _page(act, _foresee(rows, act, actor), bulk_id, ticked, problems)
    try:
        with transaction():
            _change(act, rows, actor, bulk_id)
    except Conflict:
        return _page(act, _foresee(rows, act, actor), bulk_id, ticked, moved=True)
    where = url_for(".done", bulk_id=bulk_id, query=ticked.back or None)
    return redirect(where, HTTPStatus.SEE_OTHER)


def _change(act: Act, rows: Mapping[str, str], actor: Actor, bulk_id: UUID) -> None:
    """The same id a second time changes nothing. Raises `Conflict` when one of them has moved."""
    known = entries_about("bulk_facilities", bulk_id, 1)
    if known and known[0].actor_id == actor.id:
        return
    outlooks = _foresee(rows, act, actor, lock=True)
    if known or any(one.moved or one.why_not for one in outlooks):
        raise Conflict
    places = sorted((one.facility for one in outlooks if one.facility), key=lambda one: one.id)
    chosen = UUID(request.form["organisation"]) if act.deed is Deed.ORGANISATION else None
    actions.change_many(places, act, actor, bulk_id, why=_why(), organisation_id=chosen)


@bp.get("/<uuid:bulk_id>")
@needs(May.EDIT_FACILITY)
def done(bulk_id: UUID) -> str:
    """What one has done, with the facilities as they are now. It is nobody else's page."""
    actor = current_actor()
    entry = next(iter(entries_about("bulk_facilities", bulk_id, 1)), None)
    if entry is None or entry.actor_id != actor.id:
        raise NotFound
    return render_template(
        "facilities/bulk_done.html",
        act=ACTS[entry.detail["act"]],
        count=len(entry.detail["numbers"]),
        places=queries.facilities_named(entry.detail["numbers"], actor, May.SEE_FACILITIES),
        back=list_url(LIST, parse_query(request.args)),
    )


def _numbers(ticked: Ticked, actor: Actor) -> Sequence[str]:
    if not ticked.whole:
        return ticked.keys
    return queries.numbers_of(actor, parse_filter(MultiDict(ticked.query)), MOST + 1)


def _why_no_preview(act: Act | None, numbers: Sequence[str]) -> str:
    if act is None:
        return str(_("请先选要办的一步，再预览。"))
    if not numbers:
        return str(_("还没有勾选设施。请先勾选，再预览。"))
    if len(numbers) > MOST:
        return str(_("一次最多办 %(most)s 个。请缩小筛选范围，分几次办。", most=MOST))
    return ""


def _why() -> str:
    return paragraphs(request.form.get("why", ""))


def _problems(act: Act) -> dict[str, str]:
    if act.deed is Deed.RETIRE and not _why():
        return {"why": str(_("请写明原因，别人以后要看得懂。"))}
    if len(_why()) > LONGEST_WHY:
        return {"why": str(_("太长了，最多 %(most)s 个字。", most=LONGEST_WHY))}
    known = {str(one.id) for one in organisations()}
    if act.deed is Deed.ORGANISATION and request.form.get("organisation") not in known:
        return {"organisation": str(_("请从列表中选一项。"))}
    return {}


def _page(
    act: Act,
    outlooks: Sequence[Outlook],
    bulk_id: UUID,
    ticked: Ticked,
    problems: Mapping[str, str] | None = None,
    *,
    moved: bool = False,
) -> ResponseReturnValue:
    page = render_template(
        "facilities/bulk.html",
        act=act,
        will=[one for one in outlooks if not one.why_not],
        will_not=[one for one in outlooks if one.why_not],
        moved=moved,
        bulk_id=bulk_id,
        query=ticked.back,
        back=list_url(LIST, ticked.query),
        organisations=organisations() if act.deed is Deed.ORGANISATION else [],
        problems=problems or {},
        typed={"why": _why(), "organisation": request.form.get("organisation", "")},
    )
    if moved:
        return page, HTTPStatus.CONFLICT
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
