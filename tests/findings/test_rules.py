"""Who may take which step of a finding's life, written down apart from the table that decides."""

import itertools
from dataclasses import replace

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
    Plea,
    State,
    Verb,
    Why,
    refusal,
    steps_open_to,
)

HERE, ELSEWHERE = "512002", "512021"
OWNER, STRANGER = new_id(), new_id()
FINDER, FIXER, HELPER = new_id(), new_id(), new_id()
FIXER_HAS = {"dispatched", "fixing", "reopened"}
LED = {"confirmed", "dispatched", "fixing", "programmed", "substituted", "fixed", "unsure",
       "reopened"}  # fmt: skip
EVERY = {str(state) for state in State}
OFFICE, DEPARTMENT = {Role.COORDINATOR}, {Role.DEPARTMENT}
OURS = {Role.ORGANISATION}
LOOKS = {Role.SUPERVISOR, Role.COORDINATOR}
BOTH = OFFICE | DEPARTMENT
STEPS: dict[Verb, tuple[set[str], str, set[Role]]] = {
    Verb.CONFIRM: ({"reported"}, "confirmed", OFFICE),
    Verb.REJECT: ({"reported"}, "rejected", OFFICE),
    Verb.WITHDRAW: ({"reported", "confirmed"}, "withdrawn", LOOKS),
    Verb.DISPATCH: ({"confirmed"} | FIXER_HAS, "dispatched", DEPARTMENT),
    Verb.START: ({"dispatched"}, "fixing", OURS),
    Verb.REPORT_FIXED: (FIXER_HAS, "fixed", OURS),
    Verb.MAKE_SAFE: (FIXER_HAS, "None", OURS),
    Verb.PASS_RECHECK: ({"fixed", "unsure"}, "closed", LOOKS),
    Verb.FAIL_RECHECK: ({"fixed", "unsure"}, "reopened", LOOKS),
    Verb.NEAR_RECHECK: ({"fixed", "unsure"}, "unsure", LOOKS),
    Verb.ACCEPT: ({"unsure"}, "closed", OFFICE),
    Verb.REFUSE: ({"unsure"}, "reopened", OFFICE),
    Verb.VOID: (LED, "closed", OFFICE),
    Verb.REOPEN: ({"closed"}, "reopened", BOTH),
    Verb.RECONSIDER: ({"rejected", "withdrawn"}, "reported", BOTH),
    Verb.MERGE: ({"reported", "confirmed"}, "merged", OFFICE),
    Verb.UNMERGE: ({"merged"}, "reported", OFFICE),
    Verb.TRUST: (EVERY, "None", OFFICE),
    Verb.ASK_TIME: (FIXER_HAS, "None", OURS),
    Verb.GRANT_TIME: (FIXER_HAS, "None", DEPARTMENT),
    Verb.REFUSE_TIME: (FIXER_HAS, "None", DEPARTMENT),
    Verb.ASK_RETURN: ({"dispatched", "fixing"}, "None", OURS),
    Verb.GRANT_RETURN: ({"dispatched", "fixing"}, "confirmed", DEPARTMENT),
    Verb.REFUSE_RETURN: ({"dispatched", "fixing"}, "None", DEPARTMENT),
    Verb.ASK_SUBSTITUTE: (FIXER_HAS, "None", OURS),
    Verb.GRANT_SUBSTITUTE: (FIXER_HAS, "substituted", DEPARTMENT),
    Verb.REFUSE_SUBSTITUTE: (FIXER_HAS, "None", DEPARTMENT),
    Verb.CONTEST: (FIXER_HAS, "None", OURS),
    Verb.UPHOLD: (FIXER_HAS, "rejected", DEPARTMENT),
    Verb.DISMISS: (FIXER_HAS, "None", DEPARTMENT),
    Verb.PROGRAMME: ({"confirmed"} | FIXER_HAS, "programmed", DEPARTMENT),
    Verb.RESUME: ({"programmed", "substituted"}, "dispatched", DEPARTMENT),
    Verb.ESCALATE: (LED, "None", BOTH),
    Verb.RELEASE: (LED, "None", BOTH),
    Verb.REFER: (LED, "None", OFFICE),
    Verb.RECORD_ADVICE: (EVERY, "None", OFFICE),
    Verb.RECORD_REPLY: (EVERY, "None", OFFICE),
    Verb.ASSIST: (LED, "None", DEPARTMENT),
    Verb.END_ASSIST: (EVERY, "None", DEPARTMENT),
    Verb.NOTE: (EVERY, "None", LOOKS | DEPARTMENT | OURS),
}
PLEAS = {
    "time": {Verb.GRANT_TIME, Verb.REFUSE_TIME},
    "return": {Verb.GRANT_RETURN, Verb.REFUSE_RETURN},
    "substitute": {Verb.GRANT_SUBSTITUTE, Verb.REFUSE_SUBSTITUTE},
    "objection": {Verb.UPHOLD, Verb.DISMISS},
}
ASKS = [Verb.ASK_TIME, Verb.ASK_RETURN, Verb.ASK_SUBSTITUTE, Verb.CONTEST]
DECIDES = sorted(verb for verbs in PLEAS.values() for verb in verbs)
RECHECKS = {Verb.PASS_RECHECK, Verb.FAIL_RECHECK, Verb.NEAR_RECHECK}
JUDGES = RECHECKS | {Verb.ACCEPT, Verb.REFUSE, Verb.VOID, Verb.TRUST}


def facts(state: State = State.REPORTED, verb: Verb | None = None) -> Facts:
    """With all that `verb` is called for."""
    plea = next((Plea(name) for name, verbs in PLEAS.items() if verb in verbs), None)
    return Facts(
        state, HERE, OWNER, FINDER, FIXER, doubtful=True, plea=plea, unsafe=True,
        escalated=verb is Verb.RELEASE, assistants=frozenset({HELPER}),
        referred=verb is not Verb.REFER, replies=verb is Verb.RECORD_REPLY,
    )  # fmt: skip


def allowing(verb: Verb) -> Facts:
    return facts(State(min(STEPS[verb][0])), verb)


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


@pytest.mark.parametrize(("verb", "role"), list(itertools.product(STEPS, Role)))
def test_a_step_is_open_to_its_roles_in_its_states_only(verb: Verb, role: Role) -> None:
    frm, _to, roles = STEPS[verb]
    organisation = OWNER if role is Role.ORGANISATION else None
    who = person(role, organisation=organisation, id=FINDER if verb is Verb.WITHDRAW else new_id())
    expected = None if role in roles else Why.ROLE
    for state in State:
        assert refusal(facts(state, verb), verb, who) == (
            expected if state in frm else Why.STATE
        ), state


@pytest.mark.parametrize("verb", STEPS)
def test_a_step_in_another_district_is_refused(verb: Verb) -> None:
    me = FINDER if verb is Verb.WITHDRAW else new_id()
    for role in STEPS[verb][2] - {Role.ORGANISATION}:
        assert refusal(allowing(verb), verb, person(role, ELSEWHERE, id=me)) is Why.DISTRICT
        assert refusal(allowing(verb), verb, person(role, None, id=me)) is None, "the whole city"


@pytest.mark.parametrize("verb", [Verb.START, Verb.REPORT_FIXED, Verb.MAKE_SAFE, *ASKS])
@pytest.mark.parametrize("district", [HERE, ELSEWHERE, None])
def test_only_the_organisation_that_was_named_answers_for_it(
    district: str | None, verb: Verb
) -> None:
    """Wherever its grant lies: it answers for what was sent to it, not for a district."""
    state = facts(State.DISPATCHED, verb)
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


@pytest.mark.parametrize("verb", DECIDES)
def test_a_plea_is_decided_once_it_was_made_and_by_somebody_else(verb: Verb) -> None:
    department = person(Role.DEPARTMENT)
    idle, asked = facts(State.DISPATCHED), facts(State.DISPATCHED, verb)
    assert refusal(idle, verb, department) is Why.STATE
    assert refusal(asked, verb, department) is None
    assert refusal(asked, verb, person(Role.DEPARTMENT, organisation=OWNER)) is Why.OWN_PLEA
    for other in DECIDES:
        same = asked.plea is facts(State.DISPATCHED, other).plea
        assert (refusal(asked, other, department) is None) is same
    for ask in ASKS:
        fixer = person(Role.ORGANISATION, organisation=OWNER)
        assert refusal(asked, ask, fixer) is Why.STATE, "one at a time"


@pytest.mark.parametrize("verb", [Verb.UPHOLD, Verb.DISMISS])
def test_an_objection_is_looked_at_by_somebody_who_had_no_part_in_it(verb: Verb) -> None:
    confirmer = new_id()
    asked = replace(facts(State.FIXING, verb), confirmed_by=confirmer)
    for someone, why in (
        (FINDER, Why.SECOND_LOOK), (confirmer, Why.SECOND_LOOK), (new_id(), None),
    ):  # fmt: skip
        assert refusal(asked, verb, person(Role.DEPARTMENT, id=someone)) is why


def test_whoever_was_ruled_to_fix_it_does_not_ask_to_return_it_again() -> None:
    kept = replace(facts(State.DISPATCHED), kept_by=OWNER)
    fixer = person(Role.ORGANISATION, organisation=OWNER)
    assert refusal(kept, Verb.ASK_RETURN, fixer) is Why.ARBITRATED
    assert refusal(kept, Verb.CONTEST, fixer) is None
    others = replace(kept, organisation_id=STRANGER)
    stranger = person(Role.ORGANISATION, organisation=STRANGER)
    assert refusal(others, Verb.ASK_RETURN, stranger) is None


def test_a_finding_is_withdrawn_by_its_finder_while_nobody_else_has_found_it() -> None:
    mine = person(Role.SUPERVISOR, id=FINDER)
    assert refusal(facts(), Verb.WITHDRAW, mine) is None
    assert refusal(facts(), Verb.WITHDRAW, person(Role.COORDINATOR)) is Why.NOT_FINDER
    assert refusal(replace(facts(), times_found=2), Verb.WITHDRAW, mine) is Why.STATE


@pytest.mark.parametrize("verb", [Verb.ESCALATE, Verb.RELEASE])
def test_a_department_escalates_its_own_and_the_coordinator_all(verb: Verb) -> None:
    own = replace(facts(State.DISPATCHED, verb), department_id=STRANGER)
    assert refusal(own, verb, person(Role.DEPARTMENT, organisation=STRANGER)) is None
    assert refusal(own, verb, person(Role.DEPARTMENT)) is Why.NOT_COMPETENT
    assert refusal(own, verb, person(Role.COORDINATOR)) is None


def test_who_helps_may_add_a_note_and_no_other_organisation_may() -> None:
    for organisation, why in ((OWNER, None), (HELPER, None), (STRANGER, Why.DISTRICT)):
        for district in (HERE, ELSEWHERE, None):
            someone = person(Role.ORGANISATION, district, organisation)
            assert refusal(facts(State.FIXED), Verb.NOTE, someone) is why


def test_what_stands_beside_the_state_is_not_set_or_ended_twice() -> None:
    calm = Facts(State.DISPATCHED, HERE, OWNER, FINDER, FIXER)
    busy = replace(calm, escalated=True, referred=True, replies=True)
    office, fixer = person(Role.COORDINATOR), person(Role.ORGANISATION, organisation=OWNER)
    for verb in (Verb.RELEASE, Verb.RECORD_ADVICE, Verb.RECORD_REPLY):
        assert refusal(calm, verb, office) is Why.STATE
    for verb in (Verb.ESCALATE, Verb.REFER, Verb.RECORD_ADVICE):
        assert refusal(busy, verb, office) is Why.STATE
    assert refusal(calm, Verb.MAKE_SAFE, fixer) is Why.STATE
    assert refusal(calm, Verb.END_ASSIST, person(Role.DEPARTMENT)) is Why.STATE


def test_every_state_is_left_and_reached() -> None:
    moving = [step for step in TRANSITIONS if step.to is not None]
    known = set(State)
    assert {State.REPORTED} | {step.to for step in moving} == known
    assert all(any(state in step.frm for step in moving) for state in known)
    final = {State.CLOSED, State.REJECTED, State.WITHDRAWN, State.MERGED}
    assert set(State) - final == OPEN_STATES


def test_a_fix_is_believed_by_a_recheck_or_after_one_that_was_too_near_to_tell() -> None:
    closing = {step.verb: step for step in TRANSITIONS if step.to is State.CLOSED}
    assert closing.keys() == {Verb.PASS_RECHECK, Verb.ACCEPT, Verb.VOID}
    assert Needs.INSPECTION in closing[Verb.PASS_RECHECK].needs
    assert closing[Verb.ACCEPT].frm == {State.UNSURE}
    unsure = [step for step in TRANSITIONS if step.to is State.UNSURE]
    assert all(Needs.INSPECTION in step.needs for step in unsure) and unsure


def test_what_ends_or_undoes_something_asks_why() -> None:
    silent = {Verb.CONFIRM, Verb.DISPATCH, Verb.GRANT_TIME, Verb.START} | RECHECKS
    silent |= {Verb.ASSIST, Verb.END_ASSIST}
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
