"""The README of `checklists/` names everything that a file may say."""

import pytest

from audit.checklists.lint import shape
from audit.checklists.loader import FOLDER
from audit.checklists.rules import FACTS, Op, Outcome, Unit, Verdict

README = (FOLDER / "README.md").read_text("utf-8")
KEYS = {key for table in (shape.ITEM, shape.LIMIT, shape.EXAMPLE, shape.CONDITION) for key in table}
WORDS = {one.value for kind in (Op, Outcome, Unit, Verdict) for one in kind}
FACT_VALUES = {value for kind in FACTS.values() for value in kind.values if isinstance(value, str)}


@pytest.mark.parametrize("word", sorted(KEYS | WORDS | set(FACTS) | FACT_VALUES))
def test_the_page_explains(word: str) -> None:
    assert f"`{word}`" in README or f"{word} = " in README or f"[[item.{word}]]" in README
