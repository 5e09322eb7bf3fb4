"""Who may take which step of a finding's life, written down apart from the table that decides."""

import itertools

import pytest

from audit.core.actors import Actor, Grant, Role
from audit.core.ids import new_id
from audit.findings.rules import (
    DONE,
    OPEN_STATES,
    STATES,
    TRANSITIONS,
    Facts,
    Needs,
    State,
    Verb,
    Why,
    refusal,
    steps_open_to,
)

HERE, ELSEWHERE = "512002", "512021"
OWNER, STRANGER = new_id(), new_id()
FINDER, FIXER = new_id(), new_id()
STEPS: dict[Verb, tuple[set[str], str, set[Role]]] = {
    Verb.CONFIRM: ({"reported"}, "confirmed", {Role.COORDINATOR}),
    Verb.REJECT: ({"reported"}, "rejected", {Role.COORDINATOR}),
    Verb.DISPATCH: ({"confirmed", "dispatched", "reopened"}, "dispatched", {Role.DEPARTMENT}),
    Verb.RETURN: ({"dispatched"}, "confirmed", {Role.ORGANISATION}),
    Verb.REPORT_FIXED: ({"dispatched", "reopened"}, "fixed", {Role.ORGANISATION}),
    Verb.PASS_RECHECK: ({"fixed", "unsure"}, "closed", {Role.SUPERVISOR, Role.COORDINATOR}),
    Verb.FAIL_RECHECK: ({"fixed", "unsure"}, "reopened", {Role.SUPERVISOR, Role.COORDINATOR}),
    Verb.NEAR_RECHECK: ({"fixed", "unsure"}, "unsure", {Role.SUPERVISOR, Role.COORDINATOR}),
    Verb.ACCEPT: ({"unsure"}, "closed", {Role.COORDINATOR}),
    Verb.REFUSE: ({"unsure"}, "reopened", {Role.COORDINATOR}),
    Verb.VOID: ({"confirmed", "dispatched", "fixed", "unsure", "reopened"}, "closed",
                {Role.COORDINATOR}),
    Verb.REOPEN: ({"closed"}, "reopened", {Role.COORDINATOR, Role.DEPARTMENT}),
    Verb.RECONSIDER: ({"rejected"}, "reported", {Role.COORDINATOR, Role.DEPARTMENT}),
    Verb.TRUST: (set(State), "None", {Role.COORDINATOR}),
    Verb.ASK_TIME: ({"dispatched", "reopened"}, "None", {Role.ORGANISATION}),
    Verb.GRANT_TIME: ({"dispatched", "reopened"}, "None", {Role.DEPARTMENT}),
    Verb.REFUSE_TIME: ({"dispatched", "reopened"}, "None", {Role.DEPARTMENT}),
}  # fmt: skip
RECHECKS = {Verb.PASS_RECHECK, Verb.FAIL_RECHECK, Verb.NEAR_RECHECK}
TIME = {Verb.GRANT_TIME, Verb.REFUSE_TIME}
JUDGES = RECHECKS | {Verb.ACCEPT, Verb.REFUSE, Verb.VOID, Verb.TRUST}


def facts(state: State = State.REPORTED, *, asked: bool = False) -> Facts:
    return Facts(state, HERE, OWNER, FINDER, FIXER, doubtful=True, asked_time=asked)


def allowing(verb: Verb) -> Facts:
    return facts(State(min(STEPS[verb][0])), asked=verb in TIME)


def person(
    role: Role, district: str | None = HERE, organisation: object = None, **more: object
) -> Actor:
    districts = None if district is None else frozenset({district})
    return Actor(
        more.get("id", new_id()), "某人", (Grant(role, districts),), organisation  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_table_says_what_is_written_here() -> None:
    assert {step.verb: ({str(one) for one in step.frm}, str(step.to)) for step in TRANSITIONS} == {
        verb: (frm, to) for verb, (frm, to, _roles) in STEPS.items()
    }


@pytest.mark.parametrize(("verb", "state", "role"), list(itertools.product(STEPS, State, Role)))
def test_a_step_is_open_to_its_roles_in_its_states_only(
    verb: Verb, state: State, role: Role
) -> None:
    frm, _to, roles = STEPS[verb]
    someone = person(role, organisation=OWNER if role is Role.ORGANISATION else None)
    expected = None if role in roles else Why.ROLE
    standing = facts(state, asked=verb in TIME)
    assert refusal(standing, verb, someone) == (expected if state in frm else Why.STATE)


@pytest.mark.parametrize("verb", STEPS)
def test_a_step_in_another_district_is_refused(verb: Verb) -> None:
    for role in STEPS[verb][2] - {Role.ORGANISATION}:
        assert refusal(allowing(verb), verb, person(role, ELSEWHERE)) is Why.DISTRICT
        assert refusal(allowing(verb), verb, person(role, None)) is None, "the whole city"


@pytest.mark.parametrize("verb", [Verb.REPORT_FIXED, Verb.RETURN, Verb.ASK_TIME])
@pytest.mark.parametrize("district", [HERE, ELSEWHERE, None])
def test_only_the_organisation_that_was_named_answers_for_it(
    district: str | None, verb: Verb
) -> None:
    """Wherever its grant lies: it answers for what was sent to it, not for a district."""
    state = facts(State.DISPATCHED)
    for organisation, why in (
        (OWNER, None),
        (STRANGER, Why.NOT_RESPONSIBLE),
        (None, Why.NOT_RESPONSIBLE),
    ):
        someone = person(Role.ORGANISATION, district, organisation)
        assert refusal(state, verb, someone) is why
    nobodys = Facts(State.REOPENED, HERE, None, FINDER, None)
    assert refusal(nobodys, Verb.REPORT_FIXED, person(Role.ORGANISATION)) is Why.NOT_RESPONSIBLE


@pytest.mark.parametrize(
    ("verb", "role"), [(verb, role) for verb in sorted(JUDGES) for role in sorted(STEPS[verb][2])]
)
def test_whoever_fixed_it_or_belongs_to_the_fixer_judges_no_fix(verb: Verb, role: Role) -> None:
    fixed = allowing(verb)
    assert refusal(fixed, verb, person(role, organisation=OWNER)) is Why.FIXER
    assert refusal(fixed, verb, person(role, id=FIXER)) is Why.FIXER
    assert refusal(fixed, verb, person(role, organisation=STRANGER)) is None
    both = Actor(
        FIXER, "某人", (Grant(Role.ORGANISATION, None), Grant(role, None)), OWNER
    )  # fmt: skip
    for other in (True, False):
        assert refusal(fixed, verb, both, other_inspector=other) is Why.FIXER


@pytest.mark.parametrize("verb", sorted(RECHECKS))
def test_the_first_inspector_rechecks_only_where_that_is_allowed(verb: Verb) -> None:
    finder = person(Role.SUPERVISOR, id=FINDER)
    assert refusal(facts(State.FIXED), verb, finder) is Why.SAME_INSPECTOR
    assert refusal(facts(State.FIXED), verb, finder, other_inspector=False) is None


def test_evidence_that_nobody_doubts_needs_no_trust() -> None:
    sound = Facts(State.FIXED, HERE, OWNER, FINDER, FIXER)
    assert refusal(sound, Verb.TRUST, person(Role.COORDINATOR)) is Why.STATE


@pytest.mark.parametrize("verb", sorted(TIME))
def test_time_is_decided_once_it_was_asked_for_and_by_somebody_else(verb: Verb) -> None:
    department = person(Role.DEPARTMENT)
    assert refusal(facts(State.DISPATCHED), verb, department) is Why.STATE
    asked = facts(State.DISPATCHED, asked=True)
    assert refusal(asked, verb, department) is None
    assert refusal(asked, verb, person(Role.DEPARTMENT, organisation=OWNER)) is Why.OWN_TIME
    again = refusal(asked, Verb.ASK_TIME, person(Role.ORGANISATION, organisation=OWNER))
    assert again is Why.STATE


def test_every_state_is_left_and_reached() -> None:
    moving = [step for step in TRANSITIONS if step.to is not None]
    assert {State.REPORTED} | {step.to for step in moving} == set(State)
    assert all(any(state in step.frm for step in moving) for state in State)
    assert set(State) - {State.CLOSED, State.REJECTED} == OPEN_STATES


def test_a_fix_is_believed_by_a_recheck_or_after_one_that_was_too_near_to_tell() -> None:
    closing = {step.verb: step for step in TRANSITIONS if step.to is State.CLOSED}
    assert closing.keys() == {Verb.PASS_RECHECK, Verb.ACCEPT, Verb.VOID}
    assert Needs.INSPECTION in closing[Verb.PASS_RECHECK].needs
    assert closing[Verb.ACCEPT].frm == {State.UNSURE}
    unsure = [step for step in TRANSITIONS if step.to is State.UNSURE]
    assert all(Needs.INSPECTION in step.needs for step in unsure) and unsure


def test_what_ends_or_undoes_something_asks_why() -> None:
    silent = {Verb.CONFIRM, Verb.DISPATCH, Verb.GRANT_TIME} | RECHECKS
    for step in TRANSITIONS:
        assert (Needs.REASON in step.needs) is (step.verb not in silent), step.verb


def test_every_state_and_verb_has_words_in_both_languages() -> None:
    assert set(STATES) == set(State) and set(DONE) == set(Verb)
    labels = [step.label for step in TRANSITIONS]
    for text in (*STATES.values(), *DONE.values(), *labels):
        assert text.zh and text.en.isascii()


def test_the_page_offers_just_the_steps_that_would_be_taken() -> None:
    for state, role in itertools.product(State, Role):
        someone = person(role, organisation=OWNER if role is Role.ORGANISATION else None)
        offered = {step.verb for step in steps_open_to(facts(state), someone)}
        assert offered == {verb for verb in STEPS if refusal(facts(state), verb, someone) is None}
