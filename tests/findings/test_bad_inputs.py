"""Steps asked for wrongly: what is said where, what stays, and that nothing is half written."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from audit.accounts.models import Organisation
from audit.core.db import db, transaction
from audit.findings.models import FindingEvent, FindingPhoto
from audit.photos.models import Photo
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory
from tests.inspections.conftest import picture
from tests.unchanged import nothing_written

SignIn = Callable[..., CarefulClient]
WHICH = "请选择负责整改的单位"
BROKEN, NO_PHOTO = "这张照片不完整或已损坏", "这个文件不是照片"
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

    def post(self, browser: CarefulClient, where: str, sent: dict[str, Any]) -> Any:
        fields = {"csrf_token": browser.token("/account/password"), **sent}
        kept = {name: value for name, value in fields.items() if value is not None}
        with nothing_written(self.app):
            return browser.post(where, data=kept, content_type="multipart/form-data")


@pytest.fixture
def case(app: Flask, make: Factory, signed_in: SignIn) -> Case:
    return Case(app, make, signed_in)


@pytest.mark.parametrize(
    ("state", "role", "step", "sent", "fields"),
    [
        ("reported", "coordinator", "confirm", {"why": LINES}, ["why"]),
        ("reported", "coordinator", "reject", {"why": " \r\n\u202e\u200b "}, ["why"]),
        ("dispatched", "department", "dispatch", {"why": "加急"}, ["organisation"]),
        ("dispatched", "organisation", "report_fixed", {}, ["why", "photos"]),
        ("dispatched", "organisation", "report_fixed", {"why": LINES}, ["why", "photos"]),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_the_summary_leads_to_each_field_that_must_change(
    case: Case, state: str, role: str, step: str, sent: dict[str, Any], fields: list[str]
) -> None:
    number = case.finding(state)
    answer = case.post(case.browser(role), f"/findings/{number}/{step}", sent)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f"有 {len(fields)} 处需要修改" in html and "有错误：" in html
    for name in fields:
        assert f'href="#{step}-{name}"' in html and f'id="{step}-{name}-error"' in html
    typed = sent.get("why", "").replace("\r\n", "\n")
    assert len(typed) < 10 or typed in html, "what was typed is all still there"


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
def test_one_bad_picture_keeps_the_good_one_out_too(
    case: Case, content: bytes, name: str, said: str
) -> None:
    number = case.finding("dispatched")
    photos = (
        [(io.BytesIO(content), name)] if not name else [picture(1), (io.BytesIO(content), name)]
    )
    sent = {"why": "已拓宽到 1500", "photos": photos}
    answer = case.post(case.browser("organisation"), f"/findings/{number}/report_fixed", sent)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html and 'href="#report_fixed-photos"' in html
    assert "已拓宽到 1500" in html, "what was typed is still there"


def test_an_organisation_that_is_no_longer_there_is_sent_nothing(app: Flask, case: Case) -> None:
    number, gone = case.finding("dispatched"), case.make.organisation("旧单位")
    with app.app_context(), transaction() as session:
        session.get_one(Organisation, gone).active = False
    browser = case.browser("department")
    answer = case.post(browser, f"/findings/{number}/dispatch", {"organisation": str(gone)})
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert WHICH in html and "旧单位" not in html


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
    assert answer.status_code in {303, 400}
    assert "已核实立案" not in answer.get_data(as_text=True)


def test_a_step_of_four_million_letters_is_too_large(app: Flask, case: Case) -> None:
    number, browser = case.finding("reported"), case.browser("coordinator")
    sent = {"csrf_token": browser.token("/account/password"), "why": "x" * 4_000_001}
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
    assert changed == {"state", "changed_at", "last_seq"}


def test_two_thousand_letters_and_six_pictures_are_not_too_many(app: Flask, case: Case) -> None:
    number, browser = case.finding("dispatched"), case.browser("organisation")
    page = f"/findings/{number}"
    sent = {"why": "字" * 2000, "photos": [picture(seed) for seed in range(5)] + [picture(0)]}
    assert browser.send(f"{page}/report_fixed", sent, page).status_code == 303
    with app.app_context():
        event = case.make.finding_named(number).events[-1]
        assert len(event.why) == 2000
        assert len(event.photos) == 6


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
