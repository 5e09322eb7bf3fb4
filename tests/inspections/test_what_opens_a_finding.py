"""Not every remark is a problem: what opens a finding, and what is only said in the result."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from audit.checklists.loader import all_checklists
from audit.checklists.rules import (
    Answer,
    Checklist,
    FacilityFacts,
    Field,
    Item,
    ItemType,
    asked_items,
    judge,
)
from audit.checklists.rules.facts import FactValue
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.rules import FacilityKind
from audit.findings import actions
from audit.findings.models import Finding
from audit.findings.rules import Verb
from audit.inspections.models import InspectionAnswer
from audit.journal.models import JournalEntry
from tests.factories import Factory
from tests.inspections.conftest import BLIND, Visitor

Come = Callable[..., Visitor]
LEVEL = {"wc-entrance-type": "level"}
LONG = [one for one in all_checklists() if len(one.items) >= 40]


def findings(app: Flask, place: UUID | None = None) -> dict[str, str]:
    """Outcome by rule, at one place or at all."""
    query = db.select(Finding)
    if place is not None:
        query = query.where(Finding.facility_id == place)
    with app.app_context():
        return {row.rule_id: row.outcome for row in db.session.scalars(query)}


def answer_of(app: Flask, inspection: UUID, item: str) -> tuple[str, str | None]:
    with app.app_context():
        row = db.session.get_one(InspectionAnswer, (inspection, item))
        return row.verdict, row.outcome


@pytest.mark.parametrize(
    ("width", "crowded", "verdict", "opens"),
    [
        ("1500", False, ("pass", None), {}),
        ("1300", False, ("pass", "advice"), {}),  # GB 50763 advises 1500
        ("1199", False, ("fail", "breach"), {"rd-clear-width": "breach"}),
        ("1300", True, ("fail", "breach"), {"rd-clear-width": "breach"}),
    ],
)
def test_advice_is_said_and_opens_no_finding(
    app: Flask, make: Factory, visitor: Come, width: str, crowded: bool,
    verdict: tuple[str, str | None], opens: dict[str, str],
) -> None:  # fmt: skip
    road = make.facility(FacilityKind.ROAD, facts={"crowded": crowded})
    inspection = new_id()
    answer = visitor().file(road, {"rd-clear-width": width, "checklist": "road"}, inspection)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert answer_of(app, inspection, "rd-clear-width") == verdict
    assert findings(app) == opens


@pytest.mark.parametrize(
    ("slope", "verdict"),
    [("5.0", "pass"), ("5.1", "second_look"), ("5.2", "second_look"), ("5.21", "fail"),
     ("1:19", "fail"), ("1:20", "pass")],
)  # fmt: skip
def test_a_miss_within_the_tolerance_asks_for_a_second_look_and_opens_none(
    app: Flask, make: Factory, visitor: Come, slope: str, verdict: str
) -> None:
    someone, inspection = visitor(), new_id()
    sent = someone.file(make.toilet(), {**LEVEL, "wc-entrance-slope": slope}, inspection)
    assert sent.status_code == 303
    assert answer_of(app, inspection, "wc-entrance-slope")[0] == verdict
    assert set(findings(app)) == ({"wc-entrance-slope"} if verdict == "fail" else set())
    if verdict == "second_look":
        html = someone.browser.get(f"/inspections/{inspection}").get_data(as_text=True)
        assert "需要再量一次的项" in html


def test_a_recheck_within_the_tolerance_is_kept_and_another_one_may_still_tell(
    app: Flask, make: Factory, visitor: Come
) -> None:
    visitor().file(make.toilet(), {**LEVEL, "wc-entrance-slope": "7"})
    with app.app_context():
        number = db.session.scalars(db.select(Finding.number)).one()
    report_fixed(app, make, number)
    near = {"wc-entrance-slope": "5.1", "no_photo_reason": BLIND}
    someone = visitor()
    told = someone.recheck(number, near)
    html = someone.browser.get(told.headers["Location"]).get_data(as_text=True)
    assert "在量具误差以内，判不出合格还是不合格" in html and "5.1 %" in html
    assert "需复核 1 项" in someone.browser.get("/inspections/").get_data(as_text=True)
    with app.app_context():
        assert make.finding_named(number).state == "unsure"
    assert visitor().recheck(number, {**near, "wc-entrance-slope": "4.9"}).status_code == 303
    with app.app_context():
        assert make.finding_named(number).state == "closed"


def report_fixed(app: Flask, make: Factory, number: str) -> None:
    owner = make.organisation()
    coordinator, department = make.actor("coordinator"), make.actor("department")
    fixer = make.actor("organisation", organisation=owner)
    photo = make.photo(fixer)
    with app.app_context():
        with transaction():
            actions.act(make.finding_named(number), Verb.CONFIRM, coordinator)
        with transaction():
            actions.dispatch(make.finding_named(number), department, owner)
        with transaction():
            actions.report_fixed(make.finding_named(number), fixer, "改好了", [photo])


def worst(field: Field) -> list[Any]:
    """Answers worth trying, the likely failures first."""
    if field.type is ItemType.YESNO:
        return [False, True]
    if field.type in (ItemType.NUMBER, ItemType.COUNT):
        return [0, 999_999]
    if field.type is ItemType.CHOICE:
        return [one.id for one in reversed(field.options)]
    return [[one.id for one in field.options], *([one.id] for one in reversed(field.options))]


def failing(checklist: Checklist, facts: FacilityFacts) -> dict[str, Answer]:
    """An answer for each item: of a few tries one that leads to the most further questions, and of
    these one that fails."""
    answers: dict[str, Answer] = {}
    for item in checklist.items:
        tries = [{**answers, item.id: Answer.of(value)} for value in values_of(item)]
        answers = max(
            tries,
            key=lambda one, name=item.id: (  # type: ignore[misc]
                len(asked_items(checklist, one, facts)),
                judge(checklist, one, facts)[name].verdict == "fail",
            ),
        )
    return answers


def values_of(item: Item) -> list[Any]:
    if item.type is not ItemType.GROUP:
        return worst(item.fields[0])
    return [{one.id: worst(one)[place] for one in item.fields} for place in (0, 1)]


@pytest.mark.parametrize("checklist", LONG, ids=lambda one: one.id)
@pytest.mark.parametrize("crowded", [False, True])
def test_a_place_of_unknown_age_is_never_called_unlawful(
    app: Flask, make: Factory, visitor: Come, checklist: Checklist, crowded: bool
) -> None:
    """Everything is wrong with it, and yet nobody can say which rule bound when it was built."""
    kind = FacilityKind(checklist.kinds[0])
    facts: dict[str, FactValue] = {"crowded": crowded, "storeys": 3}
    place = make.facility(kind, built_on=None, facts=facts)
    answers = failing(checklist, FacilityFacts(values=facts))
    inspection = make.inspection(place, make.actor("supervisor"), answers, checklist=checklist.id)
    accused = {"breach", "nonconforming"}
    with app.app_context():
        rows = db.session.scalars(
            db.select(InspectionAnswer).where(InspectionAnswer.inspection_id == inspection)
        ).all()
        assert sum(row.verdict == "fail" for row in rows) > 10
        assert not accused & {row.outcome for row in rows}
        assert not accused & {
            miss["outcome"] for row in rows for miss in row.facts.get("missed", [])
        }
        found = db.session.scalars(db.select(Finding)).all()
        assert len(found) > 10 and not accused & {row.outcome for row in found}
        assert not accused & {miss["outcome"] for row in found for miss in row.facts["missed"]}
        told = str([entry.detail for entry in db.session.scalars(db.select(JournalEntry))])
        assert not any(word in told for word in accused)
        numbers = [row.number for row in found]
    same = make.facility(kind, name="已知年代", facts=facts)
    make.inspection(same, make.actor("supervisor"), answers, checklist=checklist.id)
    assert "breach" in findings(app, same).values(), "of a known age they would be"
    browser = visitor("coordinator").browser
    for page in (f"/inspections/{inspection}", f"/findings/{numbers[0]}", f"/facilities/{place}"):
        html = browser.get(page).get_data(as_text=True)
        assert "不符合强制标准" not in html and "不符合现行标准" not in html, page
