"""The table in words: the document and the page say what the table says, and no more."""

from collections.abc import Callable

from audit.accounts.rules import ROLES
from audit.core.settings import ROOT
from audit.findings.rules import STATES, TRANSITIONS
from audit.findings.rules.telling import life_as_markdown
from tests.careful import CarefulClient


def test_the_document_is_what_the_table_says() -> None:
    written = (ROOT / "docs" / "life.md").read_text("utf-8")
    assert written == life_as_markdown(dict(ROLES)), "run scripts/life"


def test_every_state_and_step_stands_on_the_page_for_anybody_who_is_signed_in(
    signed_in: Callable[..., CarefulClient],
) -> None:
    for role in ("planner", "auditor", "organisation"):
        html = signed_in(role).get("/findings/life").get_data(as_text=True)
        assert all(words.zh in html for words in STATES.values())
        assert all(step.label.zh in html for step in TRANSITIONS)
