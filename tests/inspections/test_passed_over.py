"""Answers that hang on another answer, on a page without scripts, which hides nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from audit.core.db import db
from audit.core.ids import new_id
from audit.findings.models import Finding
from audit.inspections.models import Inspection, InspectionAnswer
from tests.factories import Factory
from tests.inspections.conftest import BLIND, Visitor, picture
from tests.unchanged import nothing_written

Come = Callable[..., Visitor]
FIRST = "项已经填了，先回答这一项，它才算数"


@pytest.mark.parametrize(
    ("answers", "field", "number"),
    [
        ({"wc-stall-width": "1400"}, "wc-provision", 17),
        ({"wc-stall-width": "1400", "wc-door-width": "900"}, "wc-provision", 17),
        ({"wc-latch": "no", "wc-stall-width": "1400"}, "wc-provision", 17),
        ({"wc-entrance-slope": "1:12"}, "wc-entrance-type", 2),
        ({"wc-ramp-slope.slope": "12"}, "wc-entrance-type", 3),
        ({"wc-provision": ["room"], "wc-call-works.answered": "no"}, "wc-call", 31),
    ],
)
def test_what_was_measured_is_not_dropped_because_an_earlier_question_was_passed_over(
    app: Flask, make: Factory, visitor: Come, answers: dict[str, Any], field: str, number: int
) -> None:
    place, someone = make.toilet(), visitor()
    with nothing_written(app):
        answer = someone.file(place, answers)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in html
    assert f"第 {number} {FIRST}" in html


def test_an_answer_left_behind_by_another_choice_counts_for_nothing(
    app: Flask, make: Factory, visitor: Come
) -> None:
    left = {
        "wc-stall-width": "1400",
        "wc-stall-door": "inward_tight",
        "note.wc-stall-door": "字" * 3000,
    }
    sent = {"wc-provision": ["room"], "wc-room-turn": "1500", **left}
    inspection = new_id()
    assert visitor().file(make.toilet(), sent, inspection).status_code == 303
    with app.app_context():
        rows = db.session.scalars(
            db.select(InspectionAnswer.item_id).where(InspectionAnswer.inspection_id == inspection)
        ).all()
        assert "wc-room-turn" in rows
        assert not {"wc-stall-width", "wc-stall-door"} & set(rows)
        assert db.session.scalars(db.select(Finding.rule_id)).all() == []


def test_an_inspection_of_nothing_but_left_answers_is_none(
    app: Flask, make: Factory, visitor: Come
) -> None:
    sent = {"wc-entrance-type": "unchecked", "wc-entrance-slope": "12"}
    answer = visitor().file(make.toilet(), sent)
    assert answer.status_code == 422
    assert "还没有回答任何检查项" in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(db.select(Inspection)).all() == []


def test_a_bad_picture_of_a_hidden_item_stops_nobody(
    app: Flask, make: Factory, visitor: Come
) -> None:
    broken = (picture()[0].__class__(b"no picture"), "x.jpg")
    sent = {"wc-provision": ["room"], "wc-room-turn": "1500", "photos.wc-stall-door": broken}
    assert visitor().file(make.toilet(), sent).status_code == 303


@pytest.mark.parametrize("name", ["note", "no_photo_reason", "note.wc-door-width"])
def test_who_is_told_to_shorten_a_text_gets_all_of_it_back(
    make: Factory, visitor: Come, name: str
) -> None:
    place, someone, inspection = make.toilet(), visitor(), new_id()
    sent = {"wc-door-width": "900", "no_photo_reason": BLIND, name: "甲" * 2000 + "尾" * 500}
    answer = someone.file(place, sent, inspection)
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count("尾") == 500
    saved = someone.file(place, sent, inspection, action="draft")
    assert someone.browser.get(saved.headers["Location"]).get_data(as_text=True).count("尾") == 500
