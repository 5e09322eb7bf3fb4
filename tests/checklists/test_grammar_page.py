"""The README of `checklists/` names everything that a file may say."""

import pytest

from audit.checklists.lint import shape
from audit.checklists.loader import FOLDER
from audit.checklists.rules import Op, Outcome, Unit, Verdict

README = (FOLDER / "README.md").read_text("utf-8")
KEYS = {key for table in (shape.ITEM, shape.LIMIT, shape.EXAMPLE, shape.CONDITION) for key in table}
WORDS = {one.value for kind in (Op, Outcome, Unit, Verdict) for one in kind}


@pytest.mark.parametrize("word", sorted(KEYS | WORDS))
def test_the_page_explains(word: str) -> None:
    assert f"`{word}`" in README or f"{word} = " in README or f"[[item.{word}]]" in README
