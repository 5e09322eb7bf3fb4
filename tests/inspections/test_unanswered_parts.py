"""A part of a question that was answered by mistake can be left open again, and items are numbered
as they stand on the page; both without scripts."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from audit.core.db import db
from audit.core.ids import new_id
from audit.facilities.rules import FacilityKind
from audit.inspections.models import InspectionAnswer
from tests.factories import Factory
from tests.inspections.conftest import Visitor

Come = Callable[..., Visitor]


def test_every_choice_in_a_group_can_be_taken_back(make: Factory, visitor: Come) -> None:
    html = (
        visitor().browser.get(f"/inspections/new?facility={make.toilet()}").get_data(as_text=True)
    )
    names = set(re.findall(r'type="radio" [^>]*name="([^"]+)"', html))
    assert any("." in name for name in names)
    for name in names - {"theme", "text"}:
        assert re.search(f'name="{re.escape(name)}" value="unchecked"', html), name
        assert not re.search(f'name="{re.escape(name)}" value="[^"]*" checked', html), "none chosen"


def test_a_part_marked_as_not_checked_is_not_judged(
    app: Flask, make: Factory, visitor: Come
) -> None:
    inspection = new_id()
    parts = {"wc-floor.sound": "yes", "wc-floor.dry": "unchecked"}
    assert visitor().file(make.toilet(), parts, inspection).status_code == 303
    with app.app_context():
        row = db.session.get_one(InspectionAnswer, (inspection, "wc-floor"))
        assert (row.verdict, row.value) == ("not_checked", {"sound": True})


def test_parts_that_are_all_not_checked_answer_nothing(make: Factory, visitor: Come) -> None:
    parts = {"wc-floor.sound": "unchecked", "wc-floor.dry": "unchecked"}
    answer = visitor().file(make.toilet(), parts)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "还没有回答任何检查项" in html
    assert html.count('value="unchecked" checked') == 2, "what was chosen is still there"


@pytest.mark.parametrize("facts", [{}, {"branch": "office"}, {"branch": "hospital"}])
def test_items_on_the_page_are_numbered_without_gaps(
    make: Factory, visitor: Come, facts: dict[str, bool | int | str]
) -> None:
    place = make.facility(FacilityKind.BUILDING, facts=facts)
    someone = visitor()
    html = someone.browser.get(f"/inspections/new?facility={place}").get_data(as_text=True)
    numbers = [int(one) for one in re.findall(r'class="item__number">(\d+)<', html)]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) > 30
    items = re.findall(r'data-item="([^"]+)"', html)
    sent = {"pb-corridor": "wide"}
    html = someone.file(place, sent, checklist="public-building").get_data(as_text=True)
    number = items.index("pb-corridor") + 1
    assert f'<span data-number-of="pb-corridor">{number}</span>. ' in html
