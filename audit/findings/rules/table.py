"""The table of a finding's life, which pages, actions, documents and tests read."""

from dataclasses import dataclass

from audit.core.actors import May
from audit.core.text import Text

from .states import OPEN_STATES, Needs, State, Verb


@dataclass(frozen=True)
class Step:
    """One row of the table: who may take a finding from where to where, and what it asks.

    `label` says what to do, `done` what was done.
    """

    verb: Verb
    frm: frozenset[State]
    to: State | None  # None: stays where it is
    may: May
    label: Text
    done: Text
    needs: tuple[Needs, ...] = ()


def _step(
    verb: Verb, frm: frozenset[State] | set[State], to: State | None, may: May,
    label: tuple[str, str], done: tuple[str, str], *needs: Needs,
) -> Step:  # fmt: skip
    return Step(verb, frozenset(frm), to, may, Text(*label), Text(*done), needs)


TRANSITIONS: tuple[Step, ...] = (
    _step(
        Verb.CONFIRM, {State.REPORTED}, State.CONFIRMED, May.CONFIRM,
        ("核实立案", "Confirm"), ("核实后立案", "Confirmed"),
    ),
    _step(
        Verb.REJECT, {State.REPORTED}, State.REJECTED, May.CONFIRM,
        ("不立案", "Do not accept"), ("核实后不立案", "Not accepted"), Needs.REASON,
    ),
    _step(
        Verb.DISPATCH, {State.CONFIRMED, State.REOPENED, State.DISPATCHED}, State.DISPATCHED,
        May.DISPATCH, ("派单", "Dispatch"), ("派给了整改单位", "Dispatched"), Needs.ORGANISATION,
    ),
    _step(
        Verb.RETURN, {State.DISPATCHED}, State.CONFIRMED, May.REPORT_FIXED,
        ("退回", "Return"), ("整改单位退回了", "Returned by the organisation"), Needs.REASON,
    ),
    _step(
        Verb.REPORT_FIXED, {State.DISPATCHED, State.REOPENED}, State.FIXED, May.REPORT_FIXED,
        ("报告已整改", "Report fixed"), ("报告已经改好", "Reported as fixed"),
        Needs.REASON, Needs.PHOTO,
    ),
    _step(
        Verb.PASS_RECHECK, {State.FIXED, State.UNSURE}, State.CLOSED, May.RECHECK,
        ("复查合格，销号", "Re-check passed, close"),
        ("复查合格，已销号", "Passed the re-check and was closed"), Needs.INSPECTION,
    ),
    _step(
        Verb.FAIL_RECHECK, {State.FIXED, State.UNSURE}, State.REOPENED, May.RECHECK,
        ("复查不合格", "Re-check failed"),
        ("复查不合格，退回整改", "Failed the re-check and was sent back"), Needs.INSPECTION,
    ),
    _step(
        Verb.NEAR_RECHECK, {State.FIXED, State.UNSURE}, State.UNSURE, May.RECHECK,
        ("复查量得的值在误差以内", "Re-check within the tool's error"),
        ("复查过，差别在量具误差以内", "Re-checked: within the tool's error"), Needs.INSPECTION,
    ),
    _step(
        Verb.ACCEPT, {State.UNSURE}, State.CLOSED, May.CONFIRM,
        ("认定合格，销号", "Accept and close"),
        ("认定合格，已销号", "Accepted and closed"), Needs.REASON,
    ),
    _step(
        Verb.REFUSE, {State.UNSURE}, State.REOPENED, May.CONFIRM,
        ("认定不合格，退回整改", "Do not accept, send back"),
        ("认定不合格，退回整改", "Not accepted and sent back"), Needs.REASON,
    ),
    _step(
        Verb.VOID, OPEN_STATES - {State.REPORTED}, State.CLOSED, May.CONFIRM,
        ("不再适用，销号", "Close as no longer applying"),
        ("不再适用，已销号", "No longer applied and was closed"), Needs.REASON,
    ),
    _step(
        Verb.REOPEN, {State.CLOSED}, State.REOPENED, May.REOPEN,
        ("重新打开", "Reopen"), ("重新打开了", "Reopened"), Needs.REASON,
    ),
    _step(
        Verb.RECONSIDER, {State.REJECTED}, State.REPORTED, May.REOPEN,
        ("重新核实", "Review again"), ("提出重新核实", "Sent back for review"),
        Needs.REASON,
    ),
    _step(
        Verb.TRUST, frozenset(State), None, May.CONFIRM,
        ("佐证核对无误", "The evidence is in order"),
        ("核对了佐证，没有问题", "Checked the evidence and found it in order"), Needs.REASON,
    ),
    _step(
        Verb.ASK_TIME, {State.DISPATCHED, State.REOPENED}, None, May.REPORT_FIXED,
        ("申请延期", "Ask for an extension"), ("整改单位申请延期", "Asked for an extension"),
        Needs.REASON, Needs.DATE,
    ),
    _step(
        Verb.GRANT_TIME, {State.DISPATCHED, State.REOPENED}, None, May.DISPATCH,
        ("同意延期", "Grant the extension"), ("同意延期", "Extension granted"), Needs.DATE,
    ),
    _step(
        Verb.REFUSE_TIME, {State.DISPATCHED, State.REOPENED}, None, May.DISPATCH,
        ("不同意延期", "Refuse the extension"), ("不同意延期", "Extension refused"), Needs.REASON,
    ),
)  # fmt: skip
RECHECKS = frozenset({Verb.PASS_RECHECK, Verb.FAIL_RECHECK, Verb.NEAR_RECHECK})
JUDGES_A_FIX = RECHECKS | {Verb.ACCEPT, Verb.REFUSE, Verb.VOID, Verb.TRUST}
ABOUT_TIME = frozenset({Verb.ASK_TIME, Verb.GRANT_TIME, Verb.REFUSE_TIME})
DECIDES_TIME = ABOUT_TIME - {Verb.ASK_TIME}
# in whatever state it is
STAYS = (Verb.JOIN, Verb.TRUST, Verb.UNDECIDED, Verb.HAND_OVER, *sorted(ABOUT_TIME))

DONE: dict[Verb, Text] = {step.verb: step.done for step in TRANSITIONS} | {
    Verb.OPEN: Text("发现了问题", "Found"),
    Verb.JOIN: Text("又发现一次", "Found again"),
    Verb.UNDECIDED: Text("复查没有得出结果", "Re-checked without a result"),
    Verb.HAND_OVER: Text("交给人来复查", "Left to a person"),
}


def steps_from(state: State) -> tuple[Step, ...]:
    return tuple(step for step in TRANSITIONS if state in step.frm)


def step_for(verb: Verb) -> Step:
    return next(step for step in TRANSITIONS if step.verb == verb)
