"""The life of a finding as data: one table that pages, actions, documents and tests read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from audit.clocks.rules import Stage
from audit.core.actors import Actor, May
from audit.core.text import Text


class State(StrEnum):
    REPORTED = "reported"
    REJECTED = "rejected"
    CONFIRMED = "confirmed"
    DISPATCHED = "dispatched"
    FIXED = "fixed"
    UNSURE = "unsure"  # re-checked, and too near the limit to tell
    CLOSED = "closed"
    REOPENED = "reopened"


class Source(StrEnum):
    INSPECTION = "inspection"
    SCAN = "scan"


class Verb(StrEnum):
    OPEN = "open"
    JOIN = "join"
    CONFIRM = "confirm"
    REJECT = "reject"
    DISPATCH = "dispatch"
    RETURN = "return"
    REPORT_FIXED = "report_fixed"
    PASS_RECHECK = "pass_recheck"  # noqa: S105 -- no password
    FAIL_RECHECK = "fail_recheck"
    UNDECIDED = "undecided"  # the scanner could not tell this time
    HAND_OVER = "hand_over"  # the scanner cannot tell at all: a person must
    NEAR_RECHECK = "near_recheck"
    ACCEPT = "accept"
    REFUSE = "refuse"
    VOID = "void"
    REOPEN = "reopen"
    RECONSIDER = "reconsider"
    TRUST = "trust"
    ASK_TIME = "ask_time"
    GRANT_TIME = "grant_time"
    REFUSE_TIME = "refuse_time"


class Needs(StrEnum):
    """What a step asks for beside the press of a button."""

    REASON = "reason"
    ORGANISATION = "organisation"
    PHOTO = "photo"
    INSPECTION = "inspection"  # only an inspection of round > 1 brings this step about
    DATE = "date"  # a last day


class Why(StrEnum):
    """Why a step is refused."""

    STATE = "state"
    ROLE = "role"
    DISTRICT = "district"
    NOT_RESPONSIBLE = "not_responsible"
    FIXER = "fixer"
    SAME_INSPECTOR = "same_inspector"
    OWN_TIME = "own_time"


STATES: dict[State, Text] = {
    State.REPORTED: Text("待核实", "Reported"),
    State.REJECTED: Text("不立案", "Not accepted"),
    State.CONFIRMED: Text("已立案", "Confirmed"),
    State.DISPATCHED: Text("已派单", "Dispatched"),
    State.FIXED: Text("待复查", "Fixed, awaiting re-check"),
    State.UNSURE: Text("待认定", "Too close to tell"),
    State.CLOSED: Text("已销号", "Closed"),
    State.REOPENED: Text("重新整改", "Reopened"),
}
SEVERITIES: dict[str, Text] = {
    "S1": Text("有受伤危险", "Danger of injury"),
    "S2": Text("无法使用", "Stops someone using it"),
    "S3": Text("使用困难", "Hard to use"),
    "S4": Text("建议改进", "Could be better"),
}
OPEN_STATES = frozenset(State) - {State.CLOSED, State.REJECTED}


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
# Which clock runs. What nobody has been named for waits for dispatch, also when it came back.
STAGE_OF: dict[State, Stage] = {
    State.REPORTED: Stage.CONFIRM,
    State.CONFIRMED: Stage.DISPATCH,
    State.DISPATCHED: Stage.FIX,
    State.REOPENED: Stage.FIX,
    State.FIXED: Stage.RECHECK,
    State.UNSURE: Stage.RECHECK,
}

DONE: dict[Verb, Text] = {step.verb: step.done for step in TRANSITIONS} | {
    Verb.OPEN: Text("发现了问题", "Found"),
    Verb.JOIN: Text("又发现一次", "Found again"),
    Verb.UNDECIDED: Text("复查没有得出结果", "Re-checked without a result"),
    Verb.HAND_OVER: Text("交给人来复查", "Left to a person"),
}


@dataclass(frozen=True)
class Facts:
    """What a decision needs to know of a finding."""

    state: State
    district: str
    organisation_id: UUID | None
    found_by: UUID | None
    fixed_by: UUID | None
    doubtful: bool = False
    asked_time: bool = False


def needs_of(step: Step, source: Source) -> tuple[Needs, ...]:
    """What a step asks for. A website's fix is seen by the next scan, so it needs no photo; where
    a person re-checks it, at a desk, there is no inspection but a reason."""
    if source is not Source.SCAN:
        return step.needs
    needs = [need for need in step.needs if need is not Needs.PHOTO]
    return tuple(Needs.REASON if need is Needs.INSPECTION else need for need in needs)


def steps_from(state: State) -> tuple[Step, ...]:
    return tuple(step for step in TRANSITIONS if state in step.frm)


def step_for(verb: Verb) -> Step:
    return next(step for step in TRANSITIONS if step.verb == verb)


def steps_for_many(actor: Actor) -> tuple[Step, ...]:
    """Steps that this person may take with many findings at once: those for which none of them
    needs a picture, a visit or a day of its own."""
    own = {Needs.PHOTO, Needs.INSPECTION, Needs.DATE}
    return tuple(step for step in TRANSITIONS if not own & {*step.needs} and actor.may(step.may))


def refusal(facts: Facts, verb: Verb, actor: Actor, *, other_inspector: bool = True) -> Why | None:
    """Why this person may not take this step now; None when they may.

    `other_inspector`: the re-check must be done by another person than the first inspector.
    """
    step = step_for(verb)
    if facts.state not in step.frm or not _is_called_for(facts, verb):
        return Why.STATE
    if not actor.may(step.may):
        return Why.ROLE
    if step.may == May.REPORT_FIXED:
        return None if _is_of_the_fixer(facts, actor) else Why.NOT_RESPONSIBLE
    if not actor.may(step.may, facts.district):
        return Why.DISTRICT
    return _bias(facts, step, actor, other_inspector)


def _is_called_for(facts: Facts, verb: Verb) -> bool:
    """What looks into doubts needs some; time is asked for once and then decided."""
    if verb is Verb.TRUST:
        return facts.doubtful
    if verb in ABOUT_TIME:
        return facts.asked_time is (verb in DECIDES_TIME)
    return True


def _is_of_the_fixer(facts: Facts, actor: Actor) -> bool:
    return actor.organisation_id is not None and actor.organisation_id == facts.organisation_id


def _bias(facts: Facts, step: Step, actor: Actor, other_inspector: bool) -> Why | None:
    """Whoever fixes judges no fix: neither the person nor anybody of the same organisation."""
    fixed_it = actor.id is not None and actor.id == facts.fixed_by
    if step.verb in JUDGES_A_FIX and (fixed_it or _is_of_the_fixer(facts, actor)):
        return Why.FIXER
    if step.verb in DECIDES_TIME and _is_of_the_fixer(facts, actor):
        return Why.OWN_TIME
    found_it = actor.id is not None and actor.id == facts.found_by
    if Needs.INSPECTION in step.needs and other_inspector and found_it:
        return Why.SAME_INSPECTOR
    return None


def steps_open_to(facts: Facts, actor: Actor, *, other_inspector: bool = True) -> list[Step]:
    return [
        step
        for step in steps_from(facts.state)
        if refusal(facts, step.verb, actor, other_inspector=other_inspector) is None
    ]


def stage_of(state: State, organisation_id: UUID | None) -> Stage | None:
    """Which clock runs; None for what is closed or rejected."""
    stage = STAGE_OF.get(state)
    return Stage.DISPATCH if stage is Stage.FIX and organisation_id is None else stage


@dataclass(frozen=True)
class TimeNote:
    """What one event says of time. `limit_stage`: which clock began with it, if one did;
    `until`: the day that was asked for or granted."""

    verb: Verb
    at: datetime
    limit_stage: Stage | None = None
    ended: bool = False
    until: date | None = None


@dataclass(frozen=True)
class Running:
    """The clock that runs after some events, read from them alone."""

    stage: Stage | None = None
    since: datetime | None = None
    extended_to: date | None = None
    asked_until: date | None = None


def running(events: Iterable[TimeNote]) -> Running:
    """The life so far, replayed: a stage begins where an event says so, and what was asked and
    granted before it ends."""
    now = Running()
    for event in events:
        if event.limit_stage is not None:
            now = Running(event.limit_stage, event.at)
        elif event.ended:
            now = Running()
        elif event.verb is Verb.ASK_TIME:
            now = replace(now, asked_until=event.until)
        elif event.verb is Verb.GRANT_TIME:
            now = replace(now, asked_until=None, extended_to=event.until)
        elif event.verb is Verb.REFUSE_TIME:
            now = replace(now, asked_until=None)
    return now
