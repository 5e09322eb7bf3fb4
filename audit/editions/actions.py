"""One proposes which edition is in force, another publishes it."""

from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from audit.accounts.rules import covers
from audit.checklists.lint import published_editions
from audit.checklists.loader import FOLDER, checklist_ids, get_checklist
from audit.core.actors import SYSTEM, Actor, May
from audit.core.clock import now, today
from audit.core.db import db
from audit.core.errors import Conflict, Invalid, NotAllowed
from audit.core.ids import new_id
from audit.journal.actions import record

from .models import EditionDecision
from .queries import decisions_of, edition_in_force, open_proposal
from .rules import Act, DecisionState, Proposal, first_day, is_second_person

ONE_AT_A_TIME = _("这张检查表已有一份提议等待处理。请先发布或者撤回它。")
SAME_PERSON = _("这份提议是您自己提出的，要由另一位有权限的人发布，您不能发布。")
MOVED_ON = _("这份提议已经处理过了。")
OTHER_CONTENT = _("这一版的内容在提议以后变了，不能发布。请撤回这份提议，核对后重新提出。")
NOT_FINAL = _("这一版还没有定稿，内容可能再变，不能施行。")
TOO_EARLY = _("开始日期不能早于今天。")
IN_FORCE = _("那一天施行的已经是这一版。")
NOT_IN_FORCE = _("那一天施行的不是这一版，不用停用。")


def keep_shipped() -> None:
    """Lists that nobody decided anything about stay at what the software brings today, also when
    a later release brings a newer edition."""
    known = set(db.session.scalars(select(EditionDecision.checklist_id).distinct()))
    for checklist_id in checklist_ids():
        if checklist_id not in known:
            _keep_shipped(checklist_id)


def propose(decision_id: UUID, wanted: Proposal, actor: Actor) -> EditionDecision:
    """Changes nothing until somebody else publishes it. The same id a second time gives the first
    one. Raises `NotAllowed`, `Conflict`, `Invalid`, `UnknownChecklist`."""
    _check_right(actor)
    known = db.session.get(EditionDecision, decision_id)
    if known is not None:
        return known
    if open_proposal(wanted.checklist_id) is not None:
        raise Conflict(ONE_AT_A_TIME)
    _check(wanted)
    if not decisions_of(wanted.checklist_id):
        _keep_shipped(wanted.checklist_id)
    made = _add(decision_id, wanted, actor)
    _journal(actor, "propose", made, wanted.why)
    return made


def publish(made: EditionDecision, actor: Actor) -> None:
    """From its first day on it holds, never from before today. Raises `NotAllowed` for whoever
    proposed it, `Conflict` where it was settled or its content has changed."""
    _check_right(actor)
    _check_open(made)
    if not is_second_person(made.proposed_by_id, actor.id):
        raise NotAllowed(SAME_PERSON)
    if get_checklist(made.checklist_id, made.edition).content_hash != made.content_hash:
        raise Conflict(OTHER_CONTENT)
    made.starts_on = first_day(made.starts_on, today())
    _settle(made, DecisionState.DECIDED, "", actor)
    _journal(actor, made.act.value, made, made.why)


def take_back(made: EditionDecision, why: str, actor: Actor) -> None:
    """By whoever proposed it, or by another who would not publish it."""
    _check_right(actor)
    _check_open(made)
    _settle(made, DecisionState.TAKEN_BACK, why, actor)
    _journal(actor, "take_back", made, why)


def _check_right(actor: Actor) -> None:
    """What is in force is in force for the whole city."""
    if not covers(actor, May.DECIDE_EDITION, None):
        raise NotAllowed


def _check_open(made: EditionDecision) -> None:
    if made.state is not DecisionState.PROPOSED:
        raise Conflict(MOVED_ON)


def _check(wanted: Proposal) -> None:
    name, edition = wanted.checklist_id, wanted.edition
    get_checklist(name, edition)
    if f"{name} {edition}" not in published_editions(FOLDER):
        raise Invalid({"edition": NOT_FINAL})
    if wanted.starts_on < today():
        raise Invalid({"starts_on": TOO_EARLY})
    is_in_force = edition_in_force(name, wanted.starts_on) == edition
    if wanted.act is Act.PUBLISH and is_in_force:
        raise Invalid({"edition": IN_FORCE})
    if wanted.act is Act.RETIRE and not is_in_force:
        raise Invalid({"edition": NOT_IN_FORCE})


def _settle(made: EditionDecision, state: DecisionState, why: str, actor: Actor) -> None:
    made.state, made.settled_at, made.settled_why = state, now(), why
    made.settled_by_id, made.settled_by_name = actor.id, actor.name


def _keep_shipped(checklist_id: str) -> None:
    shipped = Proposal(checklist_id, get_checklist(checklist_id).edition, Act.PUBLISH, today(), "")
    made = _add(new_id(), shipped, SYSTEM)
    _settle(made, DecisionState.DECIDED, "", SYSTEM)
    _journal(SYSTEM, "ship", made, "")


def _add(decision_id: UUID, wanted: Proposal, actor: Actor) -> EditionDecision:
    made = EditionDecision(
        id=decision_id,
        checklist_id=wanted.checklist_id,
        edition=wanted.edition,
        content_hash=get_checklist(wanted.checklist_id, wanted.edition).content_hash,
        act=wanted.act,
        state=DecisionState.PROPOSED,
        starts_on=wanted.starts_on,
        why=wanted.why,
        proposed_at=now(),
        proposed_by_id=actor.id,
        proposed_by_name=actor.name,
        settled_at=None,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _journal(actor: Actor, verb: str, made: EditionDecision, why: str) -> None:
    detail = {
        "checklist": made.checklist_id,
        "edition": made.edition,
        "act": made.act.value,
        "starts_on": made.starts_on.isoformat(),
        "content": made.content_hash,
    }
    record(actor, verb, "edition", made.id, why=why, detail=detail)
