"""The page of what may be one problem, and what is asked where a finding is looked at."""

import re

from sqlalchemy import select

from audit.clusters.models import ClusterVerdict
from audit.core.db import db
from tests.careful import CarefulClient
from tests.clusters.near import SignIn, at_night, clustered, narrow, number_at, toilet
from tests.factories import ANYUE, NARROW_STALL, Factory

HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}"


def said(make: Factory) -> list[tuple[bool, bool, str]]:
    with make.app.app_context():
        rows = db.session.scalars(select(ClusterVerdict).order_by(ClusterVerdict.id))
        return [(one.is_same, one.by_office, one.why) for one in rows]


def send(browser: CarefulClient, where: str, **fields: object) -> int:
    token = browser.token("/account/password")
    return browser.post(where, data={"csrf_token": token, **fields}).status_code


def test_the_office_sees_them_beside_each_other_and_how_far_apart(
    make: Factory, signed_in: SignIn
) -> None:
    one, other = narrow(make, name=HOSTILE), narrow(make, 12, name="另一处公厕")
    browser = signed_in("coordinator")
    assert "没有疑似重复的问题" in browser.get("/duplicates/").get_data(as_text=True)
    at_night(make)
    assert "/duplicates/" in browser.get("/").get_data(as_text=True)
    page = browser.get("/duplicates/").get_data(as_text=True)
    assert f"在 {one} 的东边，约 12 米" in page and other in page and "另一处公厕" in page
    assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}}" in page and "<img src=x" not in page
    assert page.index(f'value="{one}" checked') > 0, "the older one is proposed as the main one"


def test_another_district_does_not_know_of_them(make: Factory, signed_in: SignIn) -> None:
    numbers = [narrow(make), narrow(make, 12)]
    at_night(make)
    group = next(iter(clustered(make).values()))
    elsewhere, supervisor = signed_in("coordinator", district=ANYUE), signed_in("supervisor")
    assert numbers[0] not in elsewhere.get("/duplicates/").get_data(as_text=True)
    assert elsewhere.get(f"/duplicates/{group}").status_code == 404
    for browser, status in ((elsewhere, 404), (supervisor, 403)):
        assert send(browser, f"/duplicates/{group}/apart", main=numbers[0], why="x") == status
    assert said(make) == []


def test_what_lies_in_two_districts_is_for_who_answers_for_both(
    make: Factory, signed_in: SignIn
) -> None:
    one = narrow(make)
    narrow(make, 12, district=ANYUE)
    at_night(make)
    for office, sees in (
        (signed_in("coordinator"), False),
        (signed_in("coordinator", district=ANYUE), False),
        (signed_in("coordinator", district=None), True),
    ):
        assert (one in office.get("/duplicates/").get_data(as_text=True)) is sees


def test_what_is_told_apart_goes_and_its_reason_stays(make: Factory, signed_in: SignIn) -> None:
    one = narrow(make)
    narrow(make, 12)
    at_night(make)
    group, browser = clustered(make)[one], signed_in("coordinator")
    page = browser.get("/duplicates/").get_data(as_text=True)
    assert send(browser, f"/duplicates/{group}/apart", main=one) == 422, "no reason"
    assert send(browser, f"/duplicates/{group}/apart", why="两边") == 422, "no main one"
    assert said(make) == []
    assert send(browser, f"/duplicates/{group}/apart", main=one, why="路的两边") == 303
    assert said(make) == [(False, True, "路的两边")]
    assert one in page and one not in browser.get("/duplicates/").get_data(as_text=True)
    at_night(make)
    assert clustered(make) == {}


def test_of_three_only_the_ticked_ones_are_told_apart(make: Factory, signed_in: SignIn) -> None:
    one, other, third = (narrow(make, east) for east in (0, 6, 12))
    at_night(make)
    group, browser = clustered(make)[one], signed_in("coordinator")
    where = f"/duplicates/{group}/apart"
    assert send(browser, where, main=one, why="路的两边") == 422
    assert send(browser, where, main=one, ticked=[third, one, "ZY-2026-999999"], why="两边") == 303
    assert clustered(make) == {one: group, other: group}


def test_what_was_typed_comes_back_with_what_is_wrong(make: Factory, signed_in: SignIn) -> None:
    one, other = narrow(make), narrow(make, 12)
    at_night(make)
    group, browser = clustered(make)[one], signed_in("coordinator")
    token = browser.token("/account/password")
    fields = {"csrf_token": token, "main": other, "why": "长" * 2001}
    page = browser.post(f"/duplicates/{group}/apart", data=fields).get_data(as_text=True)
    assert "长" * 2001 in page and "太长了" in page
    assert re.search(f'value="{other}" checked', page)


def test_who_was_there_is_asked_at_once_and_the_office_sees_the_answer_first(
    make: Factory, signed_in: SignIn
) -> None:
    old = narrow(make)
    browser = signed_in("supervisor")
    here = toilet(make, 9)
    me = make.actor("supervisor")
    visit = make.inspection(here, me, NARROW_STALL)
    new = number_at(make, here)
    shown = browser.get(f"/inspections/{visit}").get_data(as_text=True)
    assert "可能和附近的问题是同一个" in shown and f"在 {new} 的西边" in shown
    assert send(browser, f"/duplicates/{new}/{old}/same", visit=str(visit)) == 303
    assert said(make) == [(True, False, "")]
    assert set(clustered(make)) == {old, new}, "at once, without waiting for the night"
    again = browser.get(f"/inspections/{visit}").get_data(as_text=True)
    assert "可能和附近的问题是同一个" not in again
    narrow(make, 400), narrow(make, 405)
    at_night(make)
    page = signed_in("coordinator").get("/duplicates/").get_data(as_text=True)
    assert page.index("认为") < page.index("group-2"), "what somebody said comes first"


def test_nobody_judges_what_is_not_offered(make: Factory, signed_in: SignIn) -> None:
    near, other, far = narrow(make), narrow(make, 12), narrow(make, 300)
    browser = signed_in("supervisor")
    assert send(browser, f"/duplicates/{near}/{far}/same") == 409
    assert send(browser, f"/duplicates/{near}/{near}/same") == 409
    stranger = signed_in("supervisor", district=ANYUE)
    assert send(stranger, f"/duplicates/{near}/{other}/apart") == 404
    assert send(signed_in("planner", district=None), f"/duplicates/{near}/{other}/apart") == 403
    assert said(make) == []
    assert send(browser, f"/duplicates/{near}/{other}/apart") == 303
    assert send(browser, f"/duplicates/{near}/{other}/same") == 409, "judged already"
