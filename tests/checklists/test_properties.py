"""What must hold for any answers to any list, and at every numeric limit of every list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.checklists.lint import parse
from audit.checklists.lint.proofs import Tried, try_example
from audit.checklists.loader import FOLDER, all_checklists
from audit.checklists.reading import read_checklist
from audit.checklists.rules import (
    FACTS,
    NO_TOLERANCE,
    Answer,
    Checklist,
    FacilityFacts,
    Field,
    Item,
    ItemType,
    Judgement,
    Limit,
    Op,
    Outcome,
    Unit,
    Verdict,
    asked_items,
    judge,
    plain_value,
    typed_value,
)
from audit.checklists.rules.conditions import limit_applies
from audit.checklists.rules.grammar import Force
from audit.checklists.rules.judging import LimitResult, judge_item
from audit.checklists.rules.limits import bounds, whole
from audit.standards.rules import is_verified

LISTS = all_checklists()
TOLERANCE = Decimal(3)

# Any answers to any list ---------------------------------------------------------------------


def values(field: Field) -> st.SearchStrategy[object]:
    ids = [option.id for option in field.options]
    kinds: Mapping[ItemType, st.SearchStrategy[object]] = {
        ItemType.YESNO: st.booleans(),
        ItemType.NUMBER: st.decimals(0, 3000, places=1),
        ItemType.COUNT: st.integers(0, 900),
        ItemType.CHOICE: st.sampled_from(ids or [""]),
        ItemType.CHOICES: st.lists(st.sampled_from(ids or [""]), unique=True),
        ItemType.TEXT: st.text(max_size=20),
    }
    return kinds[field.type]


def answers_to(item: Item) -> st.SearchStrategy[Answer]:
    if item.type is ItemType.GROUP:
        parts: st.SearchStrategy[object] = st.fixed_dictionaries(
            {}, optional={field.id: values(field) for field in item.fields}
        )
    else:
        parts = values(item.fields[0])
    answered = parts.map(Answer.of)
    unanswered = st.sampled_from([Answer.not_checked(), Answer.not_applicable("无")])
    return st.one_of(answered, answered, answered, unanswered)


DAYS = st.none() | st.dates(date(1990, 1, 1), date(2026, 12, 31))
OTHER_FACTS = st.fixed_dictionaries(
    {},
    optional={
        name: st.integers(1, 40) if kind.is_number else st.sampled_from(list(kind.values))
        for name, kind in FACTS.items()
        if name != "works" and (kind.values or kind.is_number)
    },
)
FACILITIES = st.builds(FacilityFacts, DAYS, DAYS, OTHER_FACTS)


@st.composite
def inspections(draw: st.DrawFn) -> tuple[Checklist, dict[str, Answer], FacilityFacts]:
    checklist = draw(st.sampled_from(LISTS))
    answers = {item.id: draw(answers_to(item)) for item in checklist.items if draw(st.booleans())}
    return checklist, answers, draw(FACILITIES)


Inspection = tuple[Checklist, dict[str, Answer], FacilityFacts]
often = settings(max_examples=60, deadline=None)


@often
@given(inspections())
def test_items_not_asked_are_never_judged(inspection: Inspection) -> None:
    checklist, answers, facts = inspection
    judged = judge(checklist, answers, facts)
    asked = {item.id for item in asked_items(checklist, answers, facts)}
    assert list(judged) == [item.id for item in checklist.items]
    hidden = {name for name, one in judged.items() if one.verdict is Verdict.HIDDEN}
    assert hidden == set(judged) - asked
    assert all(judged[name].results == () and not judged[name].outcome for name in hidden)


@often
@given(inspections())
def test_answers_to_hidden_items_change_nothing(inspection: Inspection) -> None:
    checklist, answers, facts = inspection
    judged = judge(checklist, answers, facts)
    asked = {item.id for item in asked_items(checklist, answers, facts)}
    kept = {name: answer for name, answer in answers.items() if name in asked}
    assert judge(checklist, kept, facts) == judged


@often
@given(inspections())
def test_works_of_unknown_age_never_breach_anything(inspection: Inspection) -> None:
    checklist, answers, facts = inspection
    ageless = FacilityFacts(values=facts.values)
    outcomes = {one.outcome for one in judge(checklist, answers, ageless).values()}
    assert not outcomes & {Outcome.BREACH, Outcome.NONCONFORMING}


@often
@given(inspections(), st.dates(date(1990, 1, 1), date(2022, 3, 31)))
def test_works_before_the_code_never_breach_it(inspection: Inspection, built: date) -> None:
    checklist, answers, facts = inspection
    older = FacilityFacts(built_on=built, values=facts.values)
    judged = judge(checklist, answers, older).values()
    assert Outcome.BREACH not in {one.outcome for one in judged}


@often
@given(inspections(), st.integers(2010, 2025))
def test_a_year_blames_nobody_whom_one_of_its_days_would_not(
    inspection: Inspection, year: int
) -> None:
    checklist, answers, facts = inspection
    first, last = date(year, 1, 1), date(year, 12, 31)
    blamed = [
        {name for name, one in judge(checklist, answers, works).items() if _blames(one)}
        for works in (
            FacilityFacts(first, values=facts.values, built_by=last),
            FacilityFacts(first, values=facts.values),
            FacilityFacts(last, values=facts.values),
        )
    ]
    assert blamed[0] <= blamed[1] & blamed[2]


def _blames(judged: Judgement) -> bool:
    return judged.outcome in {Outcome.BREACH, Outcome.NONCONFORMING}


@often
@given(inspections())
def test_a_clause_not_seen_is_always_marked(inspection: Inspection) -> None:
    checklist, answers, facts = inspection
    for name, one in judge(checklist, answers, facts).items():
        conf = one.decisive.limit.conf if one.decisive else checklist.item(name).conf
        assert one.unverified is not is_verified(conf)
        if one.verdict is Verdict.PASS and one.outcome is None:
            resting_on = [result for result in one.results if not result.limit.advice]
            assert one.unverified is not all(result.is_verified for result in resting_on)


@often
@given(inspections())
def test_a_verdict_is_that_of_its_worst_limit(inspection: Inspection) -> None:
    checklist, answers, facts = inspection
    for one in judge(checklist, answers, facts).values():
        assert all(badness(one) >= badness(result) for result in one.results)
        assert (one.verdict is Verdict.FAIL) is any(
            result.verdict is Verdict.FAIL for result in one.results
        )


@often
@given(inspections())
def test_values_survive_being_kept_as_json(inspection: Inspection) -> None:
    checklist, answers, _facts = inspection
    for name, answer in answers.items():
        if answer.value is not None:
            value = typed_value(checklist.item(name), answer.value)
            assert typed_value(checklist.item(name), plain_value(value)) == value


# Every numeric limit of every list -----------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """A limit, and an example in which it applies."""

    checklist: Checklist
    item: Item
    limit: Limit
    tried: Tried

    def judged(self, number: Decimal, tolerance: Decimal = Decimal(0)) -> Judgement:
        given: Any = self.tried.answers[self.item.id].value
        is_group = self.item.type is ItemType.GROUP
        value: Any = {**given, self.limit.field: number} if is_group else number
        answers = {**self.tried.answers, self.item.id: Answer.of(value)}
        tolerances = dict.fromkeys(Unit, tolerance) if tolerance else NO_TOLERANCE
        return judge_item(self.item, answers, self.tried.facts, tolerances)

    def result(self, number: Decimal, tolerance: Decimal = Decimal(0)) -> LimitResult | None:
        """None where the number itself makes the limit not apply."""
        results = self.judged(number, tolerance).results
        return next((one for one in results if one.limit is self.limit), None)

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        value: Any = self.tried.answers[self.item.id].value
        return bounds(self.limit, whole(self.limit, value))

    @property
    def step(self) -> Decimal:
        unit = self.item.field(self.limit.field).unit
        return unit.step if unit else Decimal(1)


def spots() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.toml")):
        table = parse(path.read_text("utf-8"))
        checklist = read_checklist(table)
        for row in table["item"]:
            item = checklist.item(row["id"])
            examples = [try_example(checklist, item, one) for one in row.get("example", [])]
            for number, limit in enumerate(item.limits, 1):
                spot = _spot(checklist, item, limit, examples)
                if spot:
                    yield pytest.param(spot, id=f"{item.id}-{number}")


def _spot(checklist: Checklist, item: Item, limit: Limit, examples: list[Tried]) -> Spot | None:
    if not limit.op.is_numeric or limit.is_of_its_time:
        return None
    for one in examples:
        has_result = any(result.limit is limit for result in one.judgement.results)
        if has_result and limit_applies(limit, one.answers, one.facts):
            return Spot(checklist, item, limit, one)
    raise AssertionError(f"no example reaches {limit} of {item.id}")


SPOTS = list(spots())
ONE_SIDED = {Op.AT_LEAST, Op.ABOVE, Op.AT_MOST, Op.BELOW, Op.SHARE, Op.STEPS}
ORDER = (Verdict.PASS, Verdict.INFO, Verdict.NOT_CHECKED, Verdict.SECOND_LOOK, Verdict.FAIL)


def badness(one: Judgement | LimitResult) -> tuple[int, int]:
    rank = list(reversed(Outcome)).index(one.outcome) + 1 if one.outcome else 0
    return ORDER.index(one.verdict) if one.verdict in ORDER else 0, rank


def missed(result: LimitResult) -> bool:
    """Advice that is missed still passes."""
    return result.verdict is Verdict.FAIL or result.outcome is Outcome.ADVICE


def edges(spot: Spot) -> list[tuple[Decimal, Decimal]]:
    """Each bound with the direction that leads outside."""
    low, high = spot.bounds
    return [
        (bound, outward)
        for bound, outward in ((low, Decimal(-1)), (high, Decimal(1)))
        if bound is not None
    ]


@pytest.mark.parametrize("spot", SPOTS)
def test_a_limit_is_exact_at_its_number_and_a_step_beside_it(spot: Spot) -> None:
    is_strict = spot.limit.op in {Op.ABOVE, Op.BELOW}
    for bound, outward in edges(spot):
        at = spot.result(bound)
        assert at is None or missed(at) is is_strict
        for step in (spot.step, Decimal("0.0001")):
            outside = bound + outward * step
            if outside >= 0 and (step == spot.step or spot.item.field(spot.limit.field).unit):
                result = spot.result(outside)
                assert result is None or missed(result)
        if spot.limit.op is not Op.EQUAL:
            inside = spot.result(bound - outward * spot.step)
            assert inside is None or not missed(inside)


@pytest.mark.parametrize("spot", SPOTS)
def test_a_tolerance_asks_for_a_second_look_up_to_its_own_edge(spot: Spot) -> None:
    has_tool = spot.item.field(spot.limit.field).unit is not None
    for bound, outward in edges(spot):
        at_edge = bound + outward * TOLERANCE
        if at_edge < 0:
            continue
        near = spot.result(at_edge, TOLERANCE)
        beyond = spot.result(at_edge + outward * spot.step, TOLERANCE)
        if near is not None and has_tool and not spot.limit.advice:
            assert (near.verdict, near.outcome) == (Verdict.SECOND_LOOK, None)
        if near is not None and not has_tool:
            assert missed(near)
        if beyond is not None:
            assert missed(beyond)


def generosity(spot: Spot) -> int:
    """1 where more is better, -1 where less is, 0 where neither is so for every limit."""
    limits = [
        one
        for one in spot.item.limits
        if one.field == spot.limit.field and not one.is_of_its_time and one.op.is_numeric
    ]
    if {one.op for one in limits} - ONE_SIDED:
        return 0
    signs = {-1 if one.op in {Op.AT_MOST, Op.BELOW} else 1 for one in limits}
    return signs.pop() if len(signs) == 1 else 0


GENEROUS = [one for one in SPOTS if generosity(one.values[0])]


@pytest.mark.parametrize("spot", GENEROUS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_more_generous_measurement_never_gets_a_worse_verdict(
    spot: Spot, data: st.DataObject
) -> None:
    (around, _outward), *_rest = edges(spot)
    places = 0 if spot.item.field(spot.limit.field).unit is None else 2
    numbers = st.decimals(0, around * 2 + 10, places=places)
    less, more = sorted((data.draw(numbers), data.draw(numbers)))
    better, worse = (more, less) if generosity(spot) > 0 else (less, more)
    for tolerance in (Decimal(0), TOLERANCE):
        assert badness(spot.judged(better, tolerance)) <= badness(spot.judged(worse, tolerance))


def test_every_numeric_limit_of_every_list_was_looked_at() -> None:
    numeric = [
        limit
        for checklist in LISTS
        for item in checklist.items
        for limit in item.limits
        if limit.op.is_numeric and not limit.is_of_its_time
    ]
    assert len(SPOTS) == len(numeric) > 100
    assert len(GENEROUS) > 80


def test_no_mandatory_limit_is_only_advice_by_mistake() -> None:
    for checklist in LISTS:
        for item in checklist.items:
            deciding = [limit for limit in item.limits if not limit.is_of_its_time]
            if item.force is Force.MANDATORY and deciding:
                assert any(not limit.is_advice for limit in deciding), item.id
