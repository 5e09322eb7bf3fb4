"""What is planned at a place: how it is put in the plan, changed, moved on and found."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from audit.core.db import db, transaction
from audit.core.errors import Conflict
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.journal.queries import entries_about
from audit.measures.actions import move_measure, plan_measure
from audit.measures.models import Measure
from audit.measures.rules import NEXT, MeasureDraft, MeasureKind, MeasureState
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory

SignIn = Callable[..., CarefulClient]
RAMP = {"kind": "convert", "what": "东门加建坡道", "year": "2026", "budget": "12,0000"}


def send(browser: CarefulClient, place: UUID, **changes: str) -> tuple[int, str]:
    page = f"/facilities/{place}/measures"
    html = browser.get(page).get_data(as_text=True)
    action = re.findall(rf'action="({page}/[0-9a-f-]+)"', html)[-1]
    answer = browser.send(action, RAMP | changes, page)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_conversion_is_planned_with_year_budget_and_owner(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place, owner = make.toilet(), make.organisation("坡道工程公司")
    browser = signed_in("coordinator")
    assert send(browser, place, organisation=str(owner), substitute="按门铃")[0] == 303
    page = browser.get(f"/facilities/{place}").get_data(as_text=True)
    assert "2026 年：东门加建坡道" in page and "120,000 元" in page and "按门铃" in page
    assert "坡道工程公司" in browser.get("/measures/").get_data(as_text=True)
    with app.app_context():
        assert entries_about("facility", place)[0].verb == "plan_measure"


@pytest.mark.parametrize(
    ("field", "text"),
    [("kind", ""), ("kind", "delete"), ("what", ""), ("what", "长" * 301), ("year", "26"),
     ("year", "20260"), ("year", "二〇二六"), ("budget", "-1"), ("budget", "12.5"),
     ("budget", "9" * 15), ("organisation", "01a20dd3-cd05-7b5d-a2c1-e84b96a66606")],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    make: Factory, signed_in: SignIn, field: str, text: str
) -> None:
    status, html = send(signed_in("coordinator"), make.toilet(), **{field: text})
    assert status == 422
    assert f'id="{field}-error"' in html and f'href="#{field}"' in html
    kept = {name: value for name, value in RAMP.items() if name not in (field, "kind")}
    assert all(f'value="{value}"' in html for value in kept.values())


def test_it_goes_from_planned_to_done_and_nowhere_else(app: Flask, make: Factory) -> None:
    actor = make.actor("coordinator")
    for before in MeasureState:
        for after in MeasureState:
            place = make.toilet()
            measure_id = make.measure(place, actor)
            with app.app_context():
                facility = db.session.get_one(Facility, place)
                measure = db.session.get_one(Measure, measure_id)
                with transaction():
                    on = facility.built_on if before == "done" else None
                    measure.state, measure.done_on = before, on
                allowed = after in NEXT[before]
                try:
                    with transaction():
                        move_measure(facility, measure, after, facility.built_on, actor)
                except Conflict:
                    assert not allowed
                else:
                    assert allowed and (measure.done_on is None) is (after != "done")


def test_done_today_or_on_a_day_that_has_been(make: Factory, signed_in: SignIn) -> None:
    place, browser = make.toilet(), signed_in("coordinator")
    one = make.measure(place, make.actor("coordinator"))
    page = f"/facilities/{place}/measures"
    for wrong in ("2999-01-01", "yesterday"):
        browser.send(f"{page}/{one}/state", {"state": "done", "done_on": wrong}, page)
        assert "完成日期不对" in browser.get(page).get_data(as_text=True)
    browser.send(f"{page}/{one}/state", {"state": "done", "done_on": "2026-05-01"}, page)
    html = browser.get(page).get_data(as_text=True)
    assert "2026-05-01" in html and "开始实施" not in html
    assert browser.send(f"{page}/{one}/state", {"state": "gone"}, page).status_code == 404


def test_a_change_keeps_what_it_was(app: Flask, make: Factory, signed_in: SignIn) -> None:
    place, browser = make.toilet(), signed_in("coordinator")
    one = make.measure(place, make.actor("coordinator"), budget_yuan=5)
    page = f"/facilities/{place}/measures/{one}/edit"
    browser.get(page)
    assert browser.send(page, RAMP | {"year": "2027"}, page).status_code == 303
    with app.app_context():
        assert db.session.get_one(Measure, one).year == 2027
        newest = entries_about("facility", place)[0]
        assert (newest.verb, newest.detail["year"]) == ("change_measure", 2026)
        assert newest.detail["budget_yuan"] == 5


def test_the_same_again_is_one_and_other_content_a_conflict(app: Flask, make: Factory) -> None:
    place, actor, one = make.toilet(), make.actor("coordinator"), new_id()
    draft = MeasureDraft(MeasureKind.CLEAR, "移走石球", 2026)
    with app.app_context():
        for _ in range(2):
            with transaction():
                plan_measure(one, db.session.get_one(Facility, place), draft, actor)
        with pytest.raises(Conflict), transaction():
            other = MeasureDraft(MeasureKind.CLEAR, "别的", 2026)
            plan_measure(one, db.session.get_one(Facility, place), other, actor)
        assert len(db.session.scalars(db.select(Measure)).all()) == 1


def test_the_list_is_narrowed_and_adds_up(make: Factory, signed_in: SignIn) -> None:
    actor = make.actor("coordinator")
    make.measure(make.toilet(), actor, what="甲", year=2026, budget_yuan=100_000)
    make.measure(make.toilet(), actor, what="乙", year=2026, kind=MeasureKind.REPAIR)
    tagged = make.toilet(facts={"programmes": ["rural", "renewal"]})
    make.measure(tagged, actor, what="丙", year=2027, budget_yuan=50)
    browser = signed_in("coordinator")
    whole = browser.get("/measures/").get_data(as_text=True)
    assert "共 3 项，预算合计 100,050 元，其中 1 项没有预算" in whole
    for query, found in (
        ("year=2026", "甲乙"), ("kind=repair", "乙"), ("state=done", ""),
        ("year=2027&kind=convert&district=512002", "丙"),
        ("programme=renewal", "丙"), ("programme=communities", ""),
    ):  # fmt: skip
        html = browser.get(f"/measures/?{query}").get_data(as_text=True)
        assert [one for one in "甲乙丙" if f">{one}<" in html] == list(found), query
    for wrong in ("kind=x", "state=x", "year=x", "programme=x"):
        assert browser.get(f"/measures/?{wrong}").status_code == 302


def test_another_district_sees_and_changes_nothing(make: Factory, signed_in: SignIn) -> None:
    there = make.toilet(district=ANYUE)
    one = make.measure(there, make.actor("coordinator"), what="安岳的坡道")
    browser = signed_in("coordinator")
    here = make.toilet()
    assert "安岳的坡道" not in browser.get("/measures/").get_data(as_text=True)
    page = f"/facilities/{here}/measures"
    browser.get(page)
    for place in (there, here):  # theirs, and theirs under a place of our own
        for action in (f"/facilities/{place}/measures/{one}/edit",):
            assert browser.get(action).status_code == 404
        sent = browser.send(f"/facilities/{place}/measures/{one}/state", {"state": "dropped"}, page)
        assert sent.status_code == 404
    assert signed_in("supervisor").get(page).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"year": 1999}, {"budget_yuan": -1}, {"state": MeasureState.DONE}]
)
def test_the_database_refuses_what_a_form_forgot(
    app: Flask, make: Factory, wrong: dict[str, object]
) -> None:
    one = make.measure(make.toilet(), make.actor("coordinator"))
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        measure = db.session.get_one(Measure, one)
        for name, value in wrong.items():
            setattr(measure, name, value)


def test_what_is_still_to_be_done_follows_a_place_that_is_merged(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    twin, real = make.toilet(name="重复的"), make.toilet(name="真的")
    one = make.measure(twin, make.actor("coordinator"))
    browser, page = signed_in("coordinator"), f"/facilities/{twin}/merge"
    html = browser.get(page).get_data(as_text=True)
    assert "merge" in html
    number = re.findall(r"ZY-WC-\d{6}", browser.get(f"/facilities/{real}").get_data(as_text=True))
    browser.send(
        page, {"what": "merge", "number": number[0], "why": "同一处", "other": number[0]}, page
    )
    with app.app_context():
        assert db.session.get_one(Measure, one).facility_id == real
