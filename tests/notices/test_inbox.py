"""The inbox: one's own messages only, read and unread, by topic, with the count on every page."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.core.text import Text
from audit.notices.actions import tell
from audit.notices.models import Notice
from audit.notices.rules import LONGEST_SUBJECT, Topic, plain_line
from audit.notices.rules.texts import LONGEST_BODY
from tests.careful import CarefulClient
from tests.factories import Factory, Person

SignIn = Callable[..., CarefulClient]
SAID = Text("问题 ZY-2026-000001 等待核实", "Finding ZY-2026-000001 waits to be confirmed")
BODY = Text("期限到 2026-12-31。", "Due by 2026-12-31.")


def write(
    app: Flask, people: list[UUID], subject: Text = SAID, address: str = "/findings/",
    topic: Topic = Topic.TODO, body: Text = BODY,
) -> list[UUID]:  # fmt: skip
    with app.app_context():
        with transaction():
            tell(people, subject, body, address, topic)
        return list(db.session.scalars(db.select(Notice.id).order_by(Notice.id)))


def browser_of(app: Flask, make: Factory, person: Person) -> CarefulClient:
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    browser.hold(make.session_of(person))
    return browser


def text(browser: CarefulClient, where: str = "/messages/") -> str:
    answer = browser.get(where)
    assert answer.status_code == 200, where
    return answer.get_data(as_text=True)


def counted(page: str) -> str:
    found = re.search(r'class="header__count">.*?</span>(\d+\+?)</span>', page)
    return found[1] if found else ""


def test_a_message_is_counted_until_it_is_opened(app: Flask, make: Factory) -> None:
    me = make.person("coordinator")
    browser = browser_of(app, make, me)
    assert "还没有消息" in text(browser) and counted(text(browser)) == ""
    (one,) = write(app, [me.id])
    page = text(browser, "/findings/")
    assert counted(page) == "1"
    assert SAID.zh in text(browser)
    opened = browser.send(f"/messages/{one}/open", {}, page="/messages/")
    assert (opened.status_code, opened.location) == (303, "/findings/")
    assert counted(text(browser)) == ""
    browser.send(f"/messages/{one}/unread", {}, page="/messages/")
    assert counted(text(browser)) == "1"
    browser.send(f"/messages/{one}/read", {}, page="/messages/")
    assert counted(text(browser)) == ""


def test_nobody_reads_or_marks_the_messages_of_others(app: Flask, make: Factory) -> None:
    me, other = make.person("coordinator"), make.person("administrator", district=None)
    (one,) = write(app, [me.id])
    browser = browser_of(app, make, other)
    assert SAID.zh not in text(browser) and counted(text(browser)) == ""
    for act in ("open", "read", "unread"):
        assert browser.send(f"/messages/{one}/{act}", {}, page="/messages/").status_code == 404
    browser.send("/messages/read", {}, page="/messages/")
    assert counted(text(browser_of(app, make, me))) == "1"


def test_messages_are_narrowed_by_topic_and_read_together(app: Flask, make: Factory) -> None:
    me = make.person("coordinator")
    write(app, [me.id])
    write(app, [me.id], Text("发现的问题已销号", "closed"), topic=Topic.OUTCOME)
    browser = browser_of(app, make, me)
    page = text(browser, "/messages/?topic=outcome")
    assert "发现的问题已销号" in page and SAID.zh not in page
    browser.send("/messages/read", {"topic": "outcome"}, page="/messages/?topic=outcome")
    assert counted(text(browser)) == "1"
    assert SAID.zh in text(browser, "/messages/?unread=1")
    browser.send("/messages/read", {"topic": ""}, page="/messages/")
    assert "这里没有消息" in text(browser, "/messages/?unread=1")
    assert browser.get("/messages/?topic=king").status_code == 302
    assert browser.send("/messages/read", {"topic": "king"}, page="/messages/").status_code == 404


def test_the_reader_reads_in_their_language(app: Flask, make: Factory) -> None:
    me = make.person("supervisor")
    write(app, [me.id])
    browser = browser_of(app, make, me)
    browser.get("/language/en")
    page = text(browser)
    assert SAID.en in page and BODY.en in page and SAID.zh not in page


def test_many_are_counted_no_further_than_the_header_shows(app: Flask, make: Factory) -> None:
    me = make.person("supervisor")
    for _ in range(101):
        write(app, [me.id])
    browser = browser_of(app, make, me)
    page = text(browser)
    assert counted(page) == "99+"
    assert page.count('class="message ') == 30
    assert text(browser, "/messages/?page=4").count('class="message ') == 11


def test_hostile_texts_stay_text(app: Flask, make: Factory) -> None:
    me = make.person("supervisor")
    wild = "<script>alert(1)</script>{{7*7}}\r\nBcc: all@example.cn\0\u202e"
    write(app, [me.id], Text(wild, wild), body=Text(wild * 200, wild * 200))
    page = text(browser_of(app, make, me))
    assert "<script>alert" not in page and "{{7*7}}" in page and "49" not in counted(page)
    with app.app_context():
        kept = db.session.scalars(db.select(Notice)).one()
        assert len(kept.subject_zh) <= LONGEST_SUBJECT and len(kept.body_zh) <= LONGEST_BODY
        assert not set("\r\n\0\u202e") & set(kept.subject_zh)


@pytest.mark.parametrize("address", ["https://evil.example", "evil", "x" * 301])
def test_a_message_leads_only_to_pages_of_ours(app: Flask, make: Factory, address: str) -> None:
    me = make.person("supervisor")
    with pytest.raises(ValueError, match="no path of ours"):
        write(app, [me.id], address=address)


def test_another_host_is_not_reached_even_by_what_looks_like_a_path(
    app: Flask, make: Factory
) -> None:
    me = make.person("supervisor")
    (one,) = write(app, [me.id], address="//evil.example/")
    browser = browser_of(app, make, me)
    opened = browser.send(f"/messages/{one}/open", {}, page="/messages/")
    assert opened.location == "/"


def test_one_line_is_one_line() -> None:
    assert plain_line("a\r\nb\tc\u2028d\0") == "a b c d"
    assert len(plain_line("长" * 500)) == LONGEST_SUBJECT
