"""The story before it is told: in order, within its time, and allowed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from audit.checklists.rules import Answers, Verdict, judge
from audit.core.actors import PERMISSIONS
from audit.demo.happenings import Happening, Registering, Shot, Step, Visit, shots_of
from audit.demo.placing import checklist_of
from audit.demo.plan import DAYS, plan_city
from audit.demo.reading import people, places
from audit.findings.rules import State, Verb, step_for

END = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
SEEDS = (1, 2, 3, 20261124)
MEASURED = {
    Verb.PASS_RECHECK: Verdict.PASS,
    Verb.FAIL_RECHECK: Verdict.FAIL,
    Verb.NEAR_RECHECK: Verdict.SECOND_LOOK,
}
PLACES = {place.key: place for place in places()}
PEOPLE = {one.login: one for one in people()}


@pytest.fixture(scope="module", params=[(seed, small) for seed in SEEDS for small in (False, True)])
def story(request: pytest.FixtureRequest) -> Sequence[Happening]:
    seed, small = request.param
    return plan_city(seed, END, small=small)


def test_a_seed_always_tells_the_same_story_and_another_one_another() -> None:
    assert plan_city(5, END, small=True) == plan_city(5, END, small=True)
    assert plan_city(5, END, small=True) != plan_city(6, END, small=True)


def test_it_happens_in_order_within_two_months(story: Sequence[Happening]) -> None:
    moments = [one.at for one in story]
    assert moments == sorted(moments)
    assert END - timedelta(days=DAYS) <= moments[0] and moments[-1] < END
    visits = [one.at for one in story if isinstance(one, Visit)]
    assert visits[-1] - visits[0] > timedelta(days=50)


def test_nobody_visits_a_place_before_it_is_registered(story: Sequence[Happening]) -> None:
    known: set[str] = set()
    for one in story:
        if isinstance(one, Registering):
            known.add(one.place)
        assert one.place in known


def test_every_state_is_reached_by_steps_of_the_table(story: Sequence[Happening]) -> None:
    states: dict[tuple[str, str], State] = {}
    for one in story:
        if isinstance(one, Visit) and not one.is_draft:
            for fault in one.faults:
                states.setdefault((one.place, fault.item), State.REPORTED)
        if isinstance(one, Step):
            step = step_for(one.verb)
            assert states[one.place, one.item] in step.frm
            states[one.place, one.item] = step.to or states[one.place, one.item]
    assert set(states.values()) == set(State) - {State.MERGED}


def test_everybody_acts_within_role_and_district(story: Sequence[Happening]) -> None:
    for one in (one for one in story if isinstance(one, Step)):
        person = PEOPLE[one.by]
        assert step_for(one.verb).may in PERMISSIONS[person.role]
        assert person.covers(PLACES[one.place].district)


def test_the_finder_never_rechecks_and_the_owner_fixes(story: Sequence[Happening]) -> None:
    finder: dict[tuple[str, str], str] = {}
    for one in story:
        if isinstance(one, Visit):
            for fault in one.faults:
                finder.setdefault((one.place, fault.item), one.by)
        if isinstance(one, Step) and one.answer is not None:
            assert one.by != finder[one.place, one.item]
        if isinstance(one, Step) and one.verb is Verb.REPORT_FIXED:
            assert PEOPLE[one.by].organisation == PLACES[one.place].owner


def test_a_recheck_measures_what_it_claims(story: Sequence[Happening]) -> None:
    """On the ground of the latest whole inspection, as filing will judge it."""
    ground: dict[str, Answers] = {}
    for one in story:
        if isinstance(one, Visit) and not one.is_draft:
            ground[one.place] = one.answers
        if isinstance(one, Step) and one.answer is not None:
            place = PLACES[one.place]
            answers = {**ground[one.place], one.item: one.answer}
            judged = judge(checklist_of(place), answers, place.judged_facts())[one.item]
            assert judged.verdict is MEASURED[one.verb]


def test_what_is_wrong_or_put_right_is_photographed_each_time_anew(
    story: Sequence[Happening],
) -> None:
    taken: list[Shot] = []
    for one in story:
        if isinstance(one, Visit):
            assert {fault.item for fault in one.faults} <= set(one.shots)
        if isinstance(one, Visit) and one.is_draft:
            continue
        if isinstance(one, Step) and (one.answer is not None or one.verb is Verb.REPORT_FIXED):
            assert one.shot is not None
        taken += shots_of(one)
    assert len(set(taken)) == len(taken)


def test_there_are_drafts_second_visits_and_redispatched_problems() -> None:
    story = plan_city(1, END)
    visits = [one for one in story if isinstance(one, Visit)]
    assert sum(one.is_draft for one in visits) == 3
    filed = [one.place for one in visits if not one.is_draft]
    assert len(filed) - len(set(filed)) == 4
    orders = [(one.place, one.item) for one in story if isinstance(one, Step) and one.to]
    assert len(orders) > len(set(orders))
