"""Every example in every file of `checklists/` is a test."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from audit.checklists.lint import checklist_files, lint_folder, parse
from audit.checklists.lint.proofs import try_example
from audit.checklists.loader import FOLDER
from audit.checklists.reading import read_checklist
from audit.checklists.rules import Checklist, Item


def examples() -> Iterator[Any]:
    for path in checklist_files(FOLDER):
        table = parse(path.read_text("utf-8"))
        checklist = read_checklist(table)
        for row in table["item"]:
            item = checklist.item(row["id"])
            for number, example in enumerate(row.get("example", []), 1):
                name = f"{path.stem}-{item.id}-{number}"
                yield pytest.param(checklist, item, example, id=name)


@pytest.mark.parametrize(("checklist", "item", "example"), list(examples()))
def test_an_example_is_judged_as_it_says(
    checklist: Checklist, item: Item, example: Mapping[str, Any]
) -> None:
    judgement = try_example(checklist, item, example).judgement
    got = {
        "expect": judgement.verdict,
        "outcome": judgement.outcome,
        "met_rule_of_its_time": judgement.met_rule_of_its_time,
    }
    said = {key: example[key] for key in got if key in example}
    assert {key: got[key] for key in said} == said


def test_no_file_breaks_the_grammar() -> None:
    assert [str(error) for error in lint_folder(FOLDER)] == []
