"""What must be put right before answers may be filed, as sentences beside their fields."""

from dataclasses import dataclass

from audit.core.text import Text

from .answers import Answer, Answers, AnswerState, InvalidAnswer, typed_value
from .conditions import is_relevant
from .facts import FacilityFacts
from .grammar import Checklist, Item, NotApplicable

NEEDS_REASON = Text(
    "这一项是必须做到的。选“不适用”时，请写明原因。",
    "This item is mandatory. Say why it does not apply.",
)
ALWAYS_APPLIES = Text(
    "这一项不能选“不适用”。没有检查的，请选“未检”。",
    "This item cannot be “not applicable”. If it was not checked, say so.",
)


@dataclass(frozen=True)
class Problem:
    """`field_id` is "" where the item as a whole is meant."""

    item_id: str
    field_id: str
    text: Text


def answer_problems(
    checklist: Checklist, answers: Answers, facts: FacilityFacts
) -> tuple[Problem, ...]:
    """In the list's order. Answers to items that are not asked, or unknown, are not looked at.

    A value that does not fit counts as unanswered for what is asked after it.
    """
    problems: list[Problem] = []
    counted: dict[str, Answer] = {}
    for item in checklist.items:
        if item.id not in answers or not is_relevant(item, counted, facts):
            continue
        problem = _misfit(item, answers[item.id]) or _na_problem(item, answers[item.id])
        if problem is None:
            counted[item.id] = answers[item.id]
        else:
            problems.append(problem)
    return tuple(problems)


def _misfit(item: Item, answer: Answer) -> Problem | None:
    if answer.state is not AnswerState.ANSWERED:
        return None
    try:
        typed_value(item, answer.value)
    except InvalidAnswer as wrong:
        return Problem(wrong.item_id, wrong.field_id, wrong.reason)
    return None


def _na_problem(item: Item, answer: Answer) -> Problem | None:
    if answer.state is not AnswerState.NOT_APPLICABLE:
        return None
    if item.na is NotApplicable.NO:
        return Problem(item.id, "", ALWAYS_APPLIES)
    if item.na is NotApplicable.REASON and not answer.reason.strip():
        return Problem(item.id, "", NEEDS_REASON)
    return None
