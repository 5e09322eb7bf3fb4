from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.queries import organisations
from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Invalid, NotFound
from audit.core.ids import new_id
from audit.core.language import current_language
from audit.core.settings import settings
from audit.core.text import Text
from audit.districts.queries import responsible_districts
from audit.facilities.rules import KINDS
from audit.photos.actions import ReceivedPhoto, keep_photo, receive_photo
from audit.photos.forms import told_capture
from audit.photos.gate import PhotoRefused
from audit.web.access import current_actor, needs
from audit.web.filters import applied

from .. import actions, queries
from ..forms import organisation_id, parse_filter, pictures, why
from ..models import Finding
from ..rules import SEVERITIES, STATES, VERBS, Needs, Source, State, Verb
from .listing import say, tabs
from .page import FindingPage

bp = Blueprint("findings", __name__, url_prefix="/findings")


@bp.app_template_global()
def state_text(state: State) -> Text:
    """What a state is called, for the tag that shows it."""
    return STATES[State(state)]


@bp.app_template_global()
def severity_words(severity: str) -> str:
    """What a severity means, in the language of the page."""
    return SEVERITIES[severity].in_(current_language())


STEPS = "any(confirm, reject, dispatch, report_fixed, reopen)"
JUDGEMENTS = "any(pass_recheck, fail_recheck)"
DONE: dict[Verb, Callable[[], str]] = {
    Verb.CONFIRM: lambda: _("已核实立案。"),
    Verb.REJECT: lambda: _("已记为不立案。"),
    Verb.DISPATCH: lambda: _("已派单。"),
    Verb.REPORT_FIXED: lambda: _("已报告整改完成，等待复查。"),
    Verb.REOPEN: lambda: _("已重新打开。"),
    Verb.PASS_RECHECK: lambda: _("复查合格，已销号。"),
    Verb.FAIL_RECHECK: lambda: _("复查不合格，已退回整改。"),
}


@bp.get("/")
@needs(May.SEE_FINDINGS)
def index() -> str:
    actor, chosen = current_actor(), parse_filter(request.args)
    rows, total = queries.list_findings(actor, chosen)
    query = [pair for pair in request.args.items(multi=True) if pair[0] != "page" and pair[1]]
    return render_template(
        "findings/index.html",
        rows=rows,
        total=total,
        chosen=chosen,
        pages=-(-total // queries.PER_PAGE),
        states=STATES,
        severities=SEVERITIES,
        kinds=KINDS,
        districts=responsible_districts(),
        query=query,
        tabs=tabs(query),
        applied=applied(".index", query, say),
    )


@bp.get("/<number:number>")
@needs(May.SEE_FINDINGS)
def show(number: str) -> ResponseReturnValue:
    return _page(number, {}, None)


@bp.post(f"/<number:number>/<{STEPS}:verb>")
@needs(May.CONFIRM, May.DISPATCH, May.REPORT_FIXED, May.REOPEN)
def take(number: str, verb: str) -> ResponseReturnValue:
    """One step of the finding's life. Pictures are on disk before the step is written."""
    actor, step = current_actor(), Verb(verb)
    actions.check_step(queries.get_finding(number, actor), step, actor)
    try:
        received = _received(actor) if step is Verb.REPORT_FIXED else []
        with transaction():
            finding = queries.get_finding(number, actor)
            _act(finding, step, actor, received)
    except Invalid as error:
        problems = {name: str(text) for name, text in error.problems.items()}
        return _page(number, problems, step)
    flash(DONE[step](), "success")
    return redirect(url_for(".show", number=number), HTTPStatus.SEE_OTHER)


@bp.post(f"/<number:number>/<{JUDGEMENTS}:judgement>")
@needs(May.RECHECK)
def judge(number: str, judgement: str) -> ResponseReturnValue:
    """A person re-checks what the scanner has handed over; a place is re-checked by a visit."""
    actor, step = current_actor(), Verb(judgement)
    try:
        with transaction():
            finding = queries.get_finding(number, actor)
            if finding.source is not Source.SCAN:
                raise NotFound
            passed = step is Verb.PASS_RECHECK
            actions.recheck_by_hand(finding, actor, why(request.form), passed=passed)
    except Invalid as error:
        problems = {name: str(text) for name, text in error.problems.items()}
        return _page(number, problems, step)
    flash(DONE[step](), "success")
    return redirect(url_for(".show", number=number), HTTPStatus.SEE_OTHER)


def _act(
    finding: Finding, verb: Verb, actor: Actor, received: list[tuple[UUID, ReceivedPhoto]]
) -> None:
    reason = why(request.form)
    if verb is Verb.CONFIRM:
        actions.confirm(finding, actor, reason)
    elif verb is Verb.REJECT:
        actions.reject(finding, actor, reason)
    elif verb is Verb.DISPATCH:
        actions.dispatch(finding, actor, organisation_id(request.form), reason)
    elif verb is Verb.REOPEN:
        actions.reopen(finding, actor, reason)
    else:
        told = told_capture(request.form)
        photos = [
            keep_photo(photo_id, one, actor, told=told, district=finding.district_code).id
            for photo_id, one in received
        ]
        actions.report_fixed(finding, actor, reason, photos)


def _received(actor: Actor) -> list[tuple[UUID, ReceivedPhoto]]:
    """Raises `Invalid` for the first picture that is not taken in, and for too many."""
    files, most = pictures(request.files), settings().photos_per_item
    if len(files) > most:
        raise Invalid({"photos": _("最多 %(most)s 张照片，请选最清楚的。", most=most)})
    try:
        return [(new_id(), receive_photo(file.read(), actor)) for file in files]
    except PhotoRefused as error:
        raise Invalid({"photos": error.message}) from error


def _page(number: str, problems: dict[str, str], tried: Verb | None) -> ResponseReturnValue:
    actor = current_actor()
    finding = queries.get_finding(number, actor)
    if finding.facility is None:
        raise NotFound
    page = render_template(
        "findings/show.html",
        finding=finding,
        page=FindingPage(finding, actor, problems, tried),
        organisations=organisations(),
        verbs=VERBS,
        Needs=Needs,
        Verb=Verb,
        kinds=KINDS,
        typed={"why": why(request.form), "organisation": request.form.get("organisation", "")},
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
