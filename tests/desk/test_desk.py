"""What each role finds on its desk."""

import re
from collections.abc import Callable

import pytest

from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]


def desk(browser: CarefulClient) -> str:
    return browser.get("/").get_data(as_text=True)


def test_a_stranger_reads_what_this_is_and_where_to_sign_in(client: CarefulClient) -> None:
    page = desk(client)
    assert "让每一条路都走得通" in page
    assert 'href="/account/login"' in page


@pytest.mark.parametrize(
    ("role", "job"),
    [
        ("coordinator", "待核实（1）"),
        ("department", "待派单和重新整改（0）"),
        ("supervisor", "待复查（0）"),
    ],
)
def test_each_role_sees_its_own_work_with_its_number(
    make: Factory, signed_in: SignIn, role: str, job: str
) -> None:
    make.finding()
    assert job in desk(signed_in(role))


def test_an_organisation_sees_what_was_sent_to_it_and_nothing_else(
    make: Factory, signed_in: SignIn
) -> None:
    mine, other = make.organisation(), make.organisation()
    sent = make.dispatched(mine)
    elsewhere = make.dispatched(other)
    page = desk(signed_in("organisation", organisation=mine))
    assert "等我单位整改（1）" in page
    assert sent in page and elsewhere not in page
    assert "开始检查" not in page


@pytest.mark.parametrize("role", ["planner", "prosecutor", "assessor", "auditor"])
def test_who_has_nothing_to_do_is_told_so(make: Factory, signed_in: SignIn, role: str) -> None:
    make.finding()
    assert "没有需要您动手的事" in desk(signed_in(role, district=None))


def test_a_new_supervisor_is_shown_how_to_begin(signed_in: SignIn) -> None:
    page = desk(signed_in("supervisor"))
    assert "您还没有提交过检查" in page
    assert re.search(r'href="/help#supervisor"', page)


def test_danger_is_counted_apart(make: Factory, signed_in: SignIn) -> None:
    make.finding()
    page = desk(signed_in("coordinator"))
    assert "未销号的问题" in page
    assert "其中有受伤危险的" not in page, "a narrow stall is S2"


def test_places_registered_on_the_spot_wait_on_the_desk_of_the_office(
    make: Factory, signed_in: SignIn
) -> None:
    browser = signed_in("supervisor")
    page = browser.get("/facilities/new/toilet").get_data(as_text=True)
    action = re.findall(r'action="(/facilities/new/toilet/[^"]+)"', page)[0]
    typed = {"name": "新公厕", "district": "512002", "lon": "104.63", "lat": "30.12"}
    assert browser.send(action, typed, "/facilities/new/toilet").status_code == 303
    assert "待核对的设施" in desk(signed_in("coordinator"))
    assert "待核对的设施" not in desk(browser)
