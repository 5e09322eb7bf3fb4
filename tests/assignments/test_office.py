"""The office sends notices, sees what became of them, and renews or revokes their links."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from audit.assignments.models import Assignment
from audit.core.clock import now
from audit.core.db import db
from tests.assignments.sending import send
from tests.assignments.test_answering import WHO, report
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory

SignIn = Callable[..., CarefulClient]
ADDRESS = re.compile(r"/n/([A-Z0-9-]{64})")


@pytest.fixture
def someone(signed_in: SignIn) -> Callable[[], CarefulClient]:
    """Somebody of the department who signs in now."""
    return lambda: signed_in("department", district=None)


@pytest.fixture
def office(someone: Callable[[], CarefulClient]) -> CarefulClient:
    return someone()


def preview(browser: CarefulClient, *numbers: str) -> str:
    asked = urlencode([("pick", number) for number in numbers])
    return browser.get(f"/assignments/new?{asked}").get_data(as_text=True)


def confirm(browser: CarefulClient, page: str, **typed: str) -> TestResponse:
    hidden = re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', page)
    fields: dict[str, Any] = {name: value for name, value in hidden if name != "row"}
    fields["row"] = [value for name, value in hidden if name == "row"]
    return browser.post("/assignments/new", data={**fields, "contact": "刘科长", **typed})


def all_numbers(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.select(Assignment.number).order_by(Assignment.number)))


def test_ticked_findings_become_one_notice_for_each_organisation(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    first, second = make.organisation("甲公司"), make.organisation("乙公司")
    numbers = [make.dispatched(first), make.dispatched(first), make.dispatched(second)]
    raw = make.finding()
    page = preview(office, *numbers, raw)
    assert "会发 2 份通知，共 3 个问题" in page and "还没有派给整改单位" in page
    answer = confirm(office, page)
    sheet = office.get(answer.headers["Location"]).get_data(as_text=True)
    assert len(set(ADDRESS.findall(sheet))) == 2 and "1,400 mm，要求 ≥ 1,500 mm" in sheet
    listed = office.get("/assignments/").get_data(as_text=True)
    assert all(number in listed for number in all_numbers(app))
    assert "已经在通知" in preview(office, numbers[0]), "nothing is sent twice by mistake"


def test_sent_twice_it_is_made_once_and_shown_again(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    page = preview(office, make.dispatched(make.organisation()))
    first, again = confirm(office, page), confirm(office, page)
    assert first.headers["Location"] == again.headers["Location"]
    assert len(all_numbers(app)) == 1
    sheet = office.get(again.headers["Location"]).get_data(as_text=True)
    assert len(set(ADDRESS.findall(sheet))) == 1


def test_the_address_is_shown_for_ten_minutes_and_to_its_maker(
    make: Factory, office: CarefulClient, signed_in: SignIn
) -> None:
    where = confirm(office, preview(office, make.dispatched(make.organisation()))).headers[
        "Location"
    ]
    assert office.get(where).status_code == 200
    assert signed_in("department", district=None).get(where).status_code == 404
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert office.get(where).status_code == 404


def test_what_moved_since_the_preview_stops_all_of_it(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    owner = make.organisation()
    numbers = [make.dispatched(owner), make.dispatched(owner)]
    page = preview(office, *numbers)
    stale = page.replace(f"{numbers[0]}:3", f"{numbers[0]}:2")
    assert stale != page
    answer = confirm(office, stale)
    assert answer.status_code == 409 and "没有发" in answer.get_data(as_text=True)
    assert all_numbers(app) == []


def test_whom_to_call_is_asked_for(make: Factory, office: CarefulClient) -> None:
    page = preview(office, make.dispatched(make.organisation()))
    answer = confirm(office, page, contact=" ", note="保留我")
    assert answer.status_code == 422
    assert "找谁" in answer.get_data(as_text=True) and "保留我" in answer.get_data(as_text=True)


def test_nobody_sends_what_lies_in_another_district(make: Factory, signed_in: SignIn) -> None:
    number = make.dispatched(make.organisation())
    assert "没有这个问题" in preview(signed_in("coordinator", district=ANYUE), number)
    for role in ("supervisor", "planner", "organisation", "auditor"):
        assert signed_in(role).get(f"/assignments/new?pick={number}").status_code == 403


def test_the_list_says_how_far_each_has_come(
    make: Factory, someone: Callable[[], CarefulClient], client: CarefulClient
) -> None:
    def listed(standing: str) -> str:
        return someone().get(f"/assignments/?standing={standing}").get_data(as_text=True)

    number = make.dispatched(make.organisation())
    sent = send(make, number)
    assert sent.number in listed("unconfirmed") and sent.number not in listed("late")
    with time_machine.travel(now() + timedelta(days=10), tick=False):
        assert sent.number in listed("late")
        assert "没有按时签收的整改通知" in someone().get("/").get_data(as_text=True)
    client.get(sent.link)
    client.send(f"{sent.page}sign", WHO, sent.page)
    assert sent.number in listed("unanswered") and sent.number not in listed("unconfirmed")
    report(client, f"{sent.page}{number}")
    assert sent.number in listed("answered") and sent.number not in listed("unanswered")
    page = someone().get(f"/assignments/{sent.id}").get_data(as_text=True)
    assert "王小满（13800000000）" in page and "127.0.0.0/24" in page
    assert "已答复 1 个，共 1 个" in page


def test_a_link_is_extended_reissued_and_revoked_on_screen(
    app: Flask, make: Factory, someone: Callable[[], CarefulClient], client: CarefulClient
) -> None:
    sent = send(make, make.dispatched(make.organisation()))
    where = f"/assignments/{sent.id}"
    with time_machine.travel(now() + timedelta(days=59), tick=False):
        assert someone().send(f"{where}/extend", {}, where).status_code == 303
    with time_machine.travel(now() + timedelta(days=90), tick=False):
        assert client.get(sent.link).status_code == 303
    office = someone()
    sheet = office.arrive(f"{where}/reissue", {}, where).get_data(as_text=True)
    fresh = ADDRESS.findall(sheet)[0]
    assert fresh != sent.secret
    assert client.get(sent.link).status_code == 404
    assert client.get(f"/n/{fresh}").status_code == 303
    assert office.send(f"{where}/revoke", {}, where).status_code == 303
    assert client.get(f"/n/{fresh}").status_code == 404
    assert office.send(f"{where}/extend", {}, where).status_code == 409


def test_a_notice_is_offered_after_a_dispatch_and_named_on_the_finding(
    make: Factory, office: CarefulClient
) -> None:
    number = make.dispatched(make.organisation())
    page = office.get(f"/findings/{number}").get_data(as_text=True)
    assert f"/assignments/new?pick={number}" in page
    sent = send(make, number)
    assert f"在整改通知 {sent.number} 里" in office.get(f"/findings/{number}").get_data(
        as_text=True
    )
    assert "/assignments/new" in office.get("/findings/").get_data(as_text=True)


def test_whoever_is_signed_in_is_told_that_the_link_acts_for_the_organisation(
    make: Factory, office: CarefulClient
) -> None:
    sent = send(make, make.dispatched(make.organisation()))
    assert office.get(sent.link).status_code == 303
    assert "都算整改单位办的" in office.get(sent.page).get_data(as_text=True)
