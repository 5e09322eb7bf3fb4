"""Which visit of its place an inspection is: first, third, or the re-check of a finding."""

from collections.abc import Callable

from flask import Flask

from audit.checklists.rules import Answer
from audit.core.db import db
from audit.inspections.models import Inspection
from audit.inspections.queries import visit_numbers
from tests.careful import CarefulClient
from tests.factories import NARROW_STALL, Factory
from tests.inspections.conftest import BLIND, Visitor

SignIn = Callable[..., CarefulClient]
LATCH = {"wc-latch": Answer.of(True)}


def test_visits_of_one_place_are_counted_and_those_of_others_are_not(
    app: Flask, make: Factory
) -> None:
    here, there = make.toilet(), make.toilet()
    one, other = make.actor("supervisor"), make.actor("supervisor")
    ids = [
        make.inspection(place, who, LATCH)
        for place, who in ((here, one), (there, one), (here, other), (here, one))
    ]
    ids += [make.draft(here, one), make.draft(make.toilet(), one)]
    with app.app_context():
        numbers = visit_numbers([db.session.get_one(Inspection, each) for each in ids])
    assert [numbers[each] for each in ids] == [1, 1, 2, 3, 4, 1]


def test_each_page_calls_a_visit_what_it_is(app: Flask, make: Factory, signed_in: SignIn) -> None:
    number, person = make.fixed(), make.person("supervisor")
    with app.app_context():
        place = make.finding_named(number).facility_id
    actor = make.actor_of(person)
    second = make.inspection(place, actor, NARROW_STALL)
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    browser.hold(make.session_of(person))
    sent = {"wc-stall-width": "1500", "no_photo_reason": BLIND}
    assert Visitor(person, browser).recheck(number, sent).status_code == 303

    def read(where: str) -> str:
        return browser.get(where).get_data(as_text=True)

    for where in ("/inspections/", f"/facilities/{place}"):
        html = read(where)
        assert "首次检查" in html and "第 2 次检查" in html and f"复查问题 {number}" in html, where
        assert "第 3 次检查" not in html, "a re-check is no visit of the whole place"
    assert "第 2 次检查" in read("/") and f"复查问题 {number}" in read("/")
    assert "第 2 次检查" in read(f"/inspections/{second}")
