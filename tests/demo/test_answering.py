"""Believable answers: sound places pass, faults fail, and what is mended passes again."""

import pytest

from audit.checklists.loader import all_checklists
from audit.checklists.rules import (
    Checklist,
    Outcome,
    Verdict,
    answer_problems,
    asked_items,
    judge,
)
from audit.demo.answering import (
    failing_answer,
    mended_answer,
    picked_faults,
    usual_answers,
)
from audit.demo.placing import checklist_of
from audit.demo.reading import SamplePlace, faults, places, usual
from audit.facilities.rules import FacilityKind

STANDING = [place for place in places() if place.kind is not FacilityKind.WEBSITE]
LONG = 40  # items of a list for which many believable faults are told
FINE = {Verdict.PASS, Verdict.INFO, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED, Verdict.HIDDEN}


@pytest.mark.parametrize("place", STANDING, ids=lambda place: place.key)
def test_a_sound_place_passes_every_item_and_may_be_filed(place: SamplePlace) -> None:
    checklist, facts = checklist_of(place), place.judged_facts()
    for seed in ("one", "two"):
        answers = usual_answers(checklist, facts, seed, {})
        judged = judge(checklist, answers, facts)
        wrong = {item for item, one in judged.items() if one.verdict not in FINE or one.outcome}
        assert not wrong
        assert answer_problems(checklist, answers, facts) == ()
        assert set(answers) == {item.id for item in asked_items(checklist, answers, facts)}
        passed = sum(one.verdict is Verdict.PASS for one in judged.values())
        assert passed > len(answers) / 2, "most items are answered"


def test_the_same_seed_gives_the_same_answers_and_faults() -> None:
    place = STANDING[0]
    checklist, facts = checklist_of(place), place.judged_facts()
    first = usual_answers(checklist, facts, "a", {})
    assert usual_answers(checklist, facts, "a", {}) == first
    assert usual_answers(checklist, facts, "b", {}) != first
    picked = picked_faults(checklist, facts, "a", 4)
    assert picked_faults(checklist, facts, "a", 4) == picked


@pytest.mark.parametrize("place", STANDING, ids=lambda place: place.key)
def test_exactly_the_picked_faults_fail(place: SamplePlace) -> None:
    checklist, facts = checklist_of(place), place.judged_facts()
    picked = picked_faults(checklist, facts, "some", 4)
    forced = {fault.item: failing_answer(checklist, fault) for fault in picked}
    judged = judge(checklist, usual_answers(checklist, facts, "some", forced), facts)
    failed = {item for item, one in judged.items() if one.verdict is Verdict.FAIL}
    assert failed == set(forced)
    assert len(picked) == 4 or len(checklist.items) < LONG


@pytest.mark.parametrize("checklist", all_checklists(), ids=lambda one: one.id)
def test_every_fault_of_the_file_fails_somewhere_and_can_be_mended(checklist: Checklist) -> None:
    for fault in (one for one in faults() if one.item in checklist.by_id):
        hit = False
        for place in (one for one in STANDING if checklist_of(one) is checklist):
            facts = place.judged_facts()
            forced = {fault.item: failing_answer(checklist, fault)}
            answers = usual_answers(checklist, facts, f"any-{place.key}", forced)
            judged = judge(checklist, answers, facts)[fault.item]
            if judged.verdict is not Verdict.FAIL or judged.outcome is Outcome.ADVICE:
                continue  # what opens a finding at one place is advice at another
            hit = True
            mended = {**answers, fault.item: mended_answer(checklist, fault, answers, facts)}
            assert judge(checklist, mended, facts)[fault.item].verdict is Verdict.PASS, fault
        assert hit, f"{fault.item} {fault.answer} fails nowhere"


def test_the_files_name_only_items_that_exist() -> None:
    known = {item.id for checklist in all_checklists() for item in checklist.items}
    assert {fault.item for fault in faults()} | set(usual()) <= known
