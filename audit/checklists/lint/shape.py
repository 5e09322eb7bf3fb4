"""Which keys each table may have, which it must have, and what their values look like."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from audit.standards.rules import Confidence

from ..rules.drawings import DRAWINGS
from ..rules.facts import FACTS
from ..rules.grammar import (
    Defect,
    Fault,
    Force,
    Group,
    ItemType,
    NotApplicable,
    Op,
    PhotoRule,
    Severity,
    Unit,
)
from ..rules.judging import Outcome, Verdict
from .places import Block
from .report import Report

Check = Callable[[Any], str | None]
Shape = Mapping[str, Check]
NUMBERED = re.compile(r"^\s*\d+[.、)]\s", re.MULTILINE)


def is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _that(test: Callable[[Any], bool], expected: str) -> Check:
    return lambda value: None if test(value) else f"must be {expected}"


def _matching(pattern: str, expected: str) -> Check:
    whole = re.compile(pattern, re.ASCII)
    return _that(lambda value: isinstance(value, str) and bool(whole.fullmatch(value)), expected)


def _one_of(words: type[StrEnum], *but: StrEnum) -> Check:
    known = [word.value for word in words if word not in but]
    return _that(lambda value: value in known, f"one of {', '.join(known)}")


def _title(most: int) -> Check:
    return _matching(
        rf"(?=\S)[^0-9.?!。？！]{{1,{most}}}",
        f"a title of at most {most} characters, without digits and full stops",
    )


def _list_of(check: Check, at_least: int = 1) -> Check:
    def checked(value: Any) -> str | None:
        if not isinstance(value, list) or len(value) < at_least:
            return "must be a list" if at_least == 0 else "must be a list with something in it"
        return next((problem for problem in map(check, value) if problem), None)

    return checked


def _table(shape: Shape, required: Sequence[str]) -> Check:
    def checked(value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return "must be a table"
        return next((problem for _key, problem in _problems(value, shape, required)), None)

    return checked


def _condition(value: Any) -> str | None:
    return _table(CONDITION, ())(value)


def _era(value: Any) -> str | None:
    wanted = "must be before- and a date, as before-2022-04-01"
    try:
        begins = isinstance(value, str) and value.startswith("before-")
        return None if begins and date.fromisoformat(value.removeprefix("before-")) else wanted
    except ValueError:
        return wanted


SLUG = _matching(r"[a-z0-9]+(-[a-z0-9]+)*", "made of a-z, 0-9 and single hyphens")
NAME = _matching(r"[a-z][a-z0-9_]*", "made of a-z, 0-9 and _")
WORDS = _that(lambda value: isinstance(value, str) and bool(value.strip()), "a text, not empty")
STEPS = _that(
    lambda value: isinstance(value, str) and bool(value.strip()) and not NUMBERED.search(value),
    "one step a line, not empty and not numbered",
)
FLAG = _that(lambda value: isinstance(value, bool), "true or false")
NUMBER = _that(is_number, "a number")
WHOLE = _that(lambda value: is_number(value) and value == int(value) >= 0, "a whole number")
DAY = _that(lambda value: type(value) is date, "a date")
ANYTHING = _that(lambda value: True, "anything")
TABLES = _list_of(_that(lambda value: isinstance(value, Mapping), "a table"))
TEXT = _table({"zh": WORDS, "en": WORDS}, ("zh", "en"))
HOW = _table({"zh": STEPS, "en": STEPS}, ("zh", "en"))
PROBLEM = _table({"zh": _title(20), "en": _title(60)}, ("zh", "en"))
CHOSEN = _list_of(_that(lambda value: isinstance(value, bool | str), "true, false or an option id"))
CONDITIONS = _list_of(_condition)
OPTIONS = _list_of(_table({"id": NAME, "zh": WORDS, "en": WORDS}, ("id", "zh", "en")))
ROW = _that(
    lambda row: isinstance(row, list) and len(row) == 2 and not any(map(WHOLE, row)),
    "rows of two whole numbers",
)

CHECKLIST: Shape = {
    "id": SLUG,
    "edition": _matching(r"\d{4}\.\d+", "a year and a number, as 2026.1"),
    "kinds": _list_of(NAME),
    "prefix": SLUG,
    "title": TEXT,
    "section": TABLES,
    "item": TABLES,
}
SECTION: Shape = {"id": SLUG, "title": TEXT}
FIELD: Shape = {
    "id": NAME,
    "type": _one_of(ItemType),
    "unit": _one_of(Unit),
    "options": OPTIONS,
    "label": TEXT,
}
ITEM: Shape = {
    "id": SLUG,
    "section": SLUG,
    "ask": TEXT,
    "problem": PROBLEM,
    "how": HOW,
    "why": TEXT,
    "drawing": _that(lambda value: value in DRAWINGS, f"one of {', '.join(DRAWINGS)}"),
    "type": _one_of(ItemType),
    "unit": _one_of(Unit),
    "options": OPTIONS,
    "fields": _list_of(_table(FIELD, ("id", "type", "label"))),
    "relevant": CONDITIONS,
    "groups": _list_of(_one_of(Group)),
    "severity": _one_of(Severity),
    "photo": _one_of(PhotoRule),
    "defect": _one_of(Defect),
    "fault": _one_of(Fault),
    "force": _one_of(Force),
    "conf": _one_of(Confidence, Confidence.CONFIRMED),
    "cite": _list_of(WORDS, at_least=0),
    "na": _one_of(NotApplicable),
    "experience": FLAG,
    "limit": TABLES,
    "example": TABLES,
}
ITEM_REQUIRED = (
    *("id", "section", "ask", "how", "type", "groups", "severity", "photo"),
    *("defect", "fault", "force"),
)
SOURCES = ("conf", "cite")  # an item that only branches needs none
LIMIT: Shape = {
    "op": _one_of(Op),
    "field": NAME,
    "value": NUMBER,
    "low": NUMBER,
    "high": NUMBER,
    "values": CHOSEN,
    "percent": NUMBER,
    "of": NAME,
    "at_least": WHOLE,
    "table": _list_of(ROW),
    "every": WHOLE,
    "when": CONDITIONS,
    "unless": CONDITIONS,
    "era": _era,
    "advice": FLAG,
    "fault": _one_of(Fault),
    "force": _one_of(Force),
    "conf": _one_of(Confidence, Confidence.CONFIRMED),
    "cite": _list_of(WORDS, at_least=0),
}
EXAMPLE: Shape = {
    "answer": ANYTHING,
    "facts": _table(dict.fromkeys(FACTS, ANYTHING) | {"built_on": DAY, "altered_on": DAY}, ()),
    "others": _that(lambda value: isinstance(value, Mapping), "a table of answers"),
    "expect": _one_of(Verdict),
    "outcome": _one_of(Outcome),
    "met_rule_of_its_time": FLAG,
}
CONDITION: Shape = {
    "item": SLUG,
    "field": NAME,
    "fact": NAME,
    "is": CHOSEN,
    "above": NUMBER,
    "at_least": NUMBER,
    "below": NUMBER,
    "at_most": NUMBER,
    "any": CONDITIONS,
}


def check_shape(table: Mapping[str, Any], root: Block, report: Report) -> None:
    """Adds an error for each unknown, missing or ill-formed key of the file."""
    _check(table, root, CHECKLIST, tuple(CHECKLIST), report)
    for row, block in _rows(table, root, "section", report):
        _check(row, block, SECTION, tuple(SECTION), report)
    for row, block in _rows(table, root, "item", report):
        sources = () if row.get("force") == Force.INFO else SOURCES
        _check(row, block, ITEM, ITEM_REQUIRED + sources, report)
        for limit, limit_block in _rows(row, block, "limit", report):
            _check(limit, limit_block, LIMIT, ("op",), report)
        for example, example_block in _rows(row, block, "example", report):
            _check(example, example_block, EXAMPLE, ("answer", "expect"), report)


def _check(
    row: Mapping[str, Any], block: Block, shape: Shape, required: Sequence[str], report: Report
) -> None:
    for key, problem in _problems(row, shape, required):
        report.at(block, key, problem)


def _problems(
    row: Mapping[str, Any], shape: Shape, required: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for key in required:
        if key not in row:
            yield key, f"{key} is missing"
    for key, value in row.items():
        problem = shape[key](value) if key in shape else None
        if key not in shape:
            yield key, f"unknown key {key}"
        elif problem:
            yield key, f"{key}: {problem}"


def _rows(
    row: Mapping[str, Any], block: Block, name: str, report: Report
) -> Iterator[tuple[Mapping[str, Any], Block]]:
    """Each table of an array with its place; they must be written with `[[…]]` headers."""
    rows, blocks = row.get(name, []), block.inside(name)
    if not isinstance(rows, list) or len(rows) != len(blocks):
        report.at(block, name, f"write each {name} under a [[{name}]] header of its own")
        return
    yield from zip(rows, blocks, strict=True)
