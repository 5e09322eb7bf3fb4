"""A re-check after the checklist has moved on to a new edition."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from audit.checklists import loader
from audit.core.db import db
from audit.core.ids import new_id
from audit.findings.rules import State
from audit.inspections.models import Inspection
from tests.factories import Factory
from tests.inspections.conftest import Visitor, picture

Come = Callable[..., Visitor]
LIST = "public-toilet.toml"
NOW = loader.get_checklist("public-toilet").edition


@pytest.mark.parametrize(
    ("said", "says_now", "judged_by"),
    [
        ('zh = "公共厕所"', 'zh = "公厕"', "2027.1"),
        ("male_stall", "mens_stall", NOW),  # an answer beside which it was found
        ("wc-stall-width", "wc-stall-short", NOW),  # the item itself
        ("wc-latch", "wc-bolt", "2027.1"),  # another one
    ],
)
def test_a_recheck_is_judged_by_an_edition_that_understands_what_was_found(
    app: Flask, make: Factory, visitor: Come, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    said: str, says_now: str, judged_by: str,
) -> None:  # fmt: skip
    number, inspection = make.fixed(), new_id()
    today = (loader.FOLDER / LIST).read_text("utf-8")
    (tmp_path / "past").mkdir()
    (tmp_path / "past" / f"public-toilet.{NOW}.toml").write_text(today, "utf-8")
    assert said in today
    later = today.replace(f'edition = "{NOW}"', 'edition = "2027.1"').replace(said, says_now)
    (tmp_path / LIST).write_text(later, "utf-8")
    monkeypatch.setattr(loader, "FOLDER", tmp_path)

    sent = {"wc-stall-width": "1500", "photos.wc-stall-width": picture(9)}
    answer = visitor().recheck(number, sent, inspection)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.get_one(Inspection, inspection).edition == judged_by
        assert make.finding_named(number).state is State.CLOSED
    assert visitor("coordinator").browser.get(f"/findings/{number}").status_code == 200
    assert visitor("coordinator").browser.get(f"/inspections/{inspection}").status_code == 200
