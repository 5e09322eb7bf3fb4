"""What supervisors of the sample city answer: mostly what passes, now and then a failure. Pure."""

import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from audit.checklists.rules import (
    Answer,
    Answers,
    AnswerState,
    Checklist,
    FacilityFacts,
    Field,
    Item,
    ItemType,
    Limit,
    NotApplicable,
    PhotoRule,
    Unit,
    Verdict,
    is_relevant,
    judge,
    typed_value,
)
from audit.checklists.rules.judging import DEFAULT_TOLERANCES, judge_item
from audit.checklists.rules.limits import bounds
from audit.inspections.rules import opens_finding

from .reading import Fault, Usual, faults, usual

TRIES = 60
SKIPPED = 0.05  # the share of minor items that a supervisor leaves unchecked
SOUND = {Verdict.PASS, Verdict.INFO, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED}
COARSE = {Unit.MM: Decimal(10), Unit.PERCENT: Decimal("0.1"), Unit.SQUARE_METRE: Decimal("0.1")}


def pick(seed: str) -> random.Random:
    """Chance that gives the same for the same words."""
    return random.Random(seed)  # noqa: S311 -- a story, not a secret


def usual_answers(
    checklist: Checklist, facts: FacilityFacts, seed: str, forced: Mapping[str, Answer]
) -> dict[str, Answer]:
    """An answer to every item that is asked; all pass but the `forced` ones.

    An item's answer hangs on the seed and the item alone, not on what else is forced.
    """
    answers: dict[str, Answer] = {}
    for item in checklist.items:
        if is_relevant(item, answers, facts):
            chance = pick(f"{seed}-{item.id}")
            answers[item.id] = forced.get(item.id) or usual_answer(item, answers, facts, chance)
    return answers


def usual_answer(
    item: Item, answers: Answers, facts: FacilityFacts, chance: random.Random
) -> Answer:
    """A believable answer that does not fail beside the answers given before."""
    for answer in _candidates(item, facts, chance):
        judged = judge_item(item, {**answers, item.id: answer}, facts, DEFAULT_TOLERANCES)
        if judged.verdict in SOUND and judged.outcome is None:
            return answer
    return Answer.not_checked()


def picked_faults(
    checklist: Checklist, facts: FacilityFacts, seed: str, most: int, *, fine_first: bool = False
) -> tuple[Fault, ...]:
    """Up to `most` faults that really fail at such a place together, no two of one item.

    `fine_first`: one for which a tool may be too coarse goes before others.
    """
    shuffled, taken, barred = list(faults()), list[Fault](), set[str]()
    pick(f"{seed}-faults").shuffle(shuffled)
    if fine_first:
        shuffled.sort(key=lambda fault: fault.near is None)
    for fault in shuffled:
        known = fault.item in checklist.by_id and fault.item not in barred
        if len(taken) < most and known and _all_fail(checklist, facts, seed, [*taken, fault]):
            taken.append(fault)
            barred.add(fault.item)
    return tuple(taken)


def failing_answer(checklist: Checklist, fault: Fault) -> Answer:
    item = checklist.item(fault.item)
    return Answer.of(typed_value(item, fault.answer), note=fault.note)


def mended_answer(
    checklist: Checklist, fault: Fault, answers: Answers, facts: FacilityFacts
) -> Answer:
    """What a re-check that passes measures."""
    item = checklist.item(fault.item)
    if fault.fixed is not None:
        return Answer.of(typed_value(item, fault.fixed))
    found = usual_answer(item, answers, facts, pick(f"mended-{item.id}"))
    if found.state is not AnswerState.ANSWERED:
        raise ValueError(f"nothing would mend {item.id}")
    return found


def _all_fail(checklist: Checklist, facts: FacilityFacts, seed: str, taken: list[Fault]) -> bool:
    forced = {fault.item: failing_answer(checklist, fault) for fault in taken}
    judged = judge(checklist, usual_answers(checklist, facts, seed, forced), facts)
    failed = {one.item_id for one in judged.values() if opens_finding(one.verdict, one.outcome)}
    return failed == set(forced)


def _candidates(item: Item, facts: FacilityFacts, chance: random.Random) -> Iterator[Answer]:
    options = [one for one in usual().get(item.id, ()) if one.fits(facts)]
    if not options and item.photo is PhotoRule.NEVER and chance.random() < SKIPPED:
        yield Answer.not_checked()
    while options:
        one = chance.choices(options, [option.weight for option in options])[0]
        options.remove(one)
        if not (one.na and item.na is NotApplicable.NO):
            yield _as_answer(item, one)
    for _try in range(TRIES):
        yield Answer.of(_drawn(item, chance))


def _as_answer(item: Item, one: Usual) -> Answer:
    if one.na:
        return Answer.not_applicable(reason=one.na, note=one.na)
    if one.unchecked:
        return Answer.not_checked(note=one.unchecked)
    return Answer.of(typed_value(item, one.value))


def _drawn(item: Item, chance: random.Random) -> object:
    if item.type is ItemType.GROUP:
        drawn = {field.id: _drawn_field(item, field, chance) for field in item.fields}
        return typed_value(item, drawn)
    return typed_value(item, _drawn_field(item, item.fields[0], chance))


def _drawn_field(item: Item, field: Field, chance: random.Random) -> object:
    limits = [
        limit
        for limit in item.limits
        if limit.field == field.id and not limit.is_of_its_time and not limit.advice
    ]
    limit = chance.choice(limits) if limits else None
    if field.type in {ItemType.NUMBER, ItemType.COUNT}:
        return _number(limit, field, chance)
    if field.type is ItemType.YESNO:
        return limit.values[0] if limit else True
    return _chosen(limit, field, chance)


def _chosen(limit: Limit | None, field: Field, chance: random.Random) -> object:
    options: Sequence[object] = limit.values if limit else [one.id for one in field.options]
    if field.type is ItemType.CHOICES:
        return list(options) if limit else list(options[:1])
    return chance.choice(options) if options else "无"


def _number(limit: Limit | None, field: Field, chance: random.Random) -> Decimal:
    """A little on the good side of the limit, as coarse as people read a tape."""
    lowest, highest = bounds(limit) if limit and not limit.of else (Decimal(1), Decimal(3))
    share = Decimal(str(round(chance.random(), 3)))
    if lowest is not None and highest is not None:
        value = lowest + (highest - lowest) * share
    elif lowest is not None:
        value = lowest * (1 + share / 7)
    else:
        value = (highest or Decimal(1)) * (1 - share / 3)
    step = COARSE.get(field.unit, Decimal(1)) if field.unit else Decimal(1)
    return (value / step).to_integral_value() * step
