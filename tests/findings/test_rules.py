"""Who may take which step of a finding's life, written down apart from the table that decides."""

import itertools

import pytest

from audit.core.actors import Actor, Grant, Role
from audit.core.ids import new_id
from audit.findings.rules import (
    FINAL_STATES,
    OPEN_STATES,
    STATES,
    TRANSITIONS,
    VERBS,
    Facts,
    Needs,
    State,
    Verb,
    Why,
    refusal,
    steps_from,
    steps_open_to,
)

HERE, ELSEWHERE = "512002", "512021"
OWNER, STRANGER = new_id(), new_id()
FINDER, FIXER = new_id(), new_id()
STEPS: dict[Verb, tuple[set[str], str, set[Role]]] = {
    Verb.CONFIRM: ({"reported"}, "confirmed", {Role.COORDINATOR}),
    Verb.REJECT: ({"reported"}, "rejected", {Role.COORDINATOR}),
    Verb.DISPATCH: ({"confirmed", "dispatched", "reopened"}, "dispatched", {Role.DEPARTMENT}),
    Verb.REPORT_FIXED: ({"dispatched", "reopened"}, "fixed", {Role.ORGANISATION}),
    Verb.PASS_RECHECK: ({"fixed"}, "closed", {Role.SUPERVISOR, Role.COORDINATOR}),
    Verb.FAIL_RECHECK: ({"fixed"}, "reopened", {Role.SUPERVISOR, Role.COORDINATOR}),
    Verb.REOPEN: ({"closed", "rejected"}, "reopened", {Role.COORDINATOR, Role.DEPARTMENT}),
}  # fmt: skip
RECHECKS = {Verb.PASS_RECHECK, Verb.FAIL_RECHECK}


def facts(state: State = State.REPORTED) -> Facts:
    return Facts(state, HERE, OWNER, FINDER, FIXER)


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
    assert refusal(facts(state), verb, someone) == (expected if state in frm else Why.STATE)


@pytest.mark.parametrize("verb", STEPS)
def test_a_step_in_another_district_is_refused(verb: Verb) -> None:
    frm, _to, roles = STEPS[verb]
    state = State(min(frm))
    for role in roles - {Role.ORGANISATION}:
        assert refusal(facts(state), verb, person(role, ELSEWHERE)) is Why.DISTRICT
        assert refusal(facts(state), verb, person(role, None)) is None, "the whole city"


@pytest.mark.parametrize("district", [HERE, ELSEWHERE, None])
def test_only_the_organisation_that_was_named_reports_a_fix(district: str | None) -> None:
    """Wherever its grant lies: it answers for what was sent to it, not for a district."""
    state = facts(State.DISPATCHED)
    for organisation, why in (
        (OWNER, None),
        (STRANGER, Why.NOT_RESPONSIBLE),
        (None, Why.NOT_RESPONSIBLE),
    ):
        someone = person(Role.ORGANISATION, district, organisation)
        assert refusal(state, Verb.REPORT_FIXED, someone) is why
    nobodys = Facts(State.REOPENED, HERE, None, FINDER, None)
    assert refusal(nobodys, Verb.REPORT_FIXED, person(Role.ORGANISATION)) is Why.NOT_RESPONSIBLE


@pytest.mark.parametrize("verb", sorted(RECHECKS))
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.COORDINATOR])
def test_whoever_fixed_it_or_belongs_to_the_fixer_does_not_recheck(verb: Verb, role: Role) -> None:
    fixed = facts(State.FIXED)
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


def test_every_state_is_left_and_reached() -> None:
    reached = {State.REPORTED} | {step.to for step in TRANSITIONS}
    assert reached == set(State)
    assert all(steps_from(state) for state in State)
    assert {State.CLOSED, State.REJECTED} == FINAL_STATES
    assert set(State) == OPEN_STATES | FINAL_STATES


def test_a_finding_is_closed_by_a_recheck_alone() -> None:
    [closing] = [step for step in TRANSITIONS if step.to is State.CLOSED]
    assert closing.verb is Verb.PASS_RECHECK and Needs.INSPECTION in closing.needs


def test_what_ends_or_undoes_something_asks_why() -> None:
    for step in TRANSITIONS:
        wants_reason = step.verb in {Verb.REJECT, Verb.REPORT_FIXED, Verb.REOPEN}
        assert (Needs.REASON in step.needs) is wants_reason, step.verb


def test_every_state_and_verb_has_words_in_both_languages() -> None:
    assert set(STATES) == set(State) and set(VERBS) == set(Verb)
    for text in (*STATES.values(), *VERBS.values()):
        assert text.zh and text.en.isascii()


def test_the_page_offers_just_the_steps_that_would_be_taken() -> None:
    for state, role in itertools.product(State, Role):
        someone = person(role, organisation=OWNER if role is Role.ORGANISATION else None)
        offered = {step.verb for step in steps_open_to(facts(state), someone)}
        assert offered == {verb for verb in STEPS if refusal(facts(state), verb, someone) is None}
