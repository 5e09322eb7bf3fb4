from flask import Blueprint, render_template

from audit.core.actors import May
from audit.facilities.queries import count_by_kind
from audit.findings.queries import FindingFilter, count_by_state, list_findings
from audit.findings.rules import OPEN_STATES, State
from audit.inspections.queries import drafts_of, list_inspections
from audit.web.access import find_current_actor, public

bp = Blueprint("desk", __name__)

WAITING: tuple[tuple[May, tuple[State, ...]], ...] = (
    (May.REPORT_FIXED, (State.DISPATCHED, State.REOPENED)),
    (May.DISPATCH, (State.CONFIRMED, State.REOPENED)),
    (May.CONFIRM, (State.REPORTED,)),
    (May.RECHECK, (State.FIXED,)),
)


@bp.get("/")
@public
def start() -> str:
    """The desk of the person signed in; for others, what this is and where to sign in."""
    actor = find_current_actor()
    if actor is None:
        return render_template("desk/welcome.html")
    states = tuple(
        dict.fromkeys(state for may, names in WAITING if actor.may(may) for state in names)
    )
    waiting, waiting_total = ([], 0)
    if states and actor.may(May.SEE_FINDINGS):
        rows, waiting_total = list_findings(actor, FindingFilter(states=states))
        waiting = list(rows[:8])
    counts = count_by_state(actor) if actor.may(May.SEE_FINDINGS) else {}
    inspecting = actor.may(May.INSPECT)
    return render_template(
        "desk/start.html",
        states=states,
        waiting=waiting,
        waiting_total=waiting_total,
        open_total=sum(counts.get(state, 0) for state in OPEN_STATES),
        closed_total=counts.get(State.CLOSED, 0),
        kinds=count_by_kind(actor) if actor.may(May.SEE_FACILITIES) else {},
        drafts=drafts_of(actor) if inspecting else [],
        recent=list_inspections(actor, mine=True)[0][:5] if inspecting else [],
    )
