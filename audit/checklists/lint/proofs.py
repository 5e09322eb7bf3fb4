"""Whether the examples of a file are enough, and whether they are true."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..rules.answers import Answer, InvalidAnswer
from ..rules.conditions import answered_typed, limit_applies
from ..rules.facts import FacilityFacts
from ..rules.grammar import Checklist, Item, Limit, Op
from ..rules.judging import NO_TOLERANCE, Judgement, Outcome, Verdict, judge, judge_item
from ..rules.limits import ZERO, bounds, measured, whole
from ..rules.words import number_in_words
from .places import Block
from .report import Report

Row = Mapping[str, Any]
WORDS_FOR_STATES = {"na": Answer.not_applicable(), "not_checked": Answer.not_checked()}


@dataclass(frozen=True)
class Tried:
    """An example that was judged."""

    answers: Mapping[str, Answer]
    facts: FacilityFacts
    judgement: Judgement


def check_examples(checklist: Checklist, table: Row, root: Block, report: Report) -> None:
    """Judges every example and looks for the examples that each limit must have."""
    for row, block in zip(table["item"], root.inside("item"), strict=True):
        item = checklist.item(row["id"])
        tried: list[Tried] = []
        for example, place in zip(row.get("example", []), block.inside("example"), strict=True):
            try:
                one = try_example(checklist, item, example)
            except InvalidAnswer as wrong:
                report.at(place, "answer", str(wrong))
                continue
            except KeyError as unknown:
                report.at(place, "others", f"{unknown} is no item of this list")
                continue
            tried.append(one)
            _compare(example, one.judgement, place, report)
        _check_enough(item, tried, block, report)


def try_example(checklist: Checklist, item: Item, example: Row) -> Tried:
    """Judged without tolerance, as if the item were asked, unless it expects `hidden`.

    Raises InvalidAnswer where a value does not fit, KeyError where `others` names no item.
    """
    facts = _facts(example.get("facts", {}))
    raw = {**example.get("others", {}), item.id: example["answer"]}
    answers = {
        name: answered_typed(checklist.item(name), _answer(value)) for name, value in raw.items()
    }
    if example["expect"] == Verdict.HIDDEN:
        judgement = judge(checklist, answers, facts, NO_TOLERANCE)[item.id]
    else:
        judgement = judge_item(item, answers, facts, NO_TOLERANCE)
    return Tried(answers, facts, judgement)


def _answer(value: object) -> Answer:
    known = WORDS_FOR_STATES.get(value) if isinstance(value, str) else None
    return known or Answer.of(value)


def _facts(row: Row) -> FacilityFacts:
    others = {name: value for name, value in row.items() if not isinstance(value, date)}
    return FacilityFacts(row.get("built_on"), row.get("altered_on"), others)


def _compare(example: Row, judgement: Judgement, place: Block, report: Report) -> None:
    got: dict[str, object] = {
        "expect": judgement.verdict,
        "outcome": judgement.outcome,
        "met_rule_of_its_time": judgement.met_rule_of_its_time,
    }
    for key, found in got.items():
        if key in example and example[key] != found:
            report.at(place, key, f"{key} is {found or 'none'}, not {example[key]}")
    if judgement.outcome is Outcome.ADVICE and "outcome" not in example:
        report.at(place, "expect", "the outcome is advice: say so")


def _check_enough(item: Item, tried: list[Tried], block: Block, report: Report) -> None:
    deciding = [limit for limit in item.limits if not limit.is_of_its_time]
    if not deciding:
        return
    seen = {(one.judgement.verdict, one.judgement.outcome) for one in tried}
    if (Verdict.PASS, None) not in seen:
        report.at(block, "id", f"{item.id} has no example that passes")
    only_advice = all(limit.advice for limit in deciding)
    if not only_advice and Verdict.FAIL not in {verdict for verdict, _outcome in seen}:
        report.at(block, "id", f"{item.id} has no example that fails")
    for limit, place in zip(item.limits, block.inside("limit"), strict=True):
        if limit.op.is_numeric and not limit.is_of_its_time:
            for missing in _missing_at_bounds(item, limit, tried):
                report.at(place, "op", missing)


def _missing_at_bounds(item: Item, limit: Limit, tried: list[Tried]) -> Iterator[str]:
    """Each bound wants one example upon it and one within a unit on the other side."""
    unit = item.field(limit.field).unit
    step = unit.step if unit else Decimal(1)
    sides = _sides(limit)
    gaps = [
        (gap, _is_met(limit, one.judgement))
        for one in tried
        for gap in _gaps(item, limit, one)
        if limit_applies(limit, one.answers, one.facts)
    ]
    is_strict = limit.op in {Op.ABOVE, Op.BELOW}
    for side in sides:
        at = {met for (where, gap), met in gaps if where == side and gap == ZERO}
        near = {met for (where, gap), met in gaps if where == side and ZERO < gap <= step}
        inside = {met for (where, gap), met in gaps if where == side and -step <= gap < ZERO}
        name = f"the {side} limit {_shown(limit, side)}"
        if is_strict:
            at, near = inside, at
        passing = "just inside" if is_strict else "exactly at"
        failing = "exactly at" if is_strict else f"within {number_in_words(step)} outside"
        if True not in at:
            yield f"no example {passing} {name} that passes"
        if False not in near:
            yield f"no example {failing} {name} that does not pass"


def _sides(limit: Limit) -> tuple[str, ...]:
    match limit.op:
        case Op.BETWEEN:
            return ("lower", "upper")
        case Op.AT_MOST | Op.BELOW:
            return ("upper",)
        case Op.EQUAL:
            return ("only",)
        case _:
            return ("lower",)


def _shown(limit: Limit, side: str) -> str:
    number = {"lower": limit.low, "upper": limit.high}.get(side) or limit.value
    return number_in_words(number) if number is not None else f"by {limit.op}"


def _gaps(item: Item, limit: Limit, one: Tried) -> Iterator[tuple[str, Decimal]]:
    """How far outside each bound the example stands; below zero is inside."""
    value = one.answers[item.id].value
    number, total = measured(limit, value), whole(limit, value)  # type: ignore[arg-type]
    if not isinstance(number, Decimal) or (limit.of and total is None):
        return
    lowest, highest = bounds(limit, total)
    if limit.op is Op.EQUAL and lowest is not None:
        yield "only", abs(number - lowest)
        return
    if lowest is not None:
        yield "lower", lowest - number
    if highest is not None:
        yield "upper", number - highest


def _is_met(limit: Limit, judgement: Judgement) -> bool:
    if limit.advice:
        return judgement.outcome is None
    return judgement.verdict is Verdict.PASS
