"""Steps asked for wrongly: what is said where, what stays, and that nothing is half written."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from audit.accounts.models import Organisation
from audit.core.db import db, transaction
from audit.findings.models import FindingEvent, FindingPhoto
from audit.photos.models import Photo
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory
from tests.inspections.conftest import picture
from tests.unchanged import nothing_written

SignIn = Callable[..., CarefulClient]
NOT_YOURS, NOT_YOUR_ROLE = "没有做这件事的权限", "您的角色不能做这一步"
NO_PAGE, MOVED_ON = "没有找到这一页", "这个问题的状态已经变化，这一步现在不能做"
WHICH, WHY = "请选择负责整改的单位", "请写明情况或理由"
TOO_LONG, NO_PICTURE = "太长了，最多 2000 个字", "请至少附一张照片"
BROKEN, NO_PHOTO = "这张照片不完整或已损坏", "这个文件不是照片"
NOBODYS = "01890a5d-ac96-774b-bcce-b302099a8057"
KEPT = ("photo", "journal_entry", "journal_head")  # a picture is kept whatever else is wrong
LINES = "字" * 1000 + "\r\n" + "字" * 1001


class Case:
    """One finding in some state, and the people around it."""

    def __init__(self, app: Flask, make: Factory, signed_in: SignIn) -> None:
        self.app, self.make, self.signed_in = app, make, signed_in
        self.owner = make.organisation("市政公司")

    def finding(self, state: str) -> str:
        if state == "reported":
            return self.make.finding()
        return self.make.fixed(self.owner) if state == "fixed" else self.make.dispatched(self.owner)

    def browser(self, role: str, **facts: Any) -> CarefulClient:
        if role == "organisation":
            facts.setdefault("organisation", self.owner)
        return self.signed_in(role, **facts)

    def token(self, browser: CarefulClient) -> str:
        """As it would stand in any form of this browser, without fetching one."""
        with self.app.test_request_context():
            token, kept = generate_csrf(), session["csrf_token"]
        with browser.session_transaction() as held:
            held["csrf_token"] = kept
        return str(token)

    def post(self, browser: CarefulClient, where: str, sent: dict[str, Any], *but: str) -> Any:
        """Nothing is written, `but` to the tables named."""
        fields = {"csrf_token": self.token(browser), **sent}
        kept = {name: value for name, value in fields.items() if value is not None}
        with nothing_written(self.app, *but):
            return browser.post(where, data=kept, content_type="multipart/form-data")


@pytest.fixture
def case(app: Flask, make: Factory, signed_in: SignIn) -> Case:
    return Case(app, make, signed_in)


WRONG: list[tuple[str, str, str, dict[str, Any], str, str]] = [
    ("reported", "coordinator", "confirm", {"why": "字" * 2001}, "why", TOO_LONG),
    ("reported", "coordinator", "confirm", {"why": LINES}, "why", TOO_LONG),
    ("reported", "coordinator", "reject", {}, "why", WHY),
    ("reported", "coordinator", "reject", {"why": " \r\n\t\u3000 "}, "why", WHY),
    ("reported", "coordinator", "reject", {"why": "\u202e\u200b\u2066\x07\x1b"}, "why", WHY),
    ("reported", "coordinator", "reject", {"why": "字" * 10_000}, "why", TOO_LONG),
    ("dispatched", "department", "dispatch", {}, "organisation", WHICH),
    ("dispatched", "department", "dispatch", {"organisation": "x"}, "organisation", WHICH),
    ("dispatched", "department", "dispatch", {"organisation": NOBODYS}, "organisation", WHICH),
    ("dispatched", "department", "dispatch", {"organisation": "' or 1=1 --"}, "organisation", WHICH),  # noqa: E501
    ("dispatched", "organisation", "report_fixed", {"why": "改好了"}, "photos", NO_PICTURE),
    ("dispatched", "organisation", "report_fixed", {}, "why", WHY),
    ("dispatched", "organisation", "ask_return", {"why": " \u3000"}, "why", WHY),
    ("fixed", "coordinator", "void", {}, "why", WHY),
]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "role", "step", "sent", "field", "said"), WRONG, ids=lambda value: ascii(value)[:40]
)
def test_what_is_missing_or_too_long_is_told_beside_the_field(
    case: Case, state: str, role: str, step: str, sent: dict[str, Any], field: str, said: str
) -> None:
    number = case.finding(state)
    answer = case.post(case.browser(role), f"/findings/{number}/{step}", sent)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html and "有错误：" in html
    assert f'href="#{step}-{field}"' in html, "the summary leads to the field"
    assert f'id="{step}-{field}-error"' in html
    if sent.get("why", "").strip("\u202e\u200b\u2066\x07\x1b\r\n\t \u3000"):
        assert sent["why"][:1000] in html, "what was typed is still there"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "photo.jpg", BROKEN),
        (b"no picture at all", "photo.jpg", NO_PHOTO),
        (b"\xff\xd8\xff\xe0" + b"\0" * 200, "photo.jpg", BROKEN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.svg", NO_PHOTO),
        (b"GIF89a" + b"\0" * 50, "../../etc/passwd", "这种图片格式不能用"),
        (b"x", "", "请至少附一张照片"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_bad_picture_is_told_and_the_good_one_and_the_words_are_kept(
    case: Case, content: bytes, name: str, said: str
) -> None:
    number = case.finding("dispatched")
    photos = (
        [(io.BytesIO(content), name)] if not name else [picture(1), (io.BytesIO(content), name)]
    )
    sent = {"why": "已拓宽到 1500", "photos": photos}
    where = f"/findings/{number}/report_fixed"
    answer = case.post(case.browser("organisation"), where, sent, *KEPT)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html and 'href="#report_fixed-photos"' in html
    assert "已拓宽到 1500" in html, "what was typed is still there"
    assert len(re.findall('name="kept" value="[^"]+" checked', html)) == bool(name)


def test_an_organisation_that_is_no_longer_there_is_sent_nothing(app: Flask, case: Case) -> None:
    number, gone = case.finding("dispatched"), case.make.organisation("旧单位")
    with app.app_context(), transaction() as session:
        session.get_one(Organisation, gone).active = False
    browser = case.browser("department")
    answer = case.post(browser, f"/findings/{number}/dispatch", {"organisation": str(gone)})
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert WHICH in html and "旧单位" not in html


ELSEWHERE = {"district": ANYUE}
REFUSED: list[tuple[str, str, dict[str, Any], str, dict[str, Any], int, str]] = [
    # in the wrong state
    ("dispatched", "coordinator", {}, "confirm", {}, 409, MOVED_ON),
    ("dispatched", "coordinator", {}, "reject", {"why": "不成立"}, 409, MOVED_ON),
    ("reported", "department", {}, "dispatch", {}, 409, MOVED_ON),
    ("fixed", "organisation", {}, "report_fixed", {"why": "改好了"}, 409, MOVED_ON),
    ("reported", "coordinator", {}, "reopen", {"why": "又坏了"}, 409, MOVED_ON),
    ("fixed", "coordinator", {}, "accept", {"why": "差不多"}, 409, MOVED_ON),
    ("fixed", "coordinator", {}, "trust", {"why": "没问题"}, 409, MOVED_ON),
    ("fixed", "organisation", {}, "ask_return", {"why": "不归我们"}, 409, MOVED_ON),
    # not this person's
    ("reported", "supervisor", {}, "confirm", {}, 403, NOT_YOUR_ROLE),
    ("reported", "planner", {}, "confirm", {}, 403, NOT_YOURS),
    ("reported", "administrator", {}, "confirm", {}, 403, NOT_YOURS),
    ("reported", "auditor", {}, "confirm", {}, 403, NOT_YOURS),
    ("reported", "department", {}, "confirm", {}, 403, NOT_YOUR_ROLE),
    ("dispatched", "coordinator", {}, "dispatch", {}, 403, NOT_YOUR_ROLE),
    ("dispatched", "organisation", {}, "dispatch", {}, 403, NOT_YOUR_ROLE),
    ("dispatched", "coordinator", {}, "report_fixed", {"why": "改好了"}, 403, NOT_YOUR_ROLE),
    ("fixed", "organisation", {}, "void", {"why": "拆了"}, 403, NOT_YOUR_ROLE),
    ("dispatched", "department", {}, "ask_return", {"why": "不归我们"}, 403, NOT_YOUR_ROLE),
    # not there for this person
    ("reported", "coordinator", ELSEWHERE, "confirm", {}, 404, NO_PAGE),
    ("dispatched", "department", ELSEWHERE, "dispatch", {}, 404, NO_PAGE),
    ("reported", "organisation", {}, "report_fixed", {"why": "改好了"}, 404, NO_PAGE),
    ("dispatched", "organisation", {"organisation": None}, "report_fixed", {}, 404, NO_PAGE),
    # no such thing
    ("reported", "coordinator", {}, "pass_recheck", {}, 404, NO_PAGE),
    ("fixed", "supervisor", {}, "fail_recheck", {}, 404, NO_PAGE),
    ("fixed", "supervisor", {}, "near_recheck", {}, 404, NO_PAGE),
    ("reported", "coordinator", {}, "close", {}, 404, NO_PAGE),
    ("reported", "coordinator", {}, "confirm%00", {}, 404, NO_PAGE),
    # not sent from one of our pages, or by no keyboard
    ("reported", "coordinator", {}, "confirm", {"csrf_token": None}, 400, "安全标记已失效"),
    ("reported", "coordinator", {}, "confirm", {"csrf_token": "x"}, 400, "安全标记已失效"),
    ("reported", "coordinator", {}, "reject", {"why": "a\0b"}, 400, "不能保存的控制字符"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "role", "facts", "step", "sent", "status", "said"),
    REFUSED,
    ids=lambda value: ascii(value)[:30],
)
def test_a_step_that_is_not_due_or_not_theirs_leaves_no_trace(
    case: Case, state: str, role: str, facts: dict[str, Any], step: str, sent: dict[str, Any],
    status: int, said: str,
) -> None:  # fmt: skip
    number = case.finding(state)
    answer = case.post(case.browser(role, **facts), f"/findings/{number}/{step}", sent)
    assert answer.status_code == status
    assert said in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "number", ["ZY-2026-999999", "ZY-2026-1", "x", "ZY-2026-0000001%20", "%2e"]
)
def test_a_number_that_is_none_is_no_page(case: Case, number: str) -> None:
    browser = case.browser("coordinator")
    assert browser.get(f"/findings/{number}").status_code == 404
    assert case.post(browser, f"/findings/{number}/confirm", {}).status_code == 404


def test_a_step_is_never_taken_by_following_a_link(app: Flask, case: Case) -> None:
    number, browser = case.finding("reported"), case.browser("coordinator")
    with nothing_written(app):
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            answer = browser.open(f"/findings/{number}/confirm", method=method)
            assert answer.status_code in {400, 405}, method


def test_whoever_is_not_signed_in_is_asked_to(
    app: Flask, case: Case, client: CarefulClient
) -> None:
    number = case.finding("reported")
    with nothing_written(app):
        answer = client.post(f"/findings/{number}/confirm", data={})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/account/login")


def test_a_step_of_four_million_letters_is_too_large(app: Flask, case: Case) -> None:
    number, browser = case.finding("reported"), case.browser("coordinator")
    sent = {"csrf_token": case.token(browser), "why": "x" * 4_000_001}
    with nothing_written(app):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            answer = browser.post(f"/findings/{number}/reject", data=sent, content_type=kind)
            assert answer.status_code == 413, kind
            assert "发送的内容太大" in answer.get_data(as_text=True)


def test_a_department_of_another_district_sees_what_its_own_body_must_fix_and_no_more(
    case: Case,
) -> None:
    number = case.finding("dispatched")
    browser = case.browser("department", district=ANYUE, organisation=case.owner)
    assert browser.get(f"/findings/{number}").status_code == 200
    sent = {"organisation": str(case.owner)}
    answer = case.post(browser, f"/findings/{number}/dispatch", sent)
    assert answer.status_code == 403
    assert "这个问题不在您负责的区县内" in answer.get_data(as_text=True)


def test_only_what_the_step_asks_for_is_taken(app: Flask, case: Case) -> None:
    """Every column's name is posted beside a confirmation; none of it changes the finding."""
    number, browser = case.finding("reported"), case.browser("coordinator")
    with app.app_context():
        row = case.make.finding_named(number)
        columns = [column.name for column in row.__table__.columns]
        before = {name: getattr(row, name) for name in columns}
    page = f"/findings/{number}"
    sent = {**dict.fromkeys(columns, "closed"), "organisation": str(case.owner), "why": "属实"}
    assert browser.send(f"{page}/confirm", sent, page).status_code == 303
    with app.app_context():
        row = case.make.finding_named(number)
        changed = {name for name in columns if getattr(row, name) != before[name]}
    clock = {"stage", "clock_since", "limit_amount", "due_at", "gross_at"}
    told = {"state", "changed_at", "last_seq", "confirmed_by_id", "confirmed_at"}
    assert changed == told | clock


def test_signs_that_turn_text_around_are_left_out_of_the_reason(app: Flask, case: Case) -> None:
    number, browser = case.finding("reported"), case.browser("coordinator")
    page = f"/findings/{number}"
    why = "门口\u202e\u2066 <b>{{ 7919*7927 }}</b>\x07\r\n\r\n第二段\u200b "
    assert browser.send(f"{page}/reject", {"why": why}, page).status_code == 303
    with app.app_context():
        event = case.make.finding_named(number).events[-1]
        assert event.why == "门口 <b>{{ 7919*7927 }}</b>\n\n第二段"
    html = browser.get(page).get_data(as_text=True)
    assert "&lt;b&gt;{{ 7919*7927 }}&lt;/b&gt;" in html and "62773913" not in html


def test_two_thousand_letters_and_six_pictures_are_not_too_many(app: Flask, case: Case) -> None:
    number, browser = case.finding("dispatched"), case.browser("organisation")
    page = f"/findings/{number}"
    seven = {"why": "改好了", "photos": [picture(seed) for seed in range(7)]}
    answer = case.post(browser, f"{page}/report_fixed", seven, *KEPT)
    assert answer.status_code == 422
    assert "最多 6 张照片" in answer.get_data(as_text=True)
    sent = {"why": "字" * 2000, "photos": [picture(seed) for seed in (0, 0, 1, 2, 3, 4, 5)]}
    assert browser.send(f"{page}/report_fixed", sent, page).status_code == 303
    with app.app_context():
        event = case.make.finding_named(number).events[-1]
        assert len(event.why) == 2000
        assert len(event.photos) == 6, "the same one twice is one"


def test_a_page_sent_twice_is_one_step(app: Flask, case: Case) -> None:
    number, browser = case.finding("dispatched"), case.browser("organisation")
    page = f"/findings/{number}"
    token = browser.token(page)
    for status in (303, 409):
        sent = {"csrf_token": token, "why": "改好了", "photos": [picture(1)]}
        answer = browser.post(f"{page}/report_fixed", data=sent, content_type="multipart/form-data")
        assert answer.status_code == status
    with app.app_context():
        fixes = db.select(FindingEvent).where(FindingEvent.verb == "report_fixed")
        assert len(db.session.scalars(fixes).all()) == 1
        assert len(db.session.scalars(db.select(FindingPhoto)).all()) == 1
        assert len(db.session.scalars(db.select(Photo)).all()) == 1
