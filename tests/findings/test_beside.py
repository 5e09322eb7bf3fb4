"""What stands beside the plain way: pleas, a danger made safe, programme, substitute, escalation,
referral and help, on the page and in what is kept."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask

from audit.clocks.rules import reply_due
from audit.core.clock import today
from audit.core.db import db, transaction
from audit.core.errors import NotFound
from audit.findings import actions
from audit.findings.actions import Told
from audit.findings.models import Finding
from audit.findings.queries import FindingFilter, get_finding, list_findings
from audit.findings.rules import Mark, Verb, replay
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]


@pytest.fixture
def owner(make: Factory) -> UUID:
    return make.organisation("市政公司")


def kept(app: Flask, make: Factory, number: str) -> Finding:
    """As it is kept, which is what its events say."""
    with app.app_context():
        finding = make.finding_named(number)
        assert replay(one.told() for one in finding.events) == finding.life()
        return finding


def test_an_objection_is_dismissed_with_how_it_was_looked_at_or_upheld_and_dropped(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number = make.dispatched(owner)
    page = f"/findings/{number}"
    fixer, department = signed_in("organisation", organisation=owner), signed_in("department")
    objection = {"why": "按图纸量过，宽度够"}
    assert fixer.send(f"{page}/contest", objection, page).status_code == 303
    asked = department.get(page).get_data(as_text=True)
    assert "整改单位提出异议：按图纸量过，宽度够" in asked
    assert number in department.get("/findings/?plea=objection").get_data(as_text=True)
    assert fixer.send(f"{page}/ask_time", {"why": "x"}, page).status_code == 409, "one at a time"
    assert department.send(f"{page}/dismiss", {}, page).status_code == 422, "no reason"
    assert department.send(f"{page}/dismiss", {"why": "现场重新量过"}, page).status_code == 303
    assert "异议不成立，继续整改：现场重新量过" in fixer.get(page).get_data(as_text=True)
    assert kept(app, make, number).state == "dispatched"
    fixer.send(f"{page}/contest", {"why": "门已经换过"}, page)
    assert department.send(f"{page}/uphold", {"why": "确实换过"}, page).status_code == 303
    finding = kept(app, make, number)
    assert (finding.state, finding.plea, finding.due_at) == ("rejected", None, None)
    assert "主管部门认为成立" in fixer.get(page).get_data(as_text=True)


def test_what_waits_for_works_is_not_late_before_its_day_and_gets_new_time_afterwards(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number = make.dispatched(owner)
    page, day = f"/findings/{number}", today() + timedelta(days=400)
    department = signed_in("department")
    before = kept(app, make, number).due_at
    early = {"why": "随管网改造", "until": today().isoformat()}
    assert department.send(f"{page}/programme", early, page).status_code == 422
    sent = {"why": "随管网改造", "until": day.isoformat()}
    assert department.send(f"{page}/programme", sent, page).status_code == 303
    finding = kept(app, make, number)
    assert (finding.state, finding.planned_on) == ("programmed", day)
    assert finding.due_at is not None and before is not None and finding.due_at > before
    assert f"计划完成日期：{day}" in department.get(page).get_data(as_text=True)
    assert department.send(f"{page}/resume", {"why": "管网提前完工"}, page).status_code == 303
    finding = kept(app, make, number)
    assert (finding.state, finding.planned_on) == ("dispatched", None)


def test_a_danger_has_its_own_clock_until_it_is_made_safe(
    app: Flask, make: Factory, owner: UUID
) -> None:
    number, office = make.finding(), make.actor("coordinator")
    department, fixer = make.actor("department"), make.actor("organisation", organisation=owner)
    photo = make.photo(fixer)
    with app.app_context():
        with transaction() as session:
            session.execute(db.update(Finding).values(severity="S1"))
        with transaction():
            actions.act(make.finding_named(number), Verb.CONFIRM, office)
        with transaction():
            actions.dispatch(make.finding_named(number), department, owner)
        finding = make.finding_named(number)
        assert finding.safe_due_at is not None
        confirmed = next(one.at for one in finding.events if one.verb is Verb.CONFIRM)
        assert finding.safe_due_at - confirmed == timedelta(hours=24)
        unsafe = FindingFilter(mark=Mark.UNSAFE)
        assert [one.number for one in list_findings(office, unsafe)[0]] == [number]
        assert list_findings(office, FindingFilter(mark=Mark.UNSAFE_LATE))[1] == 0
        with transaction():
            told = Told("已围挡", photos=(photo,))
            actions.act(make.finding_named(number), Verb.MAKE_SAFE, fixer, told)
        assert list_findings(office, unsafe)[1] == 0
    assert kept(app, make, number).state == "dispatched"


def test_who_helps_sees_the_finding_until_the_help_ends(
    app: Flask, make: Factory, owner: UUID
) -> None:
    number, helper = make.dispatched(owner), make.organisation("园林处")
    department, other = make.actor("department"), make.actor("organisation", organisation=helper)
    with app.app_context():
        with pytest.raises(NotFound):
            get_finding(number, other)
        with transaction():
            actions.act(make.finding_named(number), Verb.ASSIST, department, Told("", helper))
        assert get_finding(number, other).number == number
        with transaction():
            actions.act(get_finding(number, other), Verb.NOTE, other, Told("树池归我们"))
    kept(app, make, number)
    with app.app_context():
        with transaction():
            actions.act(make.finding_named(number), Verb.END_ASSIST, department, Told("", helper))
        with pytest.raises(NotFound):
            get_finding(number, other)


def test_the_legal_clock_begins_with_the_recommendation_and_ends_with_the_reply(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number = make.dispatched(owner)
    page, office = f"/findings/{number}", signed_in("coordinator")
    assert office.send(f"{page}/escalate", {"why": "拖得太久"}, page).status_code == 303
    assert office.send(f"{page}/refer", {"why": "多次催办未改"}, page).status_code == 303
    assert kept(app, make, number).reply_due_at is None, "a lead alone starts no clock"
    sent = {"why": "检建〔2026〕1号", "until": today().isoformat(), "urgent": "1"}
    assert office.send(f"{page}/record_advice", sent, page).status_code == 303
    finding = kept(app, make, number)
    assert finding.reply_due_at == reply_due(today(), urgent=True)
    html = office.get(page).get_data(as_text=True)
    assert "条文待核" in html and "督办" in html
    assert number in office.get("/findings/?mark=reply_due").get_data(as_text=True)
    sent = {"why": "已回函", "until": today().isoformat()}
    assert office.send(f"{page}/record_reply", sent, page).status_code == 303
    assert kept(app, make, number).replied_on == today()


@pytest.mark.parametrize(
    ("received", "urgent", "last"),
    [
        (date(2026, 12, 31), False, date(2027, 2, 28)),
        (date(2026, 11, 24), False, date(2027, 1, 24)),
        (date(2026, 11, 24), True, date(2026, 12, 9)),
        (date(2027, 12, 30), False, date(2028, 2, 29)),
    ],
)
def test_two_months_end_on_the_same_day_of_the_month_or_on_its_last(
    received: date, urgent: bool, last: date
) -> None:
    end = reply_due(received, urgent=urgent)
    assert (end - timedelta(seconds=1)).date() == last and end.date() == last + timedelta(days=1)


def test_whoever_found_it_by_mistake_withdraws_it(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    number, other, finder = make.finding(), signed_in("supervisor"), make.actor("supervisor")
    page = f"/findings/{number}"
    assert "检查有误？撤回这个问题" not in other.get(page).get_data(as_text=True)
    assert other.send(f"{page}/withdraw", {"why": "不对"}, "/account/password").status_code == 403
    with app.app_context():
        with transaction() as session:
            session.execute(db.update(Finding).values(found_by_id=finder.id))
        with transaction():
            actions.act(make.finding_named(number), Verb.WITHDRAW, finder, Told("量错了门"))
        assert make.finding_named(number).state == "withdrawn"
