"""What the office sees of its notices, and how it makes them."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.accounts.queries import get_organisation
from audit.core.actors import Actor, May
from audit.core.clock import today
from audit.core.db import transaction
from audit.core.errors import Conflict, Invalid, NotFound
from audit.core.ids import new_id
from audit.core.language import current_language
from audit.findings import queries as findings
from audit.findings.forms import parse_filter as parse_findings
from audit.findings.models import Finding
from audit.notices.queries import letters_about
from audit.notices.rules import Channel
from audit.web.access import current_actor, find_current_actor, needs
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
from audit.web.filters import applied, forgiving, list_url, narrowing

from .. import actions, queries
from ..actions import Told
from ..forms import channels, parse_filter, told_with
from ..models import Assignment
from ..rules import STANDINGS, Progress, Standing, standing
from .sheets import sheets_page, show_sheets

bp = Blueprint("assignments", __name__, url_prefix="/assignments")
FINDINGS = "findings.index"


@bp.app_template_global()
def assignment_standing(assignment: Assignment, progress: Progress) -> Standing:
    """How far a notice has come, for the tag that shows it."""
    return standing(assignment.confirmed_at is not None, assignment.receipt_due, progress, today())


@bp.app_template_global()
def assignment_of(finding: Finding) -> Assignment | None:
    """In which living notice a finding stands, for those who may send notices."""
    actor = find_current_actor()
    if actor is None or not actor.may(May.ASSIGN, finding.district_code):
        return None
    return queries.living_of([finding.id]).get(finding.id)


@bp.app_template_global()
def may_be_sent(finding: Finding) -> bool:
    """Whether a notice with this finding could be made now by whoever looks."""
    actor = find_current_actor()
    if actor is None or not actor.may(May.ASSIGN, finding.district_code):
        return False
    return not actions.foresee({finding.number: None}, actor)[0].why_not


@bp.get("/")
@needs(May.ASSIGN)
@forgiving(parse_filter)
def index() -> str:
    actor, chosen = current_actor(), parse_filter(request.args)
    rows, total = queries.list_assignments(actor, chosen)
    query = narrowing(request.args)
    return render_template(
        "assignments/index.html",
        rows=rows,
        total=total,
        chosen=chosen,
        pages=-(-total // queries.PER_PAGE),
        progress=queries.progress_of([one.id for one in rows]),
        nothing=Progress(),
        standings=STANDINGS,
        query=query,
        applied=applied(".index", query, _say),
    )


def _say(name: str, value: str) -> str:
    if name == "standing":
        return STANDINGS[Standing(value)].in_(current_language())
    return str(_("含“%(text)s”", text=value)) if name == "q" else ""


@bp.get("/new")
@needs(May.ASSIGN)
def preview() -> ResponseReturnValue:
    """Which notices would be made of the findings that were ticked; nothing is changed yet."""
    actor, ticked = current_actor(), parse_ticked(request.args)
    numbers = _numbers(ticked, actor)
    problem = why_no_preview("assign", numbers, _("还没有勾选问题。请先勾选，再预览。"))
    if problem:
        flash(problem, "error")
        return redirect(list_url(FINDINGS, ticked.query), HTTPStatus.SEE_OTHER)
    outlooks = actions.foresee(dict.fromkeys(numbers), actor)
    return _page(outlooks, new_id(), ticked, Told(_contact_of(actor)))


@bp.post("/new")
@needs(May.ASSIGN)
def make() -> ResponseReturnValue:
    """All that was shown, or nothing: then the preview comes again with what moved."""
    actor, rows, bulk_id = current_actor(), _rows(), parse_id(request.form)
    ticked = Ticked("assign", query=parse_query(request.form))
    told = Told(*told_with(request.form), channels(request.form))
    if not rows:
        raise NotFound
    try:
        with transaction():
            made = actions.make_assignments(rows, actor, told, bulk_id)
    except Invalid as wrong:
        return _page(actions.foresee(rows, actor), bulk_id, ticked, told, wrong.problems)
    except Conflict:
        return _page(actions.foresee(rows, actor), bulk_id, ticked, told, moved=True)
    if not made:
        return redirect(url_for(".sheets", sheet_id=bulk_id), HTTPStatus.SEE_OTHER)
    return show_sheets(made, bulk_id)


@bp.get("/sheets/<uuid:sheet_id>")
@needs(May.ASSIGN)
def sheets(sheet_id: UUID) -> str:
    """Notices to hand over or print, with their addresses: for ten minutes, to who made them."""
    return sheets_page(sheet_id)


@bp.get("/<uuid:assignment_id>")
@needs(May.ASSIGN)
def show(assignment_id: UUID) -> str:
    assignment = queries.get_assignment(assignment_id, current_actor())
    progress = queries.progress_of([assignment.id]).get(assignment.id, Progress())
    return render_template(
        "assignments/show.html",
        assignment=assignment,
        progress=progress,
        standings=STANDINGS,
        link=actions.open_link(assignment),
        uses=[use for link in reversed(assignment.links) for use in link.uses],
        findings=[one.finding for one in assignment.items],
        answered=queries.answered_in(assignment),
        channels=list(Channel),
        reach=actions.reachable(assignment.organisation),
        letters=letters_about(actions.page_of(assignment)),
    )


@bp.post("/<uuid:assignment_id>/reissue")
@needs(May.ASSIGN)
def reissue(assignment_id: UUID) -> ResponseReturnValue:
    """A new address; the one before opens nothing from now on."""
    actor = current_actor()
    with transaction():
        assignment = queries.get_assignment(assignment_id, actor, lock=True)
        secret = actions.reissue(assignment, actor, by=channels(request.form))
    return show_sheets([actions.Made(assignment, secret)])


@bp.post("/<uuid:assignment_id>/extend")
@needs(May.ASSIGN)
def extend(assignment_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        actions.extend(queries.get_assignment(assignment_id, actor, lock=True), actor)
    flash(_("链接的有效期已从今天起重新计算。"), "success")
    return redirect(url_for(".show", assignment_id=assignment_id), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:assignment_id>/revoke")
@needs(May.ASSIGN)
def revoke(assignment_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        actions.revoke(queries.get_assignment(assignment_id, actor, lock=True), actor)
    flash(_("链接已停用，现在起谁都打不开。"), "success")
    return redirect(url_for(".show", assignment_id=assignment_id), HTTPStatus.SEE_OTHER)


def _numbers(ticked: Ticked, actor: Actor) -> list[str]:
    if not ticked.whole:
        return list(ticked.keys)
    chosen = parse_findings(MultiDict(ticked.query))
    return list(findings.numbers_of(actor, chosen, MOST + 1))


def _rows() -> dict[str, int]:
    shown = parse_shown(request.form)
    return {key: int(mark) for key, mark in shown.items() if mark.isdecimal() and len(mark) < 7}


def _contact_of(actor: Actor) -> str:
    """Whoever sends it, with the telephone of their office where that is known."""
    phone = ""
    if actor.organisation_id is not None:
        phone = get_organisation(actor.organisation_id).phone
    return f"{actor.name} {phone}".strip()


def _page(
    outlooks: list[actions.Outlook],
    bulk_id: UUID,
    ticked: Ticked,
    told: Told,
    problems: Mapping[str, object] | None = None,
    *,
    moved: bool = False,
) -> ResponseReturnValue:
    shown = Preview("assignments/new.html", FINDINGS, ticked, bulk_id, outlooks)
    groups = actions.grouped(outlooks)
    reach = [actions.reachable(one[0].organisation) for one in groups if one[0].organisation]
    return shown.page(
        problems, moved=moved, groups=groups, reach=reach, told=told, channels=list(Channel)
    )
