"""Every example in every file of `checklists/` is a test."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from audit.checklists.lint import checklist_files, lint_folder, parse
from audit.checklists.lint.proofs import try_example
from audit.checklists.loader import FOLDER
from audit.checklists.reading import read_checklist
from audit.checklists.rules import Checklist, Item


def items() -> Iterator[Any]:
    for path in checklist_files(FOLDER):
        table = parse(path.read_text("utf-8"))
        checklist = read_checklist(table)
        for row in table["item"]:
            examples = row.get("example", [])
            yield pytest.param(
                checklist, checklist.item(row["id"]), examples, id=f"{path.stem}-{row['id']}"
            )


@pytest.mark.parametrize(("checklist", "item", "examples"), list(items()))
def test_the_examples_of_an_item_are_judged_as_they_say(
    checklist: Checklist, item: Item, examples: list[Mapping[str, Any]]
) -> None:
    wrong = []
    for number, example in enumerate(examples, 1):
        judgement = try_example(checklist, item, example).judgement
        got = {
            "expect": judgement.verdict,
            "outcome": judgement.outcome,
            "met_rule_of_its_time": judgement.met_rule_of_its_time,
        }
        said = {key: (example[key], got[key]) for key in got if key in example}
        wrong += [(number, key, pair) for key, pair in said.items() if pair[0] != pair[1]]
    assert wrong == [], "number of the example, and what it says beside what was judged"


def test_no_file_breaks_the_grammar() -> None:
    assert [str(error) for error in lint_folder(FOLDER)] == []
