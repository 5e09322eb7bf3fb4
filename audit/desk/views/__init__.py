"""The first page: the desk of the person signed in; for others, what this is."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _

from audit.accounts.rules import ROLES
from audit.core.actors import Actor, May, Role
from audit.core.language import current_language
from audit.facilities.queries import FacilityFilter, count_by_kind, list_facilities
from audit.facilities.rules import Review
from audit.findings.models import Finding
from audit.findings.queries import (
    FindingFilter,
    count_by_state,
    count_open_by_severity,
    list_findings,
)
from audit.findings.rules import OPEN_STATES, State
from audit.inspections.queries import count_failed, drafts_of, list_inspections
from audit.web.access import find_current_actor, public

from .first_steps import first_steps

bp = Blueprint("desk", __name__)
SHOWN = 5


@dataclass(frozen=True)
class Job:
    """A kind of work that waits for whoever may do it: `states` are where it begins.
    `by_person`: the scanner re-checks by itself what it has found."""

    may: May
    states: tuple[State, ...]
    title: object
    nothing: object
    by_person: bool = False


JOBS = (
    Job(
        May.REPORT_FIXED,
        (State.DISPATCHED, State.REOPENED),
        _("等我单位整改"),
        _("没有等您单位整改的问题"),
    ),
    Job(May.CONFIRM, (State.REPORTED,), _("待核实"), _("没有等待核实的问题")),
    Job(
        May.DISPATCH,
        (State.CONFIRMED, State.REOPENED),
        _("待派单和重新整改"),
        _("没有等待派单、也没有退回重新整改的问题"),
    ),
    Job(May.RECHECK, (State.FIXED,), _("待复查"), _("没有等待复查的问题"), by_person=True),
)


@dataclass(frozen=True)
class Waiting:
    """One kind of work with its first findings, the gravest first, and how many there are."""

    job: Job
    findings: list[Finding]
    total: int


@bp.get("/")
@public
def start() -> str:
    actor = find_current_actor()
    if actor is None:
        return render_template("desk/welcome.html")
    inspecting = actor.may(May.INSPECT)
    recent = list(list_inspections(actor, mine=True)[0]) if inspecting else []
    filed = [one for one in recent if one.filed_at][:SHOWN]
    return render_template(
        "desk/start.html",
        roles=[ROLES[role].in_(current_language()) for role in Role if role in actor.roles()],
        waiting=_waiting(actor),
        figures=_figures(actor),
        kinds=count_by_kind(actor) if actor.may(May.SEE_FACILITIES) else {},
        drafts=drafts_of(actor) if inspecting else [],
        recent=filed,
        failed=count_failed([one.id for one in filed]),
        first_steps=first_steps(actor),
    )


def _waiting(actor: Actor) -> list[Waiting]:
    if not actor.may(May.SEE_FINDINGS):
        return []
    found = []
    for job in JOBS:
        if actor.may(job.may):
            rows, total = list_findings(
                actor, FindingFilter(states=job.states, by_person=job.by_person)
            )
            found.append(Waiting(job, list(rows[:SHOWN]), total))
    return found


def _figures(actor: Actor) -> dict[str, int]:
    """Counts of what this person may see; empty for those who see no findings."""
    if not actor.may(May.SEE_FINDINGS):
        return {}
    by_state = count_by_state(actor)
    return {
        "review": _waiting_for_review(actor),
        "open": sum(by_state.get(state, 0) for state in OPEN_STATES),
        "danger": count_open_by_severity(actor).get("S1", 0),
        "closed": by_state.get(State.CLOSED, 0),
    }


def _waiting_for_review(actor: Actor) -> int:
    """Places registered on the spot that this person may accept."""
    if not actor.may(May.EDIT_FACILITY):
        return 0
    return list_facilities(actor, FacilityFilter(review=Review.WAITING))[1]
