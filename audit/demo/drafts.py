"""Answers as they would have been typed into the form of an inspection. Pure."""

from collections.abc import Mapping
from decimal import Decimal

from audit.checklists.rules import Answer, Answers, AnswerState


def typed_answers(answers: Answers) -> dict[str, list[str]]:
    """By the name of the control, as `audit.inspections.forms` reads them."""
    typed: dict[str, list[str]] = {}
    for item, answer in answers.items():
        typed |= _typed(item, answer)
        if answer.note:
            typed[f"note.{item}"] = [answer.note]
    return typed


def _typed(item: str, answer: Answer) -> dict[str, list[str]]:
    if answer.state is AnswerState.NOT_APPLICABLE:
        return {f"state.{item}": ["na"]}
    if answer.state is AnswerState.NOT_CHECKED:
        return {f"state.{item}": ["unchecked"]}
    if isinstance(answer.value, Mapping):
        return {f"{item}.{name}": _texts(part) for name, part in answer.value.items()}
    return {item: _texts(answer.value)}


def _texts(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, Decimal):
        return [f"{value.normalize():f}"]
    return [str(one) for one in value] if isinstance(value, tuple) else [str(value)]
