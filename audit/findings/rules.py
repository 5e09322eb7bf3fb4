"""The life of a finding as data: one table that pages, actions, documents and tests read."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from audit.core.actors import Actor, May
from audit.core.text import Text


class State(StrEnum):
    REPORTED = "reported"
    REJECTED = "rejected"
    CONFIRMED = "confirmed"
    DISPATCHED = "dispatched"
    FIXED = "fixed"
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
    REPORT_FIXED = "report_fixed"
    PASS_RECHECK = "pass_recheck"  # noqa: S105 -- no password
    FAIL_RECHECK = "fail_recheck"
    UNDECIDED = "undecided"  # the scanner could not tell this time
    HAND_OVER = "hand_over"  # the scanner cannot tell at all: a person must
    REOPEN = "reopen"


class Needs(StrEnum):
    """What a step asks for beside the press of a button."""

    REASON = "reason"
    ORGANISATION = "organisation"
    PHOTO = "photo"
    INSPECTION = "inspection"  # only an inspection of round > 1 brings this step about


class Why(StrEnum):
    """Why a step is refused."""

    STATE = "state"
    ROLE = "role"
    DISTRICT = "district"
    NOT_RESPONSIBLE = "not_responsible"
    FIXER = "fixer"
    SAME_INSPECTOR = "same_inspector"


STATES: dict[State, Text] = {
    State.REPORTED: Text("待核实", "Reported"),
    State.REJECTED: Text("不立案", "Not accepted"),
    State.CONFIRMED: Text("已立案", "Confirmed"),
    State.DISPATCHED: Text("已派单", "Dispatched"),
    State.FIXED: Text("待复查", "Fixed, awaiting re-check"),
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
FINAL_STATES = frozenset(State) - OPEN_STATES


@dataclass(frozen=True)
class Step:
    """One row of the table: who may take a finding from where to where, and what it asks."""

    verb: Verb
    frm: frozenset[State]
    to: State | None  # None: stays where it is
    may: May
    label: Text
    needs: tuple[Needs, ...] = ()


def _step(
    verb: Verb, frm: set[State], to: State | None, may: May, zh: str, en: str, *needs: Needs
) -> Step:
    return Step(verb, frozenset(frm), to, may, Text(zh, en), needs)


TRANSITIONS: tuple[Step, ...] = (
    _step(
        Verb.CONFIRM, {State.REPORTED}, State.CONFIRMED, May.CONFIRM, "核实立案", "Confirm"
    ),
    _step(
        Verb.REJECT, {State.REPORTED}, State.REJECTED, May.CONFIRM, "不立案", "Do not accept",
        Needs.REASON,
    ),
    _step(
        Verb.DISPATCH, {State.CONFIRMED, State.REOPENED, State.DISPATCHED}, State.DISPATCHED,
        May.DISPATCH, "派单", "Dispatch", Needs.ORGANISATION,
    ),
    _step(
        Verb.REPORT_FIXED, {State.DISPATCHED, State.REOPENED}, State.FIXED, May.REPORT_FIXED,
        "报告已整改", "Report fixed", Needs.REASON, Needs.PHOTO,
    ),
    _step(
        Verb.PASS_RECHECK, {State.FIXED}, State.CLOSED, May.RECHECK, "复查合格，销号",
        "Re-check passed, close", Needs.INSPECTION,
    ),
    _step(
        Verb.FAIL_RECHECK, {State.FIXED}, State.REOPENED, May.RECHECK, "复查不合格",
        "Re-check failed", Needs.INSPECTION,
    ),
    _step(
        Verb.REOPEN, {State.CLOSED, State.REJECTED}, State.REOPENED, May.REOPEN, "重新打开",
        "Reopen", Needs.REASON,
    ),
)  # fmt: skip

VERBS: dict[Verb, Text] = {step.verb: step.label for step in TRANSITIONS} | {
    Verb.OPEN: Text("发现问题", "Found"),
    Verb.JOIN: Text("再次发现", "Found again"),
    Verb.UNDECIDED: Text("复查没有结果", "Re-check without result"),
    Verb.HAND_OVER: Text("交由人复查", "Left to a person"),
}


@dataclass(frozen=True)
class Facts:
    """What a decision needs to know of a finding."""

    state: State
    district: str
    organisation_id: UUID | None
    found_by: UUID | None
    fixed_by: UUID | None


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


def refusal(facts: Facts, verb: Verb, actor: Actor, *, other_inspector: bool = True) -> Why | None:
    """Why this person may not take this step now; None when they may.

    `other_inspector`: the re-check must be done by another person than the first inspector.
    """
    step = step_for(verb)
    if facts.state not in step.frm:
        return Why.STATE
    if not actor.may(step.may):
        return Why.ROLE
    if step.may == May.REPORT_FIXED:
        mine = actor.organisation_id is not None and actor.organisation_id == facts.organisation_id
        return None if mine else Why.NOT_RESPONSIBLE
    if not actor.may(step.may, facts.district):
        return Why.DISTRICT
    if Needs.INSPECTION in step.needs:
        return _may_not_recheck(facts, actor, other_inspector)
    return None


def _may_not_recheck(facts: Facts, actor: Actor, other_inspector: bool) -> Why | None:
    """Whoever fixes judges no fix: neither the person nor anybody of the same organisation."""
    if actor.id is not None and actor.id == facts.fixed_by:
        return Why.FIXER
    if actor.organisation_id is not None and actor.organisation_id == facts.organisation_id:
        return Why.FIXER
    if other_inspector and actor.id is not None and actor.id == facts.found_by:
        return Why.SAME_INSPECTOR
    return None


def steps_open_to(facts: Facts, actor: Actor, *, other_inspector: bool = True) -> list[Step]:
    return [
        step
        for step in steps_from(facts.state)
        if refusal(facts, step.verb, actor, other_inspector=other_inspector) is None
    ]
