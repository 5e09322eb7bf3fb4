"""The table of a finding's life, which pages, actions, documents and tests read."""

from collections.abc import Collection
from dataclasses import dataclass

from audit.core.actors import May
from audit.core.text import Text

from .states import OPEN_STATES, WITH_THE_FIXER, Needs, Plea, State, Verb


@dataclass(frozen=True)
class Step:
    """One row of the table: who may take a finding from where to where, and what it asks.

    `label` says what to do, `done` what was done. `unnamed`: where it leads instead while no
    organisation has been named.
    """

    verb: Verb
    frm: frozenset[State]
    to: State | None  # None: stays where it is
    may: May
    label: Text
    done: Text
    needs: tuple[Needs, ...] = ()
    unnamed: State | None = None


def _step(
    verb: Verb, frm: Collection[State], to: State | None, may: May,
    label: tuple[str, str], done: tuple[str, str], *needs: Needs, unnamed: State | None = None,
) -> Step:  # fmt: skip
    return Step(verb, frozenset(frm), to, may, Text(*label), Text(*done), needs, unnamed)


_LED = OPEN_STATES - {State.REPORTED}  # somebody has made sure that it is a problem
_IN_HAND = {State.DISPATCHED, State.FIXING}
_RECHECKED = {State.FIXED, State.UNSURE}

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
        Verb.WITHDRAW, {State.REPORTED, State.CONFIRMED}, State.WITHDRAWN, May.INSPECT,
        ("撤回", "Withdraw"), ("发现的人撤回了", "Withdrawn by whoever found it"), Needs.REASON,
    ),
    _step(
        Verb.DISPATCH, {State.CONFIRMED, *WITH_THE_FIXER}, State.DISPATCHED,
        May.DISPATCH, ("派单", "Dispatch"), ("派给了整改单位", "Dispatched"), Needs.ORGANISATION,
    ),
    _step(
        Verb.START, {State.DISPATCHED}, State.FIXING, May.REPORT_FIXED,
        ("签收，开始整改", "Sign for it and start"),
        ("整改单位签收，开始整改", "Signed for; work has started"),
    ),
    _step(
        Verb.REPORT_FIXED, WITH_THE_FIXER, State.FIXED, May.REPORT_FIXED,
        ("报告已整改", "Report fixed"), ("报告已经改好", "Reported as fixed"),
        Needs.REASON, Needs.PHOTO,
    ),
    _step(
        Verb.MAKE_SAFE, WITH_THE_FIXER, None, May.REPORT_FIXED,
        ("已采取临时防护", "It has been made safe"),
        ("采取了临时防护", "Made safe for the time being"), Needs.REASON, Needs.PHOTO,
    ),
    _step(
        Verb.PASS_RECHECK, _RECHECKED, State.CLOSED, May.RECHECK,
        ("复查合格，销号", "Re-check passed, close"),
        ("复查合格，已销号", "Passed the re-check and was closed"), Needs.INSPECTION,
    ),
    _step(
        Verb.FAIL_RECHECK, _RECHECKED, State.REOPENED, May.RECHECK,
        ("复查不合格", "Re-check failed"),
        ("复查不合格，退回整改", "Failed the re-check and was sent back"), Needs.INSPECTION,
    ),
    _step(
        Verb.NEAR_RECHECK, _RECHECKED, State.UNSURE, May.RECHECK,
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
        Verb.VOID, _LED, State.CLOSED, May.CONFIRM,
        ("不再适用，销号", "Close as no longer applying"),
        ("不再适用，已销号", "No longer applied and was closed"), Needs.REASON,
    ),
    _step(
        Verb.REOPEN, {State.CLOSED}, State.REOPENED, May.REOPEN,
        ("重新打开", "Reopen"), ("重新打开了", "Reopened"), Needs.REASON,
    ),
    _step(
        Verb.RECONSIDER, {State.REJECTED, State.WITHDRAWN}, State.REPORTED, May.REOPEN,
        ("重新核实", "Review again"), ("提出重新核实", "Sent back for review"),
        Needs.REASON,
    ),
    _step(
        Verb.TRUST, frozenset(State), None, May.CONFIRM,
        ("佐证核对无误", "The evidence is in order"),
        ("核对了佐证，没有问题", "Checked the evidence and found it in order"), Needs.REASON,
    ),
    # What the organisation asks for, and the department's answers
    _step(
        Verb.ASK_TIME, WITH_THE_FIXER, None, May.REPORT_FIXED,
        ("申请延期", "Ask for an extension"), ("整改单位申请延期", "Asked for an extension"),
        Needs.REASON, Needs.DATE,
    ),
    _step(
        Verb.GRANT_TIME, WITH_THE_FIXER, None, May.DISPATCH,
        ("同意延期", "Grant the extension"), ("同意延期", "Extension granted"), Needs.DATE,
    ),
    _step(
        Verb.REFUSE_TIME, WITH_THE_FIXER, None, May.DISPATCH,
        ("不同意延期", "Refuse the extension"), ("不同意延期", "Extension refused"), Needs.REASON,
    ),
    _step(
        Verb.ASK_RETURN, _IN_HAND, None, May.REPORT_FIXED,
        ("申请退回", "Ask to return it"), ("整改单位申请退回", "Asked to return it"), Needs.REASON,
    ),
    _step(
        Verb.GRANT_RETURN, _IN_HAND, State.CONFIRMED, May.DISPATCH,
        ("同意退回", "Take it back"), ("同意退回，等改派", "Taken back, to be dispatched again"),
        Needs.REASON,
    ),
    _step(
        Verb.REFUSE_RETURN, _IN_HAND, None, May.DISPATCH,
        ("不同意退回", "Do not take it back"),
        ("裁定不退回，由这个单位整改", "Ruled that this organisation must fix it"), Needs.REASON,
    ),
    _step(
        Verb.ASK_SUBSTITUTE, WITH_THE_FIXER, None, May.REPORT_FIXED,
        ("申请替代措施", "Ask for a substitute measure"),
        ("整改单位申请用替代措施", "Asked for a substitute measure"),
        Needs.REASON, Needs.PHOTO_IF_ANY,
    ),
    _step(
        Verb.GRANT_SUBSTITUTE, WITH_THE_FIXER, State.SUBSTITUTED, May.DISPATCH,
        ("同意替代措施", "Accept the substitute"),
        ("同意用替代措施", "Substitute measure accepted"), Needs.REASON,
    ),
    _step(
        Verb.REFUSE_SUBSTITUTE, WITH_THE_FIXER, None, May.DISPATCH,
        ("不同意替代措施", "Refuse the substitute"),
        ("不同意用替代措施", "Substitute measure refused"), Needs.REASON,
    ),
    _step(
        Verb.CONTEST, WITH_THE_FIXER, None, May.REPORT_FIXED,
        ("提出异议", "Object"), ("整改单位提出异议", "Objected to the finding"),
        Needs.REASON, Needs.PHOTO_IF_ANY,
    ),
    _step(
        Verb.UPHOLD, WITH_THE_FIXER, State.REJECTED, May.DISPATCH,
        ("异议成立，不立案", "The objection holds"),
        ("异议成立，不立案", "The objection held; not accepted"),
        Needs.REASON, Needs.PHOTO_IF_ANY,
    ),
    _step(
        Verb.DISMISS, WITH_THE_FIXER, None, May.DISPATCH,
        ("异议不成立", "The objection does not hold"),
        ("异议不成立，继续整改", "The objection did not hold; it must be fixed"),
        Needs.REASON, Needs.PHOTO_IF_ANY,
    ),
    # Beside the plain way
    _step(
        Verb.PROGRAMME, {State.CONFIRMED, *WITH_THE_FIXER}, State.PROGRAMMED, May.DISPATCH,
        ("挂账，列入计划", "Programme it"), ("挂账，列入计划", "Programmed for planned works"),
        Needs.REASON, Needs.DATE,
    ),
    _step(
        Verb.RESUME, {State.PROGRAMMED, State.SUBSTITUTED}, State.DISPATCHED, May.DISPATCH,
        ("恢复整改", "Resume the fix"), ("恢复整改", "The fix was resumed"),
        Needs.REASON, unnamed=State.CONFIRMED,
    ),
    _step(
        Verb.ESCALATE, _LED, None, May.ESCALATE,
        ("督办", "Escalate"), ("列为督办", "Escalated"), Needs.REASON,
    ),
    _step(
        Verb.RELEASE, _LED, None, May.ESCALATE,
        ("解除督办", "End the escalation"), ("解除督办", "No longer escalated"), Needs.REASON,
    ),
    _step(
        Verb.REFER, _LED, None, May.REFER,
        ("移送检察机关", "Refer to the procuratorate"),
        ("线索移送检察机关", "Referred to the procuratorate"), Needs.REASON,
    ),
    _step(
        Verb.RECORD_ADVICE, frozenset(State), None, May.REFER,
        ("登记检察建议", "Record the recommendation"),
        ("主管部门收到检察建议", "The department received a recommendation"),
        Needs.REASON, Needs.DATE, Needs.URGENCY,
    ),
    _step(
        Verb.RECORD_REPLY, frozenset(State), None, May.REFER,
        ("登记书面回复", "Record the reply"),
        ("已书面回复检察建议", "The recommendation was answered in writing"),
        Needs.REASON, Needs.DATE,
    ),
    _step(
        Verb.ASSIST, _LED, None, May.DISPATCH,
        ("请协办", "Ask another to help"), ("请了协办单位", "Another was asked to help"),
        Needs.ORGANISATION,
    ),
    _step(
        Verb.END_ASSIST, frozenset(State), None, May.DISPATCH,
        ("不再协办", "End the help"), ("不再协办", "Helps no longer"),
        Needs.ASSISTANT,
    ),
    _step(
        Verb.NOTE, frozenset(State), None, May.ADD_NOTE,
        ("补充说明", "Add a note"), ("补充了说明", "Added a note"),
        Needs.REASON, Needs.PHOTO_IF_ANY,
    ),
    _step(
        Verb.MERGE, {State.REPORTED, State.CONFIRMED}, State.MERGED, May.CONFIRM,
        ("并案", "Merge"), ("并入了另一个问题", "Merged into another finding"),
        Needs.FINDING, Needs.REASON,
    ),
    _step(
        Verb.UNMERGE, {State.MERGED}, State.REPORTED, May.CONFIRM,
        ("撤销并案", "Undo the merge"), ("撤销了并案，重新核实", "Merge undone, back for review"),
        Needs.REASON,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """One kind of plea: the verbs that ask for it, grant it and refuse it."""

    ask: Verb
    grant: Verb
    refuse: Verb


ASKINGS: dict[Plea, Asking] = {
    Plea.TIME: Asking(Verb.ASK_TIME, Verb.GRANT_TIME, Verb.REFUSE_TIME),
    Plea.RETURN: Asking(Verb.ASK_RETURN, Verb.GRANT_RETURN, Verb.REFUSE_RETURN),
    Plea.SUBSTITUTE: Asking(Verb.ASK_SUBSTITUTE, Verb.GRANT_SUBSTITUTE, Verb.REFUSE_SUBSTITUTE),
    Plea.OBJECTION: Asking(Verb.CONTEST, Verb.UPHOLD, Verb.DISMISS),
}
ASKED_BY = {asking.ask: plea for plea, asking in ASKINGS.items()}
DECIDED_BY = {
    verb: plea for plea, asking in ASKINGS.items() for verb in (asking.grant, asking.refuse)
}
RECHECKS = frozenset({Verb.PASS_RECHECK, Verb.FAIL_RECHECK, Verb.NEAR_RECHECK})
JUDGES_A_FIX = RECHECKS | {Verb.ACCEPT, Verb.REFUSE, Verb.VOID, Verb.TRUST}
# what came from outside the table
_TOLD = {
    Verb.JOIN, Verb.LEAVE, Verb.UNDECIDED, Verb.HAND_OVER, Verb.TAKE_IN, Verb.LET_GO,
}  # fmt: skip
# in whatever state it is
STAYS = tuple(sorted(_TOLD | {step.verb for step in TRANSITIONS if step.to is None}))
# begins the clock of its stage anew, though the stage may be the same
ANEW = frozenset({Verb.PROGRAMME, Verb.RESUME})

DONE: dict[Verb, Text] = {step.verb: step.done for step in TRANSITIONS} | {
    Verb.OPEN: Text("发现了问题", "Found"),
    Verb.JOIN: Text("又发现一次", "Found again"),
    Verb.LEAVE: Text("一次检查撤回，少计一次", "An inspection was withdrawn; found once less"),
    Verb.RETURN: Text("整改单位退回了", "Returned by the organisation"),
    Verb.UNDECIDED: Text("复查没有得出结果", "Re-checked without a result"),
    Verb.HAND_OVER: Text("交给人来复查", "Left to a person"),
    Verb.TAKE_IN: Text("另一个问题并入了本案", "Another finding was merged into this one"),
    Verb.LET_GO: Text("并入本案的问题又分开了", "A merged finding stands alone again"),
}


def steps_from(state: State) -> tuple[Step, ...]:
    return tuple(step for step in TRANSITIONS if state in step.frm)


def step_for(verb: Verb) -> Step:
    return next(step for step in TRANSITIONS if step.verb == verb)
