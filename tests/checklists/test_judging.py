"""How a verdict is made, on lists of one or two items that change nothing else."""

from datetime import date
from decimal import Decimal

import pytest

from audit.checklists.lint import parse
from audit.checklists.reading import read_checklist
from audit.checklists.rules import (
    Answer,
    Checklist,
    FacilityFacts,
    InvalidAnswer,
    Judgement,
    Outcome,
    PhotoRule,
    Unit,
    Verdict,
    Works,
    answer_problems,
    asked_items,
    judge,
    needs_photo,
)
from audit.checklists.rules.checking import ALWAYS_APPLIES, NEEDS_REASON

from .small import SMALL

NEW = FacilityFacts(built_on=date(2023, 5, 1))
OLD = FacilityFacts(built_on=date(2015, 6, 1))
UNKNOWN = FacilityFacts()
LEVEL = Answer.of("level")


def small(*changes: tuple[str, str]) -> Checklist:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return read_checklist(parse(text))


def width(
    value: object, facts: FacilityFacts = NEW, *changes: tuple[str, str], tolerance: int = 0
) -> Judgement:
    answers = {"sm-form": LEVEL, "sm-width": Answer.of(value)}
    return judge(small(*changes), answers, facts, {Unit.MM: Decimal(tolerance)})["sm-width"]


@pytest.mark.parametrize("day", [date(2022, 4, 1), date(2030, 1, 1)])
def test_new_works_that_miss_a_mandatory_limit_breach_it(day: date) -> None:
    assert width(1199, FacilityFacts(built_on=day)).outcome is Outcome.BREACH
    altered = FacilityFacts(built_on=date(1990, 1, 1), altered_on=day)
    assert width(1199, altered).outcome is Outcome.BREACH


@pytest.mark.parametrize(
    "facts",
    [
        UNKNOWN,
        OLD,
        FacilityFacts(built_on=date(2022, 3, 31)),
        FacilityFacts(altered_on=date(2022, 3, 31)),
    ],
)
def test_older_works_and_works_of_unknown_age_are_only_below_it(facts: FacilityFacts) -> None:
    assert width(1199, facts).outcome is Outcome.BELOW


def test_a_standard_is_not_conformed_to_by_works_since_it_is_known_to_be_in_force() -> None:
    force = ('force = "M1"\nconf = "B"\ncite = ["GB55019 2.3.2"]',)
    standard = 'force = "M2"\nconf = "B"\ncite = ["{}"]'
    known, unknown = standard.format("GB50763 3.4.2"), standard.format("CJJ14")
    assert width(1, NEW, (*force, known)).outcome is Outcome.NONCONFORMING
    assert width(1, OLD, (*force, known)).outcome is Outcome.BELOW
    assert width(1, NEW, (*force, unknown)).outcome is Outcome.BELOW


def test_a_law_is_not_conformed_to_by_works_since_its_own_day() -> None:
    change = (
        'force = "M1"\nconf = "B"\ncite = ["GB55019 2.3.2"]',
        'force = "L"\nconf = "B"\ncite = ["LAW 23(2)", "道路交通安全法 34(2)"]',
    )
    before, after = date(2023, 8, 31), date(2023, 9, 1)
    assert width(1, FacilityFacts(before), change).outcome is Outcome.BELOW
    assert width(1, FacilityFacts(after), change).outcome is Outcome.NONCONFORMING


@pytest.mark.parametrize(
    ("built", "altered", "works"),
    [
        (date(2022, 4, 1), None, Works.NEW),
        (date(2022, 4, 1), date(2023, 1, 1), Works.NEW),
        (date(2022, 3, 31), date(2022, 4, 1), Works.ALTERED),
        (None, date(2022, 4, 1), Works.ALTERED),
        (date(2022, 3, 31), date(2022, 3, 31), Works.OLD),
        (None, date(2022, 3, 31), Works.OLD),
        (None, None, Works.UNKNOWN),
    ],
)
def test_works_are_told_apart_by_the_day_the_code_came_into_force(
    built: date | None, altered: date | None, works: Works
) -> None:
    assert FacilityFacts(built, altered).works is works


def test_the_first_instrument_that_bound_the_works_counts() -> None:
    change = (
        'force = "M1"\nconf = "B"\ncite = ["GB55019 2.3.2"]',
        'force = "M1"\nconf = "B"\ncite = ["GB55038 4.2.7", "GB55019 2.3.2"]',
    )
    assert width(1, FacilityFacts(date(2024, 1, 1)), change).outcome is Outcome.BREACH


@pytest.mark.parametrize("facts", [NEW, OLD, UNKNOWN])
@pytest.mark.parametrize("fault", ["upkeep", "service"])
def test_upkeep_and_service_are_faults_at_any_age(facts: FacilityFacts, fault: str) -> None:
    change = (
        'fault = "works"\nforce = "M1"\nconf = "B"',
        f'fault = "{fault}"\nforce = "M1"\nconf = "B"',
    )
    assert width(1199, facts, change).outcome == fault


def test_a_plan_and_a_recommendation_give_advice_at_any_age() -> None:
    for force, cite in {"A": "GB50763 3.4.2", "P": "资府发〔2023〕9号"}.items():
        change = (
            'force = "M1"\nconf = "B"\ncite = ["GB55019 2.3.2"]',
            f'force = "{force}"\nconf = "B"\ncite = ["{cite}"]',
        )
        judgement = width(1199, NEW, change)
        assert (judgement.verdict, judgement.outcome) == (Verdict.FAIL, Outcome.ADVICE)


ADVICE = (
    "  value = 1200\n",
    "  value = 1200\n\n  [[item.limit]]\n"
    '  op = ">="\n  value = 1500\n  advice = true\n  force = "A"\n  conf = "C"\n',
)


def test_missed_advice_beside_a_met_limit_passes_with_advice() -> None:
    judgement = width(1300, NEW, ADVICE)
    assert (judgement.verdict, judgement.outcome) == (Verdict.PASS, Outcome.ADVICE)
    assert judgement.decisive is not None
    assert judgement.decisive.required.zh == "≥ 1,500 mm"


def test_a_missed_limit_weighs_more_than_missed_advice() -> None:
    judgement = width(1100, NEW, ADVICE)
    assert judgement.outcome is Outcome.BREACH
    assert [result.required.en for result in judgement.missed] == ["≥ 1,200 mm", "≥ 1,500 mm"]


def test_met_advice_does_not_make_a_pass_unsure() -> None:
    assert not width(1500, NEW, ADVICE).unverified


def test_of_two_missed_limits_the_one_with_a_seen_clause_is_told() -> None:
    twin = (
        "  value = 1200\n",
        '  value = 1200\n  conf = "D"\n\n  [[item.limit]]\n  op = ">="\n  value = 1000\n',
    )
    assert not width(999, NEW, twin).unverified
    assert width(1100, NEW, twin).unverified
    assert width(1300, NEW, twin).unverified


def test_a_miss_within_the_tolerance_asks_for_a_second_look() -> None:
    judgement = width(1195, tolerance=5)
    assert (judgement.verdict, judgement.outcome) == (Verdict.SECOND_LOOK, None)
    assert width("1194.9", tolerance=5).verdict is Verdict.FAIL
    assert width(1200, tolerance=5).verdict is Verdict.PASS


def test_a_strict_limit_is_missed_at_its_number() -> None:
    strict = ('op = ">="\n  value = 1200', 'op = ">"\n  value = 1200')
    assert width(1200, NEW, strict).verdict is Verdict.FAIL
    assert width(1200, NEW, strict, tolerance=1).verdict is Verdict.SECOND_LOOK
    assert width("1200.1", NEW, strict).verdict is Verdict.PASS


ERA = (
    "  value = 1200\n",
    '  value = 1200\n\n  [[item.limit]]\n  op = ">="\n  value = 1000\n'
    '  era = "before-2022-04-01"\n  force = "M2"\n  cite = ["GB50763 3.4.2"]\n',
)


@pytest.mark.parametrize(
    ("value", "facts", "met"),
    [
        (1000, OLD, True),
        (999, OLD, False),
        (1000, NEW, None),
        (999, UNKNOWN, None),
        (999, FacilityFacts(date(2022, 1, 1), built_by=date(2022, 12, 31)), None),
        (999, FacilityFacts(date(2022, 3, 31)), False),
        (999, FacilityFacts(date(2022, 4, 1)), None),
    ],
)
def test_the_rule_of_its_time_informs_and_never_decides(
    value: int, facts: FacilityFacts, met: bool | None
) -> None:
    judgement = width(value, facts, ERA)
    assert judgement.verdict is Verdict.FAIL
    assert judgement.met_rule_of_its_time is met


def test_unless_leaves_the_limit_in_force_while_the_fact_is_unknown() -> None:
    unless = (
        "  value = 1200\n",
        '  value = 1200\n  unless = [{ fact = "crowded", is = [false] }]\n',
    )
    assert width(1, UNKNOWN, unless).verdict is Verdict.FAIL
    assert width(1, FacilityFacts(values={"crowded": False}), unless).verdict is Verdict.INFO


def test_when_keeps_the_limit_out_while_the_fact_is_unknown() -> None:
    when = ("  value = 1200\n", '  value = 1200\n  when = [{ fact = "storeys", at_least = 2 }]\n')
    assert width(1, UNKNOWN, when).verdict is Verdict.INFO
    assert width(1, FacilityFacts(values={"storeys": 2}), when).verdict is Verdict.FAIL
    assert width(1, FacilityFacts(values={"storeys": 1}), when).verdict is Verdict.INFO


@pytest.mark.parametrize(
    ("total", "ours", "verdict"),
    [
        (120, 3, Verdict.PASS),
        (100, 2, Verdict.PASS),
        (101, 2, Verdict.FAIL),
        (0, 0, Verdict.FAIL),
        (0, 1, Verdict.PASS),
    ],
)
def test_a_share_is_rounded_up_and_has_a_least_number(
    total: int, ours: int, verdict: Verdict
) -> None:
    answer = {"sm-bays": Answer.of({"total": total, "ours": ours})}
    assert judge(small(), answer, NEW)["sm-bays"].verdict is verdict


@pytest.mark.parametrize(
    ("total", "needed"), [(1, 1), (100, 1), (101, 2), (400, 2), (401, 3), (600, 3), (750, 4)]
)
def test_steps_add_one_for_each_part_begun(total: int, needed: int) -> None:
    steps = (
        'op = "share"\n  percent = 2\n  of = "total"\n  at_least = 1',
        'op = "steps"\n  of = "total"\n  table = [[100, 1], [400, 2]]\n  every = 200',
    )
    for ours, verdict in ((needed, Verdict.PASS), (needed - 1, Verdict.FAIL)):
        answer = {"sm-bays": Answer.of({"total": total, "ours": ours})}
        judgement = judge(small(steps), answer, NEW)["sm-bays"]
        assert judgement.verdict is verdict
        assert judgement.decisive is not None
        assert judgement.decisive.required.en == f"≥ {needed} (of {total})"


@pytest.mark.parametrize(
    ("bound", "reached"),
    [("above", {3}), ("at_least", {2, 3}), ("below", {1}), ("at_most", {1, 2})],
)
def test_a_number_is_compared_as_the_condition_says(bound: str, reached: set[int]) -> None:
    when = ("  value = 1200\n", f'  value = 1200\n  when = [{{ fact = "storeys", {bound} = 2 }}]\n')
    holding = {
        storeys
        for storeys in (1, 2, 3)
        if width(1, FacilityFacts(values={"storeys": storeys}), when).verdict is Verdict.FAIL
    }
    assert holding == reached


def test_what_a_hidden_item_says_asks_nothing() -> None:
    chained = small(
        ('type = "group"\n', 'type = "group"\nrelevant = [{ item = "sm-width", at_least = 1 }]\n')
    )
    shown = {"sm-form": LEVEL, "sm-width": Answer.of(1500)}
    assert [item.id for item in asked_items(chained, shown, NEW)][-1] == "sm-bays"
    left = {"sm-form": Answer.of("steps"), "sm-width": Answer.of(1500)}
    assert [item.id for item in asked_items(chained, left, NEW)] == ["sm-form"]
    assert judge(chained, left, NEW)["sm-bays"].verdict is Verdict.HIDDEN


def test_advice_on_what_was_left_out_is_not_given() -> None:
    advice = ("  percent = 2\n", "  percent = 2\n  advice = true\n")
    judgement = judge(small(advice), {"sm-bays": Answer.of({"total": 9})}, NEW)["sm-bays"]
    assert (judgement.verdict, judgement.results) == (Verdict.NOT_CHECKED, ())


def test_a_group_answered_in_part_is_not_checked() -> None:
    for part in ({"ours": 3}, {"total": 100}, {}):
        judgement = judge(small(), {"sm-bays": Answer.of(part)}, NEW)["sm-bays"]
        assert judgement.verdict is Verdict.NOT_CHECKED


def test_what_was_not_answered_is_not_checked() -> None:
    assert judge(small(), {}, NEW)["sm-form"].verdict is Verdict.NOT_CHECKED
    left = {"sm-form": Answer.not_checked("no time")}
    assert judge(small(), left, NEW)["sm-form"].verdict is Verdict.NOT_CHECKED


def test_an_answer_left_on_a_hidden_item_counts_for_nothing() -> None:
    answers = {"sm-form": Answer.of("steps"), "sm-width": Answer.of("rubbish")}
    judgement = judge(small(), answers, NEW)["sm-width"]
    assert (judgement.verdict, judgement.results) == (Verdict.HIDDEN, ())
    assert answer_problems(small(), answers, NEW) == ()


@pytest.mark.parametrize(
    "value",
    [
        True,
        None,
        "",
        "12oo",
        "-1",
        -1,
        float("nan"),
        float("inf"),
        "1e3",
        10**8,
        [1],
        "١٢٠٠",
        "12²",
    ],
)
def test_what_is_no_measurement_is_refused(value: object) -> None:
    with pytest.raises(InvalidAnswer):
        width(value)
    (problem,) = answer_problems(small(), {"sm-form": LEVEL, "sm-width": Answer.of(value)}, NEW)
    assert (problem.item_id, problem.field_id) == ("sm-width", "")
    assert "数字" in problem.text.zh


@pytest.mark.parametrize(
    "value", [1200, 1200.0, "1200", Decimal("1200.000"), " 1200 ", "１２００．０"]
)
def test_a_number_may_come_from_json_from_toml_or_from_a_form(value: object) -> None:
    assert width(value).verdict is Verdict.PASS


def test_a_mandatory_item_does_not_apply_only_with_a_reason() -> None:
    bare = {"sm-form": Answer.not_applicable(" "), "sm-bays": Answer.not_applicable()}
    (problem,) = answer_problems(small(), bare, NEW)
    assert (problem.item_id, problem.text) == ("sm-form", NEEDS_REASON)
    told = {"sm-form": Answer.not_applicable("正在拆除")}
    assert answer_problems(small(), told, NEW) == ()
    assert judge(small(), bare, NEW)["sm-form"].verdict is Verdict.NOT_APPLICABLE


def test_an_item_that_always_applies_cannot_be_answered_otherwise() -> None:
    never = small(('conf = "C"\n', 'conf = "C"\nna = "no"\n'))
    (problem,) = answer_problems(never, {"sm-bays": Answer.not_applicable("x")}, NEW)
    assert (problem.item_id, problem.text) == ("sm-bays", ALWAYS_APPLIES)


def test_photos_are_asked_for_by_the_items_rule() -> None:
    checklist = small()
    good = judge(checklist, {"sm-form": LEVEL, "sm-width": Answer.of(1200)}, NEW)
    bad = judge(checklist, {"sm-form": LEVEL, "sm-width": Answer.of(1)}, NEW)
    form, wide = checklist.item("sm-form"), checklist.item("sm-width")
    assert (form.photo, wide.photo) == (PhotoRule.ALWAYS, PhotoRule.ON_FAIL)
    assert needs_photo(form, good["sm-form"])
    assert not needs_photo(wide, good["sm-width"])
    assert needs_photo(wide, bad["sm-width"])
    assert not needs_photo(form, judge(checklist, {}, NEW)["sm-form"])
