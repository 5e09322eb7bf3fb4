"""Steps by several people at once, and what a list or a map is asked for wrongly."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from audit.core.db import db
from audit.core.ids import new_id
from audit.findings.models import Finding
from audit.findings.rules import State
from audit.journal.queries import first_broken_link
from tests.careful import CarefulClient
from tests.factories import NARROW_STALL, Factory
from tests.unchanged import nothing_written

SignIn = Callable[..., CarefulClient]
ROLE = "您的角色不能做这一步"


def send(browser: CarefulClient, number: str, verb: str, fields: dict[str, Any]) -> TestResponse:
    token = browser.token("/help")
    return browser.post(
        f"/findings/{number}/{verb}", data={"csrf_token": token, **fields},
        content_type="multipart/form-data",
    )  # fmt: skip


def test_who_may_not_dispatch_is_told_that_and_not_the_other(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    number = make.finding()
    coordinator = signed_in("coordinator")
    send(coordinator, number, "confirm", {})
    with nothing_written(app):
        answer = send(coordinator, number, "dispatch", {"organisation": str(new_id())})
    assert answer.status_code == 403 and ROLE in answer.get_data(as_text=True)


def at_once(browsers: list[CarefulClient], page: str) -> list[int]:
    """The statuses when each sends the same form at the same moment, sorted."""
    tokens = [browser.token("/help") for browser in browsers]
    start, statuses = threading.Barrier(len(browsers)), []

    def send_it(browser: CarefulClient, token: str) -> None:
        start.wait()
        statuses.append(browser.post(page, data={"csrf_token": token}).status_code)

    pairs = zip(browsers, tokens, strict=True)
    threads = [threading.Thread(target=send_it, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def test_of_several_at_once_one_wins_and_the_others_are_told(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    people = [signed_in("coordinator") for _ in range(3)]
    for _ in range(5):
        assert at_once(people, f"/findings/{make.finding()}/confirm") == [303, 409, 409]
    with app.app_context():
        rows = db.session.scalars(db.select(Finding)).all()
        assert all([event.verb for event in row.events] == ["open", "confirm"] for row in rows)
        assert first_broken_link() is None


def test_a_closed_one_is_not_opened_again_beside_a_newer_one(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    number, coordinator = make.finding(), signed_in("coordinator")
    send(coordinator, number, "reject", {"why": "量错了"})
    with app.app_context():
        place = make.finding_named(number).facility_id
    make.inspection(place, make.actor("supervisor"), NARROW_STALL)
    with nothing_written(app):
        answer = send(coordinator, number, "reopen", {"why": "又有了"})
    assert answer.status_code == 409
    assert "已有一个未销号的问题" in answer.get_data(as_text=True)
    with app.app_context():
        assert make.finding_named(number).state is State.REJECTED


@pytest.mark.parametrize("path", ["/findings/", "/map/", "/map/findings?bbox=104,29,106,31&z=9"])
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("state=lost", 404), ("state=open&state=closed", 200), ("severity=S9", 404),
        ("severity=S1&severity=S4", 200), ("kind=castle", 404), ("organisation=x", 404),
        ("facility=x", 404), ("organisation=00000000-0000-0000-0000-000000000000", 200),
        ("district=" + "9" * 500, 200), ("q=%25", 200), ("q=" + "a" * 9000, 200), ("q=%00", 400),
        ("page=-1", 200), ("page=" + "9" * 50, 200), ("page=1e9", 200), ("state=", 200),
        ("q='%3B%20drop%20table%20finding", 200), ("q=%7B%7B7*7%7D%7D", 200),
    ],
)  # fmt: skip
def test_a_filter_is_understood_or_is_no_page(
    make: Factory, signed_in: SignIn, path: str, query: str, status: int
) -> None:
    joined = f"{path}{'&' if '?' in path else '?'}{query}"
    assert signed_in("coordinator").get(joined).status_code == status


@pytest.mark.parametrize(
    "query",
    [
        "", "bbox=&z=", "bbox=1,2,3&z=9", "bbox=104,29,106,31", "z=9", "bbox=a,b,c,d&z=9",
        "bbox=106,29,104,31&z=9", "bbox=104,31,106,29&z=9", "bbox=NaN,29,106,31&z=9",
        "bbox=104,29,106,inf&z=9", "bbox=1e2,29,106,31&z=9", "bbox=104,29,106,31&z=-1",
        "bbox=104,29,106,31&z=22", "bbox=104,29,106,31&z=1e1", "bbox=104,29,106,31&z=９",
        "bbox=-181,29,106,31&z=9", "bbox=104,29,106,91&z=9", "bbox=104,29,106,31,32&z=9",
        "bbox=" + "1" * 500 + ",29,106,31&z=9", "bbox=104, 29,106,31&z=9",
    ],
)  # fmt: skip
def test_a_view_that_is_none_is_no_page(signed_in: SignIn, query: str) -> None:
    browser = signed_in("coordinator")
    for endpoint in ("findings", "facilities"):
        answer = browser.get(f"/map/{endpoint}?{query}", headers={"Accept": "application/json"})
        assert answer.status_code == 404, endpoint
        assert answer.mimetype == "application/problem+json"
        assert answer.json is not None and answer.json["status"] == 404
