"""What becomes of an answer under another edition, decided without a database."""

from decimal import Decimal

import pytest

from audit.checklists.rules import FacilityFacts, Unit, Verdict
from audit.rejudging.rules import Change, Kept, Visit, facts_of, rejudge, sums_of

from .editions import STRICTER, edition
from .editions import Change as Edit

LEVEL = Kept("sm-form", "level", Verdict.PASS, None)
EXACT: dict[Unit, Decimal] = {}


def width(value: object, verdict: Verdict = Verdict.PASS, outcome: str | None = None) -> Kept:
    return Kept("sm-width", value, verdict, outcome)


def visit(*answers: Kept, edits: tuple[Edit, ...] = (), **more: object) -> Visit:
    return Visit(**{"edition": edition(*edits), "facts": FacilityFacts(), "answers": answers,
                    "ground": {}} | more)  # type: ignore[arg-type] # fmt: skip


def changes(one: Visit, *edits: Edit, tolerances: dict[Unit, Decimal] = EXACT) -> dict[str, Change]:
    return {done.item_id: done.change for done in rejudge(one, edition(*edits), tolerances)}


def test_a_stricter_limit_fails_what_passed_and_leaves_the_rest() -> None:
    found = changes(visit(LEVEL, width(1400)), *STRICTER)
    assert found == {"sm-form": Change.STAYS, "sm-width": Change.FAILS}
    assert changes(visit(LEVEL, width(1500)), *STRICTER)["sm-width"] is Change.STAYS


def test_a_milder_limit_passes_what_failed() -> None:
    failed = width(1100, Verdict.FAIL, "below")
    assert (
        changes(visit(LEVEL, failed), ("value = 1200", "value = 1000"))["sm-width"] is Change.PASSES
    )


def test_a_failure_that_only_becomes_another_sort_of_failure_stays() -> None:
    failed = width(1100, Verdict.FAIL, "below")
    facts = FacilityFacts(built_on=facts_of({"built_on": "2023"}).built_on)
    assert changes(visit(LEVEL, failed, facts=facts), *STRICTER)["sm-width"] is Change.STAYS


def test_what_becomes_mere_advice_passes() -> None:
    failed = Kept("sm-form", "steps", Verdict.FAIL, "below")
    assert changes(visit(failed), ('force = "M1"', 'force = "A"'))["sm-form"] is Change.PASSES


def test_within_the_tools_error_it_wants_a_new_measurement() -> None:
    near = {Unit.MM: Decimal(20)}
    assert (
        changes(visit(LEVEL, width(1490)), *STRICTER, tolerances=near)["sm-width"]
        is Change.REMEASURE
    )


def test_a_value_that_the_edition_does_not_understand_is_measured_again() -> None:
    counted = Kept("sm-bays", {"total": 100, "ours": 2}, Verdict.PASS, None)
    now_yesno = (
        ('type = "number"\nunit = "mm"', 'type = "yesno"'),
        ('op = ">="\n  value = 1200', 'op = "is"\n  values = [true]'),
    )
    found = changes(visit(LEVEL, width(1400), counted), *now_yesno)
    assert found == {"sm-form": Change.STAYS, "sm-width": Change.REMEASURE, "sm-bays": Change.STAYS}


def test_a_field_that_was_not_asked_for_is_measured_again() -> None:
    partial = Kept("sm-bays", {"ours": 2}, Verdict.NOT_CHECKED, None)
    assert changes(visit(partial))["sm-bays"] is Change.STAYS
    had = Kept("sm-bays", {"ours": 2}, Verdict.PASS, None)
    before = (
        'op = "share"\n  percent = 2\n  of = "total"\n  at_least = 1',
        'op = ">="\n  value = 1',
    )
    assert changes(visit(had, edits=(before,)))["sm-bays"] is Change.REMEASURE


def test_what_the_edition_does_not_have_is_not_asked_any_more() -> None:
    assert changes(visit(LEVEL), ('"sm-form"\nsection', '"sm-shape"\nsection'),
                   ('item = "sm-form"', 'item = "sm-shape"'))["sm-form"] is Change.GONE  # fmt: skip


def test_hidden_by_an_answer_it_is_gone_and_for_want_of_one_it_is_measured_again() -> None:
    steps = Kept("sm-form", "steps", Verdict.FAIL, "below")
    always = ('relevant = [\n  { item = "sm-form", is = ["level"] },\n]\n', "")
    assert changes(visit(steps, width(1400), edits=(always,)))["sm-width"] is Change.GONE
    assert changes(visit(width(1400), edits=(always,)))["sm-width"] is Change.REMEASURE


def test_an_item_that_was_not_asked_there_before_is_unmeasured_and_nothing_more() -> None:
    always = ('relevant = [\n  { item = "sm-form", is = ["level"] },\n]\n', "")
    steps = Kept("sm-form", "steps", Verdict.FAIL, "below")
    assert changes(visit(steps), always) == {"sm-form": Change.STAYS, "sm-width": Change.UNMEASURED}
    left_out = visit(LEVEL)  # it was asked, and nobody answered
    assert changes(left_out, always) == {"sm-form": Change.STAYS}
    assert changes(visit(steps, is_recheck=True), always) == {"sm-form": Change.STAYS}
    renamed = (('"sm-bays"', '"sm-spaces"'),)
    assert changes(visit(LEVEL), *renamed)["sm-spaces"] is Change.UNMEASURED


def test_what_only_the_tolerance_has_changed_is_not_put_on_the_edition() -> None:
    near = Kept("sm-width", 1190, Verdict.SECOND_LOOK, None)
    assert changes(visit(LEVEL, near), ("2026.1", "2026.2"))["sm-width"] is Change.OTHER


def test_an_edition_that_is_no_more_judges_nothing_and_hinders_nothing() -> None:
    found = changes(visit(LEVEL, width(1400), edition=None), *STRICTER)
    assert found == {"sm-form": Change.STAYS, "sm-width": Change.FAILS}


def test_a_re_check_is_judged_on_the_ground_of_what_was_found() -> None:
    alone = visit(width(1400), is_recheck=True)
    assert changes(alone, *STRICTER)["sm-width"] is Change.REMEASURE
    grounded = visit(width(1400), is_recheck=True, ground={"sm-form": "level"})
    assert changes(grounded, *STRICTER) == {"sm-width": Change.FAILS}


@pytest.mark.parametrize("text", ["", None, "2022", "2022-03", "2022-03-05"])
def test_days_are_read_as_exactly_as_they_were_known(text: str | None) -> None:
    facts = facts_of({"built_on": text, "altered_on": None, "kind": "toilet"})
    assert (facts.built_on is not None) is bool(text)
    assert (facts.built_by is None) is (text in ("", None, "2022-03-05"))
    assert facts.values == {"kind": "toilet"}


def test_sums_leave_out_items_of_which_nothing_changes() -> None:
    sums = sums_of([("a", "2", Change.STAYS, 5), ("b", "1", Change.FAILS, 2),
                    ("b", "2", Change.UNMEASURED, 3), ("c", "1", Change.PASSES, 0)])  # fmt: skip
    assert sums.judged == 7
    assert list(sums.items) == ["b"] and list(sums.districts) == ["1", "2"]
    assert sums.total[Change.UNMEASURED] == 3
