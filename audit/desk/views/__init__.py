"""The first page: the desk of the person signed in; for others, what this is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _

from audit.accounts.rules import ROLES
from audit.assignments.queries import count_late as count_late_receipts
from audit.clusters.queries import count_clusters
from audit.core.actors import Actor, May, Role
from audit.core.language import current_language
from audit.facilities.models import Facility
from audit.facilities.queries import (
    FacilityFilter,
    count_by_kind,
    count_facilities,
    list_facilities,
)
from audit.facilities.rules import Review, Seen
from audit.findings.models import Finding, FindingEvent
from audit.findings.queries import (
    FindingFilter,
    count_by_state,
    count_late,
    count_open_at,
    count_open_by_severity,
    list_findings,
    turns_of,
)
from audit.findings.rules import OPEN_STATES, Mark, State
from audit.inspections.queries import (
    count_missed,
    drafts_of,
    list_inspections,
    visit_numbers,
)
from audit.web.access import find_current_actor, public

from .edition_news import edition_news
from .first_steps import first_steps

bp = Blueprint("desk", __name__)
SHOWN = 5


@dataclass(frozen=True)
class Job:
    """A kind of work that waits for whoever may do it: `chosen` are the findings where it begins.

    `own`: only what the routes give to the department that this person belongs to. What comes up
    seldom has no word for `nothing`, and then is not shown.
    """

    may: May
    chosen: FindingFilter
    title: object
    nothing: object = ""
    own: bool = False

    def of(self, actor: Actor) -> "Job | None":
        """As it is for this person; None where they belong nowhere."""
        if not self.own:
            return self
        mine = actor.organisation_id
        return replace(self, chosen=replace(self.chosen, department=mine)) if mine else None

    @property
    def address(self) -> dict[str, object]:
        """What narrows the whole list to these findings."""
        narrowed: dict[str, object] = {"state": [str(one) for one in self.chosen.states]}
        flags = {name: getattr(self.chosen, name) for name in ("returned", "doubtful", "asked")}
        narrowed |= {name: 1 for name, is_on in flags.items() if is_on}
        narrowed |= {"mark": self.chosen.mark.value} if self.chosen.mark else {}
        narrowed |= {"department": self.chosen.department} if self.chosen.department else {}
        return narrowed | ({"by": "person"} if self.chosen.by_person else {})


JOBS = (
    Job(
        May.REPORT_FIXED,
        FindingFilter(states=(State.DISPATCHED, State.FIXING, State.REOPENED)),
        _("等我单位整改"),
        _("没有等您单位整改的问题"),
    ),
    Job(
        May.CONFIRM,
        FindingFilter(states=(State.REPORTED,)),
        _("待核实"),
        _("没有等待核实的问题"),
    ),
    Job(May.CONFIRM, FindingFilter(states=(State.UNSURE,)), _("待认定（复查在误差以内）")),
    Job(May.CONFIRM, FindingFilter(doubtful=True), _("佐证待核对")),
    Job(May.CONFIRM, FindingFilter(returned=True), _("被退回，待主管部门改派")),
    Job(
        May.DISPATCH,
        FindingFilter(states=(State.CONFIRMED, State.REOPENED)),
        _("归我部门办理的"),
        own=True,
    ),
    Job(
        May.DISPATCH,
        FindingFilter(states=(State.CONFIRMED, State.REOPENED)),
        _("待派单和重新整改"),
        _("没有等待派单、也没有退回重新整改的问题"),
    ),
    Job(May.DISPATCH, FindingFilter(open=True, asked=True), _("整改单位的申请，待答复")),
    Job(May.DISPATCH, FindingFilter(open=True, mark=Mark.UNSAFE_LATE), _("临时防护超期")),
    Job(May.REFER, FindingFilter(mark=Mark.REPLY_DUE), _("检察建议待书面回复")),
    Job(
        May.RECHECK,
        FindingFilter(states=(State.FIXED,), by_person=True),
        _("待复查"),
        _("没有等待复查的问题"),
    ),
)


@dataclass(frozen=True)
class Waiting:
    """One kind of work with its first findings, the gravest first, how many there are, and of
    those that came back the step that brought them back."""

    job: Job
    findings: list[Finding]
    total: int
    turns: dict[UUID, FindingEvent]


@bp.get("/")
@public
def start() -> str:
    actor = find_current_actor()
    if actor is None:
        return render_template("desk/welcome.html")
    inspecting = actor.may(May.INSPECT)
    recent = list(list_inspections(actor, mine=True)[0]) if inspecting else []
    filed = [one for one in recent if one.stands][:SHOWN]
    drafts = list(drafts_of(actor)) if inspecting else []
    unreviewed, count = _unreviewed(actor)
    return render_template(
        "desk/start.html",
        roles=[ROLES[role].in_(current_language()) for role in Role if role in actor.roles()],
        waiting=_waiting(actor),
        figures=_figures(actor),
        unreviewed_total=count,
        revisits=_revisits(actor),
        kinds=count_by_kind(actor) if actor.may(May.SEE_FACILITIES) else {},
        drafts=drafts,
        numbers=visit_numbers([*drafts, *filed]),
        recent=filed,
        missed=count_missed([one.id for one in filed]),
        first_steps=first_steps(actor),
        unreviewed=unreviewed[:SHOWN],
        unreviewed_open=count_open_at([one.id for one in unreviewed[:SHOWN]]),
        edition_news=edition_news(actor),
        unconfirmed=count_late_receipts(actor),
        suspected=count_clusters(actor) if actor.may(May.CONFIRM) else 0,
    )


def _waiting(actor: Actor) -> list[Waiting]:
    if not actor.may(May.SEE_FINDINGS):
        return []
    found = []
    for job in filter(None, (one.of(actor) for one in JOBS)):
        if actor.may(job.may):
            rows, total = list_findings(actor, job.chosen)
            if total or job.nothing:
                first = list(rows[:SHOWN])
                found.append(Waiting(job, first, total, turns_of(first)))
    return found


def _figures(actor: Actor) -> dict[str, int]:
    """Counts of what this person may see; empty for those who see no findings."""
    if not actor.may(May.SEE_FINDINGS):
        return {}
    by_state = count_by_state(actor)
    return {
        "late": count_late(actor),
        "open": sum(by_state.get(state, 0) for state in OPEN_STATES),
        "danger": count_open_by_severity(actor).get("S1", 0),
        "closed": by_state.get(State.CLOSED, 0),
    }


def _revisits(actor: Actor) -> dict[Seen, int]:
    """How many places this person may inspect, or must see inspected, wait for a full visit."""
    if not (actor.may(May.INSPECT) or actor.may(May.EDIT_FACILITY)):
        return dict.fromkeys(Seen, 0)
    return {one: count_facilities(actor, FacilityFilter(seen=one)) for one in Seen}


def _unreviewed(actor: Actor) -> tuple[Sequence[Facility], int]:
    """Places made on the spot that this person may accept, the first of them, and how many."""
    if not actor.may(May.EDIT_FACILITY):
        return [], 0
    return list_facilities(actor, FacilityFilter(review=Review.WAITING))
