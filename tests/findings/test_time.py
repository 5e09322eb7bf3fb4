"""How long a finding may wait, what is told of it, and time that is asked for."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from audit.clocks.rules import Stage, Unit
from audit.core.clock import HERE, at, today
from audit.core.db import db, transaction
from audit.findings import actions
from audit.findings.models import Finding
from audit.findings.rules import Verb
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]
MONDAY = datetime(2026, 11, 2, 10, tzinfo=HERE)


@pytest.fixture
def owner(make: Factory) -> UUID:
    return make.organisation()


def clock(make: Factory, number: str) -> tuple[Stage | None, date | None]:
    """The stage and the last day of its time."""
    with make.app.app_context():
        row = make.finding_named(number)
        due = row.due_at
        return row.stage, (due - timedelta(seconds=1)).astimezone(HERE).date() if due else None


def test_each_stage_has_its_own_time(make: Factory, owner: UUID) -> None:
    """A stall that is too narrow is S2: 2 working days to confirm, 5 to dispatch, 30 days to fix,
    10 working days to re-check."""
    coordinator, department = make.actor("coordinator"), make.actor("department")
    fixer = make.actor("organisation", organisation=owner)
    with at(MONDAY):
        number, photo = make.finding(), make.photo(fixer)
        seen = [clock(make, number)]
        for act in (
            lambda one: actions.act(one, Verb.CONFIRM, coordinator),
            lambda one: actions.dispatch(one, department, owner),
            lambda one: actions.report_fixed(one, fixer, "改好了", [photo]),
        ):
            with make.app.app_context(), transaction():
                act(make.finding_named(number))
            seen.append(clock(make, number))
    assert seen == [
        (Stage.CONFIRM, date(2026, 11, 4)),
        (Stage.DISPATCH, date(2026, 11, 9)),
        (Stage.FIX, date(2026, 12, 2)),
        (Stage.RECHECK, date(2026, 11, 16)),
    ]


def test_what_is_closed_has_no_clock(make: Factory) -> None:
    number, coordinator = make.finding(), make.actor("coordinator")
    with make.app.app_context(), transaction():
        actions.act(make.finding_named(number), Verb.REJECT, coordinator, actions.Told("误报"))
    assert clock(make, number) == (None, None)


def test_another_organisation_has_time_of_its_own_and_the_same_one_no_more(
    make: Factory, owner: UUID
) -> None:
    department, other = make.actor("department"), make.organisation()
    with at(MONDAY):
        number = make.dispatched(owner)
    later = MONDAY + timedelta(days=20)
    with at(later), make.app.app_context(), transaction():
        actions.dispatch(make.finding_named(number), department, owner, "催一催")
    assert clock(make, number) == (Stage.FIX, date(2026, 12, 2))
    with at(later), make.app.app_context(), transaction():
        actions.dispatch(make.finding_named(number), department, other, "归他们管")
    assert clock(make, number) == (Stage.FIX, date(2026, 12, 22))


def test_time_is_asked_for_and_granted_on_the_page(
    make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number = make.dispatched(owner)
    page = f"/findings/{number}"
    fixer, department = signed_in("organisation", organisation=owner), signed_in("department")
    until = (today() + timedelta(days=50)).isoformat()
    sent = {"until": until, "why": "石材要定做"}
    assert fixer.send(f"{page}/ask_time", sent, page).status_code == 303
    told = department.get(page).get_data(as_text=True)
    assert f"整改单位申请延到 {until}" in told
    assert "石材要定做" in told
    waiting = department.get("/").get_data(as_text=True)
    assert "整改单位的申请，待答复" in waiting
    assert number in department.get("/findings/?asked=1").get_data(as_text=True)
    granted = (today() + timedelta(days=40)).isoformat()
    assert department.send(f"{page}/grant_time", {"until": granted}, page).status_code == 303
    assert clock(make, number) == (Stage.FIX, date.fromisoformat(granted))
    told = fixer.get(page).get_data(as_text=True)
    assert f"整改期限：{granted}（已同意延期）" in told
    assert number not in department.get("/findings/?asked=1").get_data(as_text=True)


def test_time_that_is_refused_leaves_the_deadline(
    make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number = make.dispatched(owner)
    before, page = clock(make, number), f"/findings/{number}"
    fixer, department = signed_in("organisation", organisation=owner), signed_in("department")
    until = (today() + timedelta(days=50)).isoformat()
    fixer.send(f"{page}/ask_time", {"until": until, "why": "人手不够"}, page)
    sent = {"why": "先围挡，再整改"}
    assert department.send(f"{page}/refuse_time", sent, page).status_code == 303
    assert clock(make, number) == before
    assert "先围挡，再整改" in fixer.get(page).get_data(as_text=True)
    again = {"until": until, "why": "再问一次"}
    assert fixer.send(f"{page}/ask_time", again, page).status_code == 303


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("", "请填一个日期"),
        ("2026-13-01", "请填一个日期"),
        ("明天", "请填一个日期"),
        ("2020-01-01", "没有延长"),
        ("9999-12-31", "最多三年"),
    ],
)
def test_a_day_that_cannot_be_granted_is_told_beside_the_field_and_keeps_the_words(
    make: Factory, signed_in: SignIn, owner: UUID, until: str, said: str
) -> None:
    number = make.dispatched(owner)
    page, browser = f"/findings/{number}", signed_in("organisation", organisation=owner)
    answer = browser.send(f"{page}/ask_time", {"until": until, "why": "石材要定做"}, page)
    told = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in told
    assert "石材要定做" in told


def test_the_day_of_the_deadline_itself_gives_no_more_time(
    make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number = make.dispatched(owner)
    _stage, last = clock(make, number)
    assert last
    page, browser = f"/findings/{number}", signed_in("organisation", organisation=owner)
    for day, status in ((last, 422), (last + timedelta(days=1), 303)):
        sent = {"until": day.isoformat(), "why": "石材要定做"}
        assert browser.send(f"{page}/ask_time", sent, page).status_code == status


def test_what_is_late_is_told_on_its_page_in_lists_and_on_the_desk(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    numbers = {}
    for name, days in (("in_time", 5), ("soon", 29), ("late", 32), ("gross", 95)):
        with at(datetime.now(HERE) - timedelta(days=days)):
            numbers[name] = make.dispatched(owner)
    browser = signed_in("department")
    listed = {
        name: {
            key
            for key, number in numbers.items()
            if number in browser.get(f"/findings/?late={name}").get_data(as_text=True)
        }
        for name in ("soon", "late", "gross", "in_time")
    }
    assert listed == {
        "soon": {"soon"}, "late": {"late", "gross"}, "gross": {"gross"},
        "in_time": {"in_time", "soon"},
    }  # fmt: skip
    assert "超期 2 天" in browser.get(f"/findings/{numbers['late']}").get_data(as_text=True)
    assert "严重超期 65 天" in browser.get(f"/findings/{numbers['gross']}").get_data(as_text=True)
    desk = browser.get("/").get_data(as_text=True)
    assert "超期的问题" in desk
    assert 'href="/findings/?late=late"' in desk
    assert browser.get("/findings/?late=tomorrow").status_code == 302


def test_a_database_from_before_there_were_clocks_gets_them_once(make: Factory) -> None:
    number = make.finding()
    gone = dict.fromkeys(("stage", "clock_since", "due_at", "gross_at", "limit_unit"))
    with make.app.app_context(), transaction() as session:
        session.execute(db.update(Finding).values(**gone))
    with make.app.app_context():
        with transaction():
            assert actions.start_missing_clocks() == 1
        with transaction():
            assert actions.start_missing_clocks() == 0
        row = make.finding_named(number)
        assert (row.stage, row.limit_unit) == (Stage.CONFIRM, Unit.WORKING_DAYS)
        assert row.clock_since == row.changed_at


def test_a_deadline_in_a_year_whose_holidays_are_unknown_says_so(
    make: Factory, signed_in: SignIn
) -> None:
    for day, told in ((28, False), (31, True)):
        with at(datetime(2026, 12, day, 10, tzinfo=HERE)):
            number = make.finding()
            page = signed_in("coordinator").get(f"/findings/{number}").get_data(as_text=True)
        assert ("2027 年的节假日还没有录入，可能差几天" in page) is told
