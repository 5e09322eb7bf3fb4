"""An organisation opens its link, signs, answers: without an account."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from audit.assignments.models import Assignment, LinkUse
from audit.assignments.views.answering import cookie_of
from audit.core.clock import now, today
from audit.core.db import db, transaction
from audit.findings.rules import State, Verb
from audit.photos.drawing import Scene, drawn_photo
from audit.policy.actions import choose
from audit.policy.rules.texts import WORDINGS, CityText
from tests.assignments.sending import Sent, send
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]
WHO = {"name": "王小满", "phone": "１３８００００００００"}


@pytest.fixture
def number(make: Factory) -> str:
    return make.dispatched(make.organisation("市政设施公司"))


@pytest.fixture
def sent(make: Factory, number: str) -> Sent:
    return send(make, number)


@pytest.fixture
def opened(client: CarefulClient, sent: Sent) -> CarefulClient:
    """A phone on which the link has just been opened."""
    answer = client.get(sent.link)
    assert (answer.status_code, answer.headers["Location"]) == (303, sent.page)
    return client


@pytest.fixture
def signed(opened: CarefulClient, sent: Sent) -> CarefulClient:
    assert opened.send(f"{sent.page}sign", WHO, sent.page).status_code == 303
    return opened


def seen(browser: CarefulClient, where: str) -> str:
    html = browser.get(where).get_data(as_text=True)
    return re.findall(r'name="seen" value="(\d+)"', html)[0]


def report(browser: CarefulClient, where: str, seed: int = 7, **more: Any) -> TestResponse:
    picture = drawn_photo(Scene.TOILET, seed, (240, 180))
    typed = {"why": "已拓宽到 1500 毫米", "seen": seen(browser, where)} | more
    typed.setdefault("photos", (io.BytesIO(picture), "after.jpg"))
    return browser.send(f"{where}/report_fixed", typed, where)


def test_the_notice_closes_in_the_citys_own_words(
    app: Flask, make: Factory, opened: CarefulClient, sent: Sent
) -> None:
    shipped = WORDINGS[CityText.COMPLAINT].shipped.zh
    assert shipped in opened.get(sent.page).get_data(as_text=True)
    office = make.actor("administrator", district=None)
    with app.app_context(), transaction():
        choose("text:complaint", {"zh": "可以申辩。", "en": "You may object."}, "会议", office)
    page = opened.get(sent.page).get_data(as_text=True)
    assert "<p>可以申辩。</p>" in page and shipped not in page


def test_from_the_link_to_the_report(
    app: Flask, make: Factory, signed: CarefulClient, sent: Sent, number: str
) -> None:
    where = f"{sent.page}{number}"
    page = signed.get(where).get_data(as_text=True)
    assert "1,400 mm" in page and "≥" in page, "measured and required"
    assert report(signed, where).status_code == 303
    listed = signed.get(sent.page).get_data(as_text=True)
    assert "已答复 1 个，共 1 个" in listed and "待复查" in listed
    with app.app_context():
        finding = make.finding_named(number)
        event = finding.events[-1]
        assert finding.state is State.FIXED
        assert finding.fixed_by_id == sent.id and event.actor_id == sent.id
        assert event.actor_name == f"王小满（市政设施公司，凭通知 {sent.number}）"
        assert len(event.photos) == 1
        photo = event.photos[0].photo_id
    assert signed.get(f"{sent.page}photos/{photo}/small.jpg").mimetype == "image/jpeg"


def test_opening_is_noted_and_confirms_nothing(
    app: Flask, opened: CarefulClient, sent: Sent
) -> None:
    """Mail scanners open links, also with HEAD, and never send a form."""
    assert opened.head(sent.link).status_code == 200
    with app.app_context():
        uses = db.session.scalars(db.select(LinkUse)).all()
        assert [use.network for use in uses] == ["127.0.0.0/24"], "HEAD begins no use"
        assert db.session.get_one(Assignment, sent.id).confirmed_at is None
    assert "第一步：签收" in opened.get(sent.page).get_data(as_text=True)


def test_the_receipt_says_who_and_when_and_holds(
    app: Flask, signed: CarefulClient, sent: Sent
) -> None:
    assert "王小满 已于" in signed.get(sent.page).get_data(as_text=True)
    assert signed.send(f"{sent.page}sign", {"name": "李四", "phone": "13900000000"}, sent.page)
    with app.app_context():
        kept = db.session.get_one(Assignment, sent.id)
        assert (kept.signer_name, kept.signer_phone) == ("王小满", "13800000000"), "the first"
        assert db.session.scalars(db.select(LinkUse.signer_name)).all() == ["李四"], "who acts now"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "", "phone": "13800000000"}, "真实姓名"),
        ({"name": "王小满", "phone": "abc"}, "能打通"),
    ],
)
def test_a_receipt_without_a_name_or_number_is_asked_for_again(
    opened: CarefulClient, sent: Sent, typed: dict[str, str], said: str
) -> None:
    answer = opened.send(f"{sent.page}sign", typed, sent.page)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in page
    assert all(f'value="{text}"' in page for text in typed.values() if text)


def test_nobody_answers_before_saying_who_they_are(
    app: Flask, make: Factory, opened: CarefulClient, sent: Sent, number: str
) -> None:
    where = f"{sent.page}{number}"
    assert "去签收" in opened.get(where).get_data(as_text=True)
    typed = {"why": "已经改好了", "seen": "3"}
    answer = opened.send(f"{where}/report_fixed", typed, sent.page)
    assert answer.status_code == 409
    assert "请先签收" in answer.get_data(as_text=True)
    assert "已经改好了" in answer.get_data(as_text=True), "nothing typed is lost"
    with app.app_context():
        assert make.finding_named(number).state is State.DISPATCHED


def test_a_report_without_words_keeps_its_picture(
    app: Flask, make: Factory, signed: CarefulClient, sent: Sent, number: str
) -> None:
    where = f"{sent.page}{number}"
    answer = report(signed, where, why="")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "请写明情况或理由" in page
    kept = re.findall(r'name="kept" value="([^"]+)"', page)
    assert len(kept) == 1
    assert signed.get(f"{sent.page}photos/{kept[0]}/small.jpg").status_code == 200
    fields = {"why": "已拓宽", "seen": seen(signed, where), "kept": kept[0]}
    assert signed.send(f"{where}/report_fixed", fields, where).status_code == 303
    with app.app_context():
        assert make.finding_named(number).state is State.FIXED


def test_more_time_is_asked_for_and_so_is_the_return_of_a_wrong_finding(
    app: Flask, make: Factory, client: CarefulClient
) -> None:
    owner = make.organisation()
    first, second = make.dispatched(owner), make.dispatched(owner)
    sent = send(make, first, second)
    client.get(sent.link)
    client.send(f"{sent.page}sign", WHO, sent.page)
    late = (today() + timedelta(days=200)).isoformat()
    where = f"{sent.page}{first}"
    asked = {"why": "等材料", "until": late, "seen": seen(client, where)}
    assert client.send(f"{where}/ask_time", asked, where).status_code == 303
    assert f"您单位申请延到 {late}" in client.get(where).get_data(as_text=True)
    where = f"{sent.page}{second}"
    given = {"why": "归街道办管", "seen": seen(client, where)}
    page = client.arrive(f"{where}/ask_return", given, where).get_data(as_text=True)
    assert "整改单位申请退回" in page
    with app.app_context():
        back = make.finding_named(second)
        assert (back.organisation_id, back.plea) == (owner, "return"), "theirs until decided"


def test_a_page_from_before_is_told_and_loses_no_word(
    app: Flask, make: Factory, signed: CarefulClient, sent: Sent, number: str
) -> None:
    """Two tabs: one has reported, the other still shows the form."""
    where = f"{sent.page}{number}"
    before = seen(signed, where)
    assert report(signed, where).status_code == 303
    typed = {"why": "第二个标签页写的", "seen": before}
    answer = signed.send(f"{where}/report_fixed", typed, sent.page)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "第二个标签页写的" in page
    with app.app_context():
        assert [one.verb for one in make.finding_named(number).events].count(Verb.REPORT_FIXED) == 1


def test_after_a_week_the_link_is_opened_once_more(
    signed: CarefulClient, sent: Sent, number: str
) -> None:
    token = signed.token(sent.page)
    with time_machine.travel(now() + timedelta(days=8), tick=False):
        typed = {"csrf_token": token, "why": "写了很久的话"}
        answer = signed.post(f"{sent.page}{number}/report_fixed", data=typed)
        assert answer.status_code == 404
        assert "写了很久的话" in answer.get_data(as_text=True)
        assert signed.get(sent.link).status_code == 303
        assert signed.get(sent.page).status_code == 200


def test_whoever_opens_it_again_in_the_same_browser_has_signed_already(
    app: Flask, signed: CarefulClient, sent: Sent, number: str
) -> None:
    signed.get(sent.link)
    assert report(signed, f"{sent.page}{number}").status_code == 303
    with app.app_context():
        assert len(db.session.scalars(db.select(LinkUse)).all()) == 2, "each opening is noted"
    other: CarefulClient = app.test_client()  # type: ignore[assignment]
    other.get(sent.link)
    assert "请先写您是谁" in other.get(sent.page).get_data(as_text=True)


def test_two_notices_stand_open_side_by_side(make: Factory, client: CarefulClient) -> None:
    first = send(make, make.dispatched(make.organisation("甲公司")))
    second = send(make, make.dispatched(make.organisation("乙公司")))
    for one in (first, second):
        client.get(one.link)
    assert "甲公司" in client.get(first.page).get_data(as_text=True)
    assert "乙公司" in client.get(second.page).get_data(as_text=True)


def test_whoever_leaves_must_open_the_link_again(opened: CarefulClient, sent: Sent) -> None:
    cookie = opened.get_cookie(cookie_of(sent.number), path="/n/")
    assert cookie is not None
    opened.send(f"{sent.page}leave", {}, sent.page)
    assert opened.get(sent.page).status_code == 404
    opened.set_cookie(cookie_of(sent.number), cookie.value, path="/n/")
    assert opened.get(sent.page).status_code == 404, "a copied cookie opens nothing either"


@pytest.mark.parametrize("verb", [Verb.CONTEST, Verb.ASK_SUBSTITUTE, Verb.START])
def test_the_organisation_contests_asks_for_a_substitute_and_starts_by_its_link(
    app: Flask, make: Factory, signed: CarefulClient, sent: Sent, number: str, verb: Verb
) -> None:
    where = f"{sent.page}{number}"
    assert f"{where}/{verb}" in signed.get(where).get_data(as_text=True)
    said = {"why": "量的是旁边那一间", "seen": seen(signed, where)}
    assert signed.send(f"{where}/{verb}", said, where).status_code == 303
    with app.app_context():
        event = make.finding_named(number).events[-1]
        assert (event.verb, event.actor_id) == (verb, sent.id)
