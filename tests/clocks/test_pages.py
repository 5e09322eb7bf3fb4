"""Limits and working days are changed on screen, with a reason, for what begins afterwards."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from audit.clocks.models import WorkingDayChange
from audit.clocks.queries import rulebook
from audit.clocks.rules import Limit, Unit, WorkingDays
from audit.clocks.views import missing_year
from audit.core.clock import HERE, at, now, today
from audit.core.db import db, transaction
from audit.journal.models import JournalEntry
from audit.queue.models import JobRun
from audit.queue.runs import do
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]
PAGE = "/clocks/limit?stage=confirm"
CHANGE = {
    "stage": "confirm", "amount": "3", "unit": "days", "why": "市政府会议纪要", "action": "choose",
}  # fmt: skip


def limit_of(make: Factory, number: str) -> Limit | None:
    with make.app.app_context():
        return make.finding_named(number).limit


def test_a_limit_chosen_on_screen_holds_for_what_begins_after_it(
    make: Factory, signed_in: SignIn
) -> None:
    before, browser = make.finding(), signed_in("administrator", district=None)
    assert browser.send("/clocks/limit", CHANGE, PAGE).status_code == 303
    after = make.finding()
    assert limit_of(make, before) == Limit(2)
    assert limit_of(make, after) == Limit(3, Unit.DAYS)
    told = browser.get("/clocks/").get_data(as_text=True)
    assert "核实：改为 3 天" in told
    assert "市政府会议纪要" in told
    assert browser.send("/clocks/limit", CHANGE | {"action": "default"}, PAGE).status_code == 303
    assert limit_of(make, make.finding()) == Limit(2)
    assert "核实：恢复默认" in browser.get("/clocks/").get_data(as_text=True)


def test_a_district_has_a_limit_of_its_own(make: Factory, signed_in: SignIn) -> None:
    sent = CHANGE | {"district": "512021", "unit": "none", "amount": ""}
    assert (
        signed_in("administrator", district=None).send("/clocks/limit", sent, PAGE).status_code
        == 303
    )
    assert limit_of(make, make.finding(district="512021")) == Limit(None)
    assert limit_of(make, make.finding()) == Limit(2)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"why": " "}, "请写明原因"),
        ({"amount": "0"}, "之间的整数"),
        ({"amount": "-3"}, "之间的整数"),
        ({"amount": "1.5"}, "之间的整数"),
        ({"amount": "99999999999999999999"}, "之间的整数"),
        ({"unit": "weeks"}, "请从列表中选一项"),
        ({"stage": ""}, "请从列表中选一项"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    app: Flask, signed_in: SignIn, changed: dict[str, str], said: str
) -> None:
    answer = signed_in("administrator", district=None).send("/clocks/limit", CHANGE | changed, PAGE)
    told = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in told
    assert changed.get("why", "市政府会议纪要").strip() in told
    with app.app_context():
        assert rulebook().chosen == ()


def test_a_place_or_item_that_does_not_exist_is_not_there(signed_in: SignIn) -> None:
    browser = signed_in("administrator", district=None)
    for made_up in ({"district": "999999"}, {"rule": "<b>"}, {"severity": "S9"}):
        assert browser.send("/clocks/limit", CHANGE | made_up, PAGE).status_code == 404
    assert browser.get("/clocks/limit?stage=fix&rule={{7*7}}").status_code == 200


def test_only_who_chooses_settings_changes_limits_and_everybody_may_read_them(
    signed_in: SignIn,
) -> None:
    for role in ("supervisor", "organisation", "department", "coordinator", "auditor"):
        browser = signed_in(role)
        told = browser.get("/clocks/").get_data(as_text=True)
        assert "各环节的期限" in told
        assert "<form" not in told.split("<main")[1].split("</main>")[0]
        token = "/account/password"
        for where in ("/clocks/limit", "/clocks/day", "/clocks/year"):
            assert browser.send(where, CHANGE, token).status_code == 403


def test_a_day_set_free_moves_the_deadlines_that_are_counted_in_working_days(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    with at(datetime(2026, 11, 2, 10, tzinfo=HERE)):
        number = make.finding()
    browser = signed_in("administrator", district=None)
    sent = {"day": "2026-11-03", "working": "no", "why": "全市停工一天"}
    assert browser.send("/clocks/day", sent, "/clocks/").status_code == 303
    with app.app_context():
        do(str(db.session.scalars(db.select(JobRun.id)).one()))
        due = make.finding_named(number).due_at
        assert due
        assert (due - timedelta(seconds=1)).astimezone(HERE).date() == date(2026, 11, 5)
        entry = db.session.scalars(
            db.select(JournalEntry).where(JournalEntry.kind == "working_day")
        ).one()
        assert entry.why == "全市停工一天"


def test_a_year_is_known_once_somebody_says_that_it_is_complete(
    app: Flask, signed_in: SignIn
) -> None:
    browser = signed_in("administrator", district=None)
    with at(datetime(2026, 11, 2, 10, tzinfo=HERE)):
        assert "2027 年的节假日还没有录入" in browser.get("/clocks/").get_data(as_text=True)
        sent = {"year": "2027", "why": "国务院办公厅通知"}
        assert browser.send("/clocks/year", sent, "/clocks/").status_code == 303
        told = browser.get("/clocks/").get_data(as_text=True)
    assert "2027 年的节假日还没有录入" not in told
    assert "2027 年的节假日已经录全" in told


@pytest.mark.parametrize("year", ["", "27", "1850", "abcd", "２０2"])
def test_a_year_that_is_none_is_told(signed_in: SignIn, year: str) -> None:
    answer = signed_in("administrator", district=None).send(
        "/clocks/year", {"year": year, "why": "x"}, "/clocks/"
    )
    assert answer.status_code == 422
    assert "请填年份" in answer.get_data(as_text=True)


def test_it_is_warned_ninety_days_before_the_unknown_year_begins() -> None:
    days = WorkingDays(years=frozenset({2026}))
    assert missing_year(days, date(2026, 10, 2)) is None
    assert missing_year(days, date(2026, 10, 3)) == 2027
    assert missing_year(days, date(2027, 1, 1)) == 2027


def test_no_more_than_thirty_days_in_a_row_are_set_free(signed_in: SignIn) -> None:
    browser = signed_in("administrator", district=None)
    weekdays = [
        day for one in range(60) if (day := date(2027, 3, 1) + timedelta(one)).weekday() < 5
    ]
    answers = [
        browser.send("/clocks/day", {"day": str(day), "working": "no", "why": "x"}, "/clocks/")
        for day in weekdays
    ]
    refused = [one for one in answers if one.status_code == 422]
    assert 18 < len(answers) - len(refused) < len(weekdays)
    assert "连续休息的日子不能超过 30 天" in refused[0].get_data(as_text=True)
    assert str(weekdays[answers.index(refused[0])]) in refused[0].get_data(as_text=True)


def test_a_break_without_an_end_breaks_no_step(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    """Entered before there was a limit to it, or announced so."""
    number = make.finding()
    with app.app_context(), transaction() as session:
        for ahead in range(400):
            day = today() + timedelta(days=ahead)
            row = WorkingDayChange(day=day, at=now(), actor_name="x", why="x")
            session.add(row)
    app.extensions["rulebook"].forget()
    browser, where = signed_in("coordinator"), f"/findings/{number}"
    with app.app_context():
        due = make.finding_named(number).due_at
    assert browser.send(f"{where}/confirm", {}, where).status_code == 303
    with app.app_context():
        found = make.finding_named(number)
        assert found.due_at and due and found.due_at > now() + timedelta(days=30)
