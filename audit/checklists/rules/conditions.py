"""Which items are asked and which limits hold, decided from the answers before and the facts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from .answers import Answer, Answers, AnswerState, typed_value
from .facts import FacilityFacts
from .grammar import Checklist, Condition, Item, Limit


def is_relevant(item: Item, answers: Answers, facts: FacilityFacts) -> bool:
    """True when all of the item's conditions hold on these answers.

    Looks at the item's own conditions only; `asked_items` also drops what hidden items say.
    """
    return all_hold(item.relevant, answers, facts)


def asked_items(checklist: Checklist, answers: Answers, facts: FacilityFacts) -> tuple[Item, ...]:
    """The items to ask, in order. An answer left behind on a hidden item counts for nothing."""
    return asked_and_answered(checklist, answers, facts)[0]


def asked_and_answered(
    checklist: Checklist, answers: Answers, facts: FacilityFacts
) -> tuple[tuple[Item, ...], Answers]:
    """The items to ask, in order, and their answers, typed. Raises InvalidAnswer."""
    asked: list[Item] = []
    counted: dict[str, Answer] = {}
    for item in checklist.items:
        if is_relevant(item, counted, facts):
            asked.append(item)
            if item.id in answers:
                counted[item.id] = answered_typed(item, answers[item.id])
    return tuple(asked), counted


def possible_items(checklist: Checklist, facts: FacilityFacts) -> tuple[Item, ...]:
    """The items that some answers would bring up at a place with these facts, in order."""
    possible: dict[str, Item] = {}
    for item in checklist.items:
        if all(_is_possible(condition, possible, facts) for condition in item.relevant):
            possible[item.id] = item
    return tuple(possible.values())


def _is_possible(condition: Condition, possible: Mapping[str, Item], facts: FacilityFacts) -> bool:
    if condition.any:
        return any(_is_possible(inner, possible, facts) for inner in condition.any)
    return _holds(condition, {}, facts) if condition.fact else condition.item in possible


def answered_typed(item: Item, answer: Answer) -> Answer:
    """The answer with its value typed. Raises InvalidAnswer."""
    if answer.state is not AnswerState.ANSWERED:
        return answer
    return Answer(answer.state, typed_value(item, answer.value), answer.reason, answer.note)


def limit_applies(limit: Limit, answers: Answers, facts: FacilityFacts) -> bool:
    """By its `when` and `unless`; the era is another matter."""
    if not all_hold(limit.when, answers, facts):
        return False
    return not (limit.unless and all_hold(limit.unless, answers, facts))


def all_hold(conditions: Sequence[Condition], answers: Answers, facts: FacilityFacts) -> bool:
    """A condition on something unanswered or unknown does not hold."""
    return all(_holds(condition, answers, facts) for condition in conditions)


def _holds(condition: Condition, answers: Answers, facts: FacilityFacts) -> bool:
    if condition.any:
        return any(_holds(inner, answers, facts) for inner in condition.any)
    if condition.fact:
        return _fits(condition, facts.get(condition.fact))
    return _fits(condition, _answered(condition, answers))


def _answered(condition: Condition, answers: Answers) -> object:
    answer = answers.get(condition.item)
    if answer is None or answer.state is not AnswerState.ANSWERED:
        return None
    value = answer.value
    if condition.field:
        return value.get(condition.field) if isinstance(value, Mapping) else None
    return value


def _fits(condition: Condition, value: object) -> bool:
    if value is None:
        return False
    if condition.values:
        given = value if isinstance(value, list | tuple) else (value,)
        return any(one in condition.values for one in given)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return (
        (condition.above is None or value > condition.above)
        and (condition.at_least is None or value >= condition.at_least)
        and (condition.below is None or value < condition.below)
        and (condition.at_most is None or value <= condition.at_most)
    )
