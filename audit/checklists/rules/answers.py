"""What was answered, typed; and what is wrong with an answer, in words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from audit.core.text import Text

from .grammar import Field, Item, ItemType

Scalar = bool | Decimal | str | tuple[str, ...]
Value = Scalar | Mapping[str, Scalar]
PLAIN_NUMBER = re.compile(r"\d{1,7}(\.\d{1,4})?", re.ASCII)
WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")  # as a Chinese keyboard types them
LONGEST_TEXT = 2000


class InvalidAnswer(ValueError):
    """The value does not fit the item; `field` is "" where the item is no group."""

    def __init__(self, item_id: str, field_id: str, reason: Text) -> None:
        super().__init__(f"{item_id} {field_id}".rstrip() + f": {reason.en}")
        self.item_id, self.field_id, self.reason = item_id, field_id, reason


class AnswerState(StrEnum):
    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True)
class Answer:
    """`value` counts only in state `answered`; `reason` says why an item does not apply."""

    state: AnswerState
    value: object = None
    reason: str = ""
    note: str = ""

    @classmethod
    def of(cls, value: object, note: str = "") -> "Answer":
        return cls(AnswerState.ANSWERED, value, note=note)

    @classmethod
    def not_applicable(cls, reason: str = "", note: str = "") -> "Answer":
        return cls(AnswerState.NOT_APPLICABLE, reason=reason, note=note)

    @classmethod
    def not_checked(cls, note: str = "") -> "Answer":
        return cls(AnswerState.NOT_CHECKED, note=note)


Answers = Mapping[str, Answer]


def typed_value(item: Item, raw: object) -> Value:
    """The value as judging wants it: bool, Decimal, option id, tuple of ids, or a dict of these.

    Takes what TOML, JSON and a form's number fields give ("8.33" is a number). A group may
    leave fields out; None or "" in a field is left out. Raises InvalidAnswer.
    """
    if item.type is not ItemType.GROUP:
        return _scalar(item, item.fields[0], raw)
    if not isinstance(raw, Mapping):
        raise InvalidAnswer(
            item.id, "", Text("这一项要分栏填写。", "This item has several fields.")
        )
    known = {field.id for field in item.fields}
    unknown = [name for name in raw if name not in known]
    if unknown:
        raise InvalidAnswer(item.id, str(unknown[0]), Text("没有这一栏。", "No such field."))
    given = (field for field in item.fields if raw.get(field.id) not in (None, ""))
    return {field.id: _scalar(item, field, raw[field.id]) for field in given}


def plain_value(value: Value) -> object:
    """The value as JSON can hold it; `typed_value` reads it back. Fractions become text."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    if isinstance(value, tuple):
        return list(value)
    return {name: plain_value(part) for name, part in value.items()}


def _scalar(item: Item, field: Field, raw: object) -> Scalar:
    read, reason = READERS[field.type]
    value = read(field, raw)
    if value is None:
        raise InvalidAnswer(item.id, field.id, reason)
    return value


def _yesno(_field: Field, raw: object) -> bool | None:
    return raw if isinstance(raw, bool) else None


def _number(_field: Field, raw: object) -> Decimal | None:
    """Finite, not negative, at most seven digits before the point."""
    if not isinstance(raw, int | float | Decimal | str):
        return None
    text = format(raw, "f") if isinstance(raw, Decimal) else str(raw).strip().translate(WIDE)
    return Decimal(text) if PLAIN_NUMBER.fullmatch(text) else None


def _count(field: Field, raw: object) -> Decimal | None:
    value = _number(field, raw)
    return value if value is not None and value == value.to_integral_value() else None


def _choice(field: Field, raw: object) -> str | None:
    return raw if isinstance(raw, str) and raw in option_ids(field) else None


def _choices(field: Field, raw: object) -> tuple[str, ...] | None:
    """In the order of the options, each once; choosing none of them is a valid answer."""
    if not isinstance(raw, list | tuple) or any(one not in option_ids(field) for one in raw):
        return None
    return tuple(one for one in option_ids(field) if one in raw)


def _text(_field: Field, raw: object) -> str | None:
    return raw if isinstance(raw, str) and len(raw) <= LONGEST_TEXT else None


def option_ids(field: Field) -> list[str]:
    return [option.id for option in field.options]


READERS: Mapping[ItemType, tuple[Callable[[Field, object], Scalar | None], Text]] = {
    ItemType.YESNO: (_yesno, Text("请选“是”或“否”。", "Choose yes or no.")),
    ItemType.NUMBER: (
        _number,
        Text("请填不小于 0 的数字，例如 1500 或 8.3。", "Enter a number such as 1500 or 8.3."),
    ),
    ItemType.COUNT: (
        _count,
        Text("请填整数，例如 0 或 12。", "Enter a whole number such as 0 or 12."),
    ),
    ItemType.CHOICE: (
        _choice,
        Text("请从所列选项中选一项。", "Choose one of the options."),
    ),
    ItemType.CHOICES: (_choices, Text("请从所列选项中选择。", "Choose from the options.")),
    ItemType.TEXT: (
        _text,
        Text("文字太长，请缩短到 2000 字以内。", "Shorten the text to 2000 characters."),
    ),
}
