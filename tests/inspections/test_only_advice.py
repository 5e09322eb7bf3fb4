"""What is only advised is no failure anywhere: lists, the facility, the desk, the journal."""

from collections.abc import Callable

from flask import Flask

from audit.checklists.rules import Answer
from audit.core.db import db
from audit.facilities.rules import FacilityKind
from audit.inspections.models import InspectionAnswer
from audit.journal.models import JournalEntry
from tests.careful import CarefulClient
from tests.factories import NARROW_STALL, Factory

SignIn = Callable[..., CarefulClient]
ADVISED = {"pk-floor": Answer.of(value=False), "pk-ev": Answer.of(value=False)}


def failed_in_journal(app: Flask) -> list[int]:
    with app.app_context():
        filed = db.session.scalars(db.select(JournalEntry).where(JournalEntry.verb == "file"))
        return [entry.detail["failed"] for entry in filed]


def test_a_visit_with_advice_only_says_the_same_on_every_page(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place = make.facility(FacilityKind.PARKING, name="北门停车场")
    person = make.person("supervisor")
    visit = make.inspection(place, make.actor_of(person), ADVISED, checklist="parking")
    with app.app_context():
        answer = db.session.get_one(InspectionAnswer, (visit, "pk-floor"))
        assert (answer.verdict, answer.outcome) == ("fail", "advice")
    own: CarefulClient = app.test_client()  # type: ignore[assignment]
    own.hold(make.session_of(person))
    for page in ("/inspections/", f"/facilities/{place}", "/"):
        html = own.get(page).get_data(as_text=True)
        assert "没有不合格" in html and "不合格 2 项" not in html, page
    html = own.get(f"/inspections/{visit}").get_data(as_text=True)
    assert "没有不合格的项。有 2 项只是建议改进，不成为问题。" in html
    assert "已判定的项都合格" not in html
    assert failed_in_journal(app) == [0]


def test_a_failure_is_still_counted_on_every_page(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place = make.toilet()
    make.inspection(place, make.actor(), NARROW_STALL)
    office = signed_in("coordinator")
    for page in ("/inspections/", f"/facilities/{place}"):
        assert "不合格 1 项" in office.get(page).get_data(as_text=True), page
    assert failed_in_journal(app) == [1]
