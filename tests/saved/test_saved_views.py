"""Saved views: kept from a plain form, counted by each reader's own rights, shared and let go."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from audit.accounts.models import RoleGrant, User
from audit.core.actors import Actor, Role
from audit.core.db import db, transaction
from audit.facilities.forms import parse_filter as parse_facilities
from audit.findings.forms import parse_filter as parse_findings
from audit.saved.actions import keep_view, share_view
from audit.saved.models import SavedView
from audit.saved.queries import views_for
from audit.saved.rules import LISTS, MOST, Subject, kept_pairs
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory, Person

SignIn = Callable[..., CarefulClient]
PLACES = [
    ("findings", "/findings/?severity=S2&q=厕位", "severity=S2"),
    ("facilities", "/facilities/?kind=toilet&fact.works=old", "kind=toilet"),
    ("inspections", "/inspections/?mine=1", "mine=1"),
    ("map", "/map/?show=facilities&kind=toilet", "show=facilities"),
    ("map", "/map/?severity=S1", "severity=S1"),
]


def save(browser: CarefulClient, name: str, **more: str) -> Any:
    fields = {"subject": "findings", "query": "severity=S2", "name": name, **more}
    return browser.send("/saved/", fields, page="/account/password")


def text(browser: CarefulClient, where: str) -> str:
    answer = browser.get(where)
    assert answer.status_code == 200, where
    return answer.get_data(as_text=True)


def chip(page: str, name: str) -> str:
    """The words of the link of one view."""
    found = re.search(rf"<span>{name}</span>.*?</a>", page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[0]) if found else ""


@pytest.mark.parametrize(("subject", "where", "part"), PLACES)
def test_a_narrowing_is_saved_from_the_list_and_stands_above_it(
    make: Factory, signed_in: SignIn, subject: str, where: str, part: str
) -> None:
    make.finding()
    browser = signed_in("supervisor")
    page = text(browser, where)
    form = page[page.index('action="/saved/"') :]
    query = re.search(r'name="query" value="([^"]+)"', form)
    assert query and part in query[1]
    fields = {"subject": subject, "query": query[1].replace("&amp;", "&"), "name": "我的一批"}
    saved = browser.send("/saved/", fields, page=where)
    assert saved.status_code == 303
    page = text(browser, saved.location)
    assert 'action="/saved/"' not in page, "it is saved already"
    assert re.search(r'aria-current="page"><span>我的一批</span>', page)
    assert "我的一批" in text(browser, "/") and "我的一批" in text(browser, "/saved/")
    assert "我的一批" not in text(signed_in("supervisor"), where)


def test_without_a_narrowing_there_is_nothing_to_save(signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    for where in ("/findings/", "/facilities/", "/inspections/", "/map/", "/findings/?page=1"):
        assert 'action="/saved/"' not in text(browser, where)


def test_only_what_the_list_knows_is_kept() -> None:
    pairs = [("q", "a"), ("page", "3"), ("next", "//evil"), ("fact.works", "old"), ("state", ""),
             ("severity", "S2"), ("severity", "S1"), ("q", "a")]  # fmt: skip
    assert kept_pairs(Subject.FINDINGS, pairs) == [
        ("q", "a"), ("severity", "S1"), ("severity", "S2"),
    ]  # fmt: skip
    assert kept_pairs(Subject.FACILITIES, pairs) == [("fact.works", "old"), ("q", "a")]
    assert kept_pairs(Subject.INSPECTIONS, pairs) == []


@pytest.mark.parametrize("change", [
    {"subject": "people"}, {"subject": ""}, {"query": "severity=S9"}, {"query": "kind=castle"},
    {"query": "organisation=1%27%20OR%201=1"},
])  # fmt: skip
def test_what_no_list_would_take_is_not_kept(
    app: Flask, signed_in: SignIn, change: dict[str, str]
) -> None:
    assert save(signed_in("coordinator"), "x", **change).status_code == 404
    with app.app_context():
        assert db.session.scalars(db.select(SavedView)).all() == []


def test_a_list_that_a_role_does_not_see_has_no_views_for_it(signed_in: SignIn) -> None:
    browser = signed_in("organisation")
    assert save(browser, "x", subject="facilities", query="kind=toilet").status_code == 404
    assert save(browser, "x").status_code == 303
    assert save(signed_in("security"), "x").status_code == 404


@pytest.mark.parametrize(("name", "said"), [
    ("", "请写一个名称"), ("   \u200b", "请写一个名称"), ("长" * 31, "太长了，最多 30 个字。"),
])  # fmt: skip
def test_a_name_that_will_not_do_comes_back(signed_in: SignIn, name: str, said: str) -> None:
    answer = save(signed_in("coordinator"), name)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in page
    assert f'value="{name.strip(chr(0x200B) + " ")}"' in page
    assert 'name="query" value="severity=S2"' in page


def test_hostile_names_are_shown_as_text(signed_in: SignIn) -> None:
    browser, name = signed_in("coordinator"), "<b>'\"%_\\ {{7*7}}"
    assert save(browser, name).status_code == 303
    for where in ("/saved/", "/findings/", "/"):
        page = text(browser, where)
        assert "&lt;b&gt;" in page and "{{7*7}}" in page and "<b>'" not in page


def test_a_name_twice_asks_before_it_replaces(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    save(browser, "危险的")
    same = save(browser, "危险的")
    assert same.status_code == 303, "the same once more is no question"
    asked = save(browser, "危险的", query="severity=S1")
    page = asked.get_data(as_text=True)
    assert asked.status_code == 409 and "替换原来的" in page
    with app.app_context():
        assert db.session.scalars(db.select(SavedView.query)).all() == ["severity=S2"]
    assert save(browser, "危险的", subject="map", query="severity=S1").status_code == 303
    assert save(browser, "危险的", query="severity=S1", replace="1").status_code == 303
    with app.app_context():
        kept = db.session.scalars(db.select(SavedView.query)).all()
        assert kept == ["severity=S1", "severity=S1"]


def test_one_person_keeps_so_many_and_then_is_told(signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    for number in range(MOST):
        assert save(browser, f"第{number}个").status_code == 303
    refused = save(browser, "再一个")
    assert refused.status_code == 422
    assert f"您已有 {MOST} 个常用筛选" in refused.get_data(as_text=True)


def test_a_view_is_renamed_and_deleted_by_its_owner_alone(app: Flask, signed_in: SignIn) -> None:
    browser, other = signed_in("coordinator"), signed_in("coordinator")
    save(browser, "一")
    save(browser, "二")
    with app.app_context():
        view_id = db.session.scalars(db.select(SavedView.id).where(SavedView.name == "一")).one()
    token = other.token("/account/password")
    for act in ("name", "delete", "share"):
        data = {"csrf_token": token, "name": "x", "shared": "1"}
        assert other.post(f"/saved/{view_id}/{act}", data=data).status_code == 404
    where = f"/saved/{view_id}/name"
    assert browser.send(where, {"name": "二"}).status_code == 422
    assert browser.send(where, {"name": "三"}).status_code == 303
    assert "已改名为“三”" in text(browser, "/saved/")
    assert browser.send(f"/saved/{view_id}/delete", {}, page="/saved/").status_code == 303
    text(browser, "/saved/")  # says so once
    assert "三" not in re.findall(r"chip[^<]*<span>([^<]+)", text(browser, "/findings/"))


# Shared, and by whose rights --------------------------------------------------------------------


def shared(app: Flask, owner: Actor, **facts: Any) -> None:
    with app.app_context(), transaction():
        view = keep_view(owner, Subject.FINDINGS, "共享的", facts.get("query", "severity=S2"))
        db.session.flush()
        share_view(view, owner, shared=True)


def browser_of(app: Flask, make: Factory, person: Person) -> CarefulClient:
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    browser.hold(make.session_of(person))
    return browser


@pytest.mark.parametrize(("role", "district", "seen"), [
    ("supervisor", YANJIANG, True), ("department", None, True), ("supervisor", ANYUE, False),
    ("coordinator", ANYUE, False), ("security", None, False),
])  # fmt: skip
def test_a_shared_view_is_shown_in_its_owners_districts_with_whose_it_is(
    app: Flask, make: Factory, role: str, district: str | None, seen: bool
) -> None:
    shared(app, make.actor("coordinator", name="王主任"))
    reader = browser_of(app, make, make.person(role, district=district))
    page = text(reader, "/")
    assert ("王主任 共享" in chip(page, "共享的")) is seen
    assert ("共享的" in text(reader, "/saved/").split("<main", 1)[1]) is seen


def test_a_shared_view_shows_nobody_more_than_their_own_rights(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    owner = make.organisation()
    mine = make.dispatched(owner)
    make.finding()
    far = make.finding(district=ANYUE)
    shared(app, make.actor("coordinator", district=None), query="state=all")
    counts = {}
    for role, facts in (("department", {"district": None}), ("supervisor", {})):
        page = text(signed_in(role, **facts), "/findings/?state=all")
        counts[role] = re.findall(r"\d+", chip(page, "共享的"))[:1]
        assert (far in page) is (role == "department") and mine in page
    assert counts == {"department": ["3"], "supervisor": ["2"]}
    theirs = text(signed_in("organisation", organisation=owner, district=None), "/findings/")
    assert mine in theirs and "共享的" not in theirs


def test_only_a_coordinator_shares(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("supervisor")
    save(browser, "我的")
    with app.app_context():
        view_id = db.session.scalars(db.select(SavedView.id)).one()
    assert "共享给本区县" not in text(browser, "/saved/")
    sent = browser.send(f"/saved/{view_id}/share", {"shared": "1"}, page="/account/password")
    assert sent.status_code == 403


def test_sharing_ends_with_a_press_and_with_the_job(app: Flask, make: Factory) -> None:
    person = make.person("coordinator")
    owner, reader = make.actor_of(person), make.actor("supervisor")
    shared(app, owner)
    with app.app_context():
        assert len(views_for(reader)) == 1
        with transaction():
            db.session.get_one(User, person.id).active = False
        assert views_for(reader) == []
        with transaction():
            db.session.get_one(User, person.id).active = True
            grants = db.select(RoleGrant).where(RoleGrant.user_id == person.id)
            db.session.scalars(grants).one().role = Role.SUPERVISOR
        assert views_for(reader) == []
    browser = browser_of(app, make, person)
    with app.app_context():
        view_id = db.session.scalars(db.select(SavedView.id)).one()
    page = text(browser, "/saved/")
    assert "不再共享" in page and f"/saved/{view_id}/share" in page
    sent = browser.send(f"/saved/{view_id}/share", {"shared": "0"}, page="/saved/")
    assert sent.status_code == 303 and "不再共享" not in text(browser, "/saved/").split("<h2>")[1]


@pytest.mark.parametrize("wide", [None, YANJIANG])
def test_a_share_ends_where_its_owner_shares_no_longer(
    app: Flask, make: Factory, wide: str | None
) -> None:
    person = make.person("coordinator", district=wide)
    reader = make.actor("supervisor")
    shared(app, make.actor_of(person))
    with app.app_context():
        assert len(views_for(reader)) == 1
        with transaction():
            grants = db.select(RoleGrant).where(RoleGrant.user_id == person.id)
            db.session.scalars(grants).one().district_code = ANYUE
        assert views_for(reader) == []


def test_a_condition_that_is_known_no_more_is_said_and_breaks_no_page(
    app: Flask, make: Factory
) -> None:
    person = make.person("coordinator")
    with app.app_context(), transaction():
        keep_view(make_actor := make.actor_of(person), Subject.FINDINGS, "旧的", "kind=castle")
        assert make_actor.id
    browser = browser_of(app, make, person)
    for where in ("/", "/findings/", "/saved/"):
        assert "条件已失效" in text(browser, where)


def test_whatever_narrows_a_list_can_be_saved() -> None:
    """A condition that a list learns and a saved view does not would be lost without a word."""
    for parse, subject in (
        (parse_findings, Subject.FINDINGS),
        (parse_facilities, Subject.FACILITIES),
    ):
        asked = re.findall(
            r'(?:args\[|args\.get(?:list)?\()f?"([a-z]+\.?)', inspect.getsource(parse)
        )
        assert len(asked) > 5
        assert set(asked) - {"page"} <= LISTS[subject].fields
        assert set(asked) - {"page"} <= LISTS[Subject.MAP].fields
