"""Which edition is in force, who proposed it, who published it."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.rules import covers
from audit.checklists.loader import UnknownChecklist, editions_of, get_checklist
from audit.core.actors import May
from audit.core.clock import today
from audit.core.db import transaction
from audit.core.errors import Invalid, NotAllowed, NotFound
from audit.core.ids import new_id
from audit.web.access import current_actor, needs, signed_in
from audit.web.fields import paragraphs

from . import actions, queries
from .forms import LONGEST_WHY, RETIRE, ProposalForm, blank_form, parse_proposal
from .rules import Act, DecisionState, coming, is_second_person, offered

bp = Blueprint("editions", __name__, url_prefix="/standards")
LIST = "/lists/<string(maxlength=80):checklist_id>/editions"


@bp.get(LIST)
@signed_in
def show(checklist_id: str) -> ResponseReturnValue:
    """What is in force, what waits, and all that was ever decided about a list."""
    return _page(checklist_id, blank_form())


@bp.post(f"{LIST}/propose")
@needs(May.DECIDE_EDITION)
def propose(checklist_id: str) -> ResponseReturnValue:
    actor = current_actor()
    if not covers(actor, May.DECIDE_EDITION, None):
        raise NotAllowed
    in_force = queries.edition_in_force(_known(checklist_id))
    choices = offered(editions_of(checklist_id), in_force)
    form = parse_proposal(checklist_id, in_force, choices, request.form)
    if form.wanted is None:
        return _page(checklist_id, form)
    try:
        with transaction():
            actions.propose(new_id(), form.wanted, actor)
    except Invalid as error:
        form.problems = {name: str(text) for name, text in error.problems.items()}
        return _page(checklist_id, form)
    flash(_("已提出。要由另一位有权限的人发布；在那以前什么也不变。"), "success")
    return _back(checklist_id)


@bp.post("/editions/<uuid:decision_id>/publish")
@needs(May.DECIDE_EDITION)
def publish(decision_id: UUID) -> ResponseReturnValue:
    with transaction():
        made = queries.get_decision(decision_id)
        actions.publish(made, current_actor())
        checklist_id, day = made.checklist_id, made.starts_on.isoformat()
    flash(_("已发布，从 %(day)s 起生效。已经提交的检查保持原来的判定。", day=day), "success")
    return _back(checklist_id)


@bp.post("/editions/<uuid:decision_id>/take-back")
@needs(May.DECIDE_EDITION)
def take_back(decision_id: UUID) -> ResponseReturnValue:
    why = paragraphs(request.form.get("why", ""))[:LONGEST_WHY]
    made = queries.get_decision(decision_id)
    checklist_id = made.checklist_id
    if not why and covers(current_actor(), May.DECIDE_EDITION, None):
        flash(_("没有撤回：请写明原因。"), "error")
        return _back(checklist_id)
    with transaction():
        actions.take_back(queries.get_decision(decision_id), why, current_actor())
    flash(_("提议已撤回，施行的版本不变。"), "success")
    return _back(checklist_id)


def _page(checklist_id: str, form: ProposalForm) -> ResponseReturnValue:
    in_force, actor = queries.edition_in_force(_known(checklist_id)), current_actor()
    editions, rows = editions_of(checklist_id), queries.decisions_of(checklist_id)
    waiting = next((row for row in rows if row.state is DecisionState.PROPOSED), None)
    decides = covers(actor, May.DECIDE_EDITION, None)
    page = render_template(
        "editions/show.html",
        checklist=get_checklist(checklist_id, in_force),
        editions=editions,
        in_force=in_force,
        coming=coming(today(), queries.rulings(checklist_id).get(checklist_id, [])),
        waiting=waiting,
        settled=[row for row in rows if row.state is not DecisionState.PROPOSED],
        offered=offered(editions, in_force),
        decides=decides,
        is_second=waiting is not None and is_second_person(waiting.proposed_by_id, actor.id),
        form=form,
        acts=Act,
        states=DecisionState,
        retire=RETIRE,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.problems else HTTPStatus.OK


def _known(checklist_id: str) -> str:
    try:
        return get_checklist(checklist_id).id
    except UnknownChecklist as error:
        raise NotFound from error


def _back(checklist_id: str) -> ResponseReturnValue:
    return redirect(url_for(".show", checklist_id=checklist_id), HTTPStatus.SEE_OTHER)
