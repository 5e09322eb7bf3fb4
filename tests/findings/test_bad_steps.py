"""Steps that cannot be taken: each told why, nothing half written."""

import io
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
from audit.photos.drawing import Scene, drawn_photo
from tests.careful import CarefulClient
from tests.factories import ANYUE, NARROW_STALL, Factory
from tests.unchanged import nothing_written

SignIn = Callable[..., CarefulClient]
CHANGED = "这个问题的状态已经变化，这一步现在不能做"
ROLE, NOT_YOURS = "您的角色不能做这一步", "没有做这件事的权限"
REASON, CHOOSE = "请写明情况或理由", "请选择负责整改的单位"
PHOTO, TOO_LONG = "请至少附一张照片", "太长了，最多 2000 个字"


def picture(seed: int = 1) -> tuple[io.BytesIO, str]:
    return io.BytesIO(drawn_photo(Scene.TOILET, seed, (240, 180))), "x.jpg"


def send(browser: CarefulClient, number: str, verb: str, fields: dict[str, Any]) -> TestResponse:
    token = browser.token("/help")
    return browser.post(
        f"/findings/{number}/{verb}", data={"csrf_token": token, **fields},
        content_type="multipart/form-data",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "verb", "fields", "status", "said"),
    [
        ("coordinator", "reject", {}, 422, REASON),
        ("coordinator", "reject", {"why": " \u200b\u3000\x07 "}, 422, REASON),
        ("coordinator", "reject", {"why": "字" * 2001}, 422, TOO_LONG),
        ("coordinator", "confirm", {"why": "字" * 10_000}, 422, TOO_LONG),
        ("coordinator", "reopen", {"why": "x"}, 409, CHANGED),
        ("coordinator", "dispatch", {}, 409, CHANGED),
        ("coordinator", "report_fixed", {"why": "x"}, 409, CHANGED),
        ("supervisor", "confirm", {}, 403, NOT_YOURS),
        ("planner", "confirm", {}, 403, NOT_YOURS),
        ("auditor", "confirm", {}, 403, NOT_YOURS),
        ("department", "confirm", {}, 403, ROLE),
        ("coordinator", "pass_recheck", {"why": "x"}, 404, "没有找到这一页"),
        ("coordinator", "open", {}, 404, "没有找到这一页"),
        ("coordinator", "CONFIRM", {}, 404, "没有找到这一页"),
        ("coordinator", "confirm", {"why": "a\x00b"}, 400, "不能保存的控制字符"),
        ("coordinator", "confirm", {"csrf_token": "x"}, 400, "安全标记已失效"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_new_finding_takes_no_step_that_is_not_open(
    app: Flask, make: Factory, signed_in: SignIn, role: str, verb: str, fields: dict[str, Any],
    status: int, said: str,
) -> None:  # fmt: skip
    number, browser = make.finding(), signed_in(role)
    with nothing_written(app):
        answer = send(browser, number, verb, fields)
    assert answer.status_code == status
    assert said in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("organisation", "said"),
    [("", CHOOSE), ("not-an-id", CHOOSE), (str(new_id()), CHOOSE), ("' or 1=1 --", CHOOSE)],
)
def test_an_unknown_organisation_is_sent_nothing(
    app: Flask, make: Factory, signed_in: SignIn, organisation: str, said: str
) -> None:
    number = make.finding()
    send(signed_in("coordinator"), number, "confirm", {})
    browser = signed_in("department")
    with nothing_written(app):
        answer = send(browser, number, "dispatch", {"organisation": organisation, "why": "加急"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html and "加急" in html


def test_who_may_not_dispatch_is_told_that_and_not_the_other(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    number = make.finding()
    coordinator = signed_in("coordinator")
    send(coordinator, number, "confirm", {})
    with nothing_written(app):
        answer = send(coordinator, number, "dispatch", {"organisation": str(new_id())})
    assert answer.status_code == 403 and ROLE in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({}, 422, REASON),
        ({"why": "已拓宽"}, 422, PHOTO),
        ({"photos": [picture()]}, 422, REASON),
        ({"why": "已拓宽", "photos": [(io.BytesIO(b""), "x.jpg")]}, 422, "照片"),
        ({"why": "已拓宽", "photos": [(io.BytesIO(b"no picture"), "x.jpg")]}, 422, "照片"),
        ({"why": "已拓宽", "photos": [picture(one) for one in range(7)]}, 422, "最多 6 张照片"),
        ({"why": "字" * 2001, "photos": [picture()]}, 422, TOO_LONG),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_fix_is_reported_with_words_and_pictures_or_not_at_all(
    app: Flask, make: Factory, signed_in: SignIn, fields: dict[str, Any], status: int, said: str
) -> None:
    owner = make.organisation()
    number, fixer = make.dispatched(owner), signed_in("organisation", organisation=owner)
    with nothing_written(app):
        answer = send(fixer, number, "report_fixed", fields)
    html = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert said in html
    assert fields.get("why", "")[:20] in html, "what was written is still there"


def test_only_the_organisation_that_was_named_sees_and_reports(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    number, stranger = make.dispatched(make.organisation()), signed_in("organisation")
    with nothing_written(app):
        assert stranger.get(f"/findings/{number}").status_code == 404
        sent = send(stranger, number, "report_fixed", {"why": "x", "photos": [picture()]})
    assert sent.status_code == 404
    department = signed_in("department")
    with nothing_written(app):
        sent = send(department, number, "report_fixed", {"why": "x", "photos": [picture()]})
    assert sent.status_code == 403 and ROLE in sent.get_data(as_text=True)


def test_a_finding_of_another_district_is_not_there(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    number, far = make.finding(), signed_in("coordinator", district=ANYUE)
    with nothing_written(app):
        assert far.get(f"/findings/{number}").status_code == 404
        for verb in ("confirm", "reject", "reopen"):
            answer = send(far, number, verb, {"why": "x"})
            assert answer.status_code == 404
            assert "没有找到这一页" in answer.get_data(as_text=True)


@pytest.mark.parametrize("number", ["ZY-2026-999999", "ZY-1-1", "1", "zy-2026-000001", "x" * 300])
def test_a_number_that_nobody_has_is_no_page(signed_in: SignIn, number: str) -> None:
    assert signed_in("coordinator").get(f"/findings/{number}").status_code == 404


def test_a_step_that_somebody_else_took_first_is_a_conflict(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    number, one, other = make.finding(), signed_in("coordinator"), signed_in("coordinator")
    assert send(one, number, "confirm", {}).status_code == 303
    with nothing_written(app):
        answer = send(other, number, "reject", {"why": "不是问题"})
    assert answer.status_code == 409
    assert CHANGED in answer.get_data(as_text=True)


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


def test_a_reason_is_kept_without_signs_that_nobody_sees(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    number = make.finding()
    hostile = "不是\u202e问题\x07\r\n<script>alert(1)</script>{{7*7}}"
    coordinator = signed_in("coordinator")
    assert send(coordinator, number, "reject", {"why": hostile}).status_code == 303
    with app.app_context():
        assert make.finding_named(number).events[-1].why == (
            "不是问题\n<script>alert(1)</script>{{7*7}}"
        )
    html = coordinator.get(f"/findings/{number}").get_data(as_text=True)
    assert "<script>alert" not in html and "{{7*7}}" in html


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
