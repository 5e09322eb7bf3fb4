"""The first sign-in, without mail: a code, then one's own password, and nothing before it."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from werkzeug.routing import IntegerConverter, UUIDConverter

from audit.accounts import actions, queries
from audit.core.actors import SYSTEM, Role
from audit.core.clock import now
from audit.core.db import transaction
from audit.setup import prepare
from audit.web.access import FREE_BEFORE_PASSWORD_CHANGE, access_of
from tests.careful import CarefulClient
from tests.factories import YANJIANG

CODE = re.compile(r"\b(?:[2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}\b")
FRESH = "a-new-password-of-mine"
PASSWORD = "/account/password"


@pytest.fixture
def code(app: Flask) -> str:
    """Of somebody called `li`."""
    with app.app_context(), transaction():
        return actions.add_user("li", "李", [(Role.COORDINATOR, YANJIANG)], SYSTEM)[1]


@pytest.fixture
def newcomer(code: str, client: CarefulClient) -> CarefulClient:
    assert client.sign_in("li", code).status_code == 303
    return client


def choose(browser: CarefulClient, password: str = FRESH) -> int:
    return browser.send(PASSWORD, {"password": password, "again": password}).status_code


def test_every_page_leads_to_the_password_first(app: Flask, newcomer: CarefulClient) -> None:
    """Whatever is added later is shut as well, public or not."""
    token = newcomer.token(PASSWORD)
    shut = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in FREE_BEFORE_PASSWORD_CHANGE:
            continue
        values = {name: _something(rule, name) for name in rule.arguments}
        with app.test_request_context():
            where = app.url_for(rule.endpoint, **values)
        for method in rule.methods & {"GET", "POST"}:
            fields = {"csrf_token": token} if method == "POST" else None
            answer = newcomer.open(where, method=method, data=fields)
            assert answer.status_code == 303, f"{method} {where}"
            assert answer.headers["Location"] == PASSWORD, f"{method} {where}"
            shut += 1
    assert shut > 50


def _something(rule: object, name: str) -> object:
    """A value that this part of the address takes."""
    converter = rule._converters[name]  # type: ignore[attr-defined]
    if isinstance(converter, UUIDConverter):
        return "01890a5d-ac96-774b-bcce-b302099a8057"
    if isinstance(converter, IntegerConverter):
        return 1
    tried = [*re.findall(r"[\w-]+", converter.regex), "ZY-2026-000001"]
    tried += ["a" * length for length in range(1, 65)]
    return next(one for one in tried if re.fullmatch(converter.regex, one))


def test_a_program_is_told_so_as_well(newcomer: CarefulClient) -> None:
    answer = newcomer.get("/map/findings", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")


def test_what_is_free_shows_nothing_of_the_city(app: Flask) -> None:
    marks = {name: access_of(app, name) for name in FREE_BEFORE_PASSWORD_CHANGE}
    private = {name for name, mark in marks.items() if mark is None or not mark.public}
    assert private == {"accounts.password", "accounts.logout"}


def test_language_help_and_display_can_be_reached(newcomer: CarefulClient) -> None:
    assert newcomer.get("/language/en?next=/account/password").status_code == 303
    assert "Set your own password" in newcomer.get(PASSWORD).get_data(as_text=True)
    assert newcomer.get("/help").status_code == 200
    sent = {"theme": "dark", "text": "large", "next": PASSWORD}
    assert newcomer.send("/preferences", sent, PASSWORD).status_code == 303
    assert newcomer.send("/account/logout", {}, PASSWORD).headers["Location"] == "/account/login"


def test_the_code_is_not_asked_for_again_and_work_begins_at_once(newcomer: CarefulClient) -> None:
    page = newcomer.get(PASSWORD).get_data(as_text=True)
    assert "设置您自己的密码" in page and 'name="current"' not in page
    assert "/facilities/" not in page
    before = newcomer.get_cookie("tantu")
    assert choose(newcomer) == 303
    after = newcomer.get_cookie("tantu")
    assert before is not None and after is not None and before.value != after.value
    assert newcomer.get("/findings/").status_code == 200


@pytest.mark.parametrize("poor", ["short", "password1234", "li-and-much-more", "the code"])
def test_a_poor_password_leaves_the_door_shut(
    newcomer: CarefulClient, code: str, poor: str
) -> None:
    assert choose(newcomer, code if poor == "the code" else poor) == 422
    assert newcomer.get("/findings/").status_code == 303


def test_a_code_sets_one_password_and_then_opens_nothing(
    newcomer: CarefulClient, code: str, app: Flask
) -> None:
    assert choose(newcomer) == 303
    other: CarefulClient = app.test_client()  # type: ignore[assignment]
    assert other.sign_in("li", code).status_code == 422
    assert other.sign_in("li", FRESH).status_code == 303


def test_whoever_is_cut_off_before_choosing_signs_in_with_the_code_again(
    newcomer: CarefulClient, code: str, app: Flask
) -> None:
    """A phone may die in between; the code is used up by the password that it sets."""
    again: CarefulClient = app.test_client()  # type: ignore[assignment]
    assert again.sign_in("li", code).status_code == 303
    assert choose(again) == 303
    assert newcomer.get(PASSWORD).status_code == 303, "the first session has ended"


def test_a_second_code_takes_the_first_ones_place(
    app: Flask, code: str, client: CarefulClient
) -> None:
    with app.app_context(), transaction():
        user = queries.find_user("li")
        assert user is not None
        fresh = actions.reset_password(user, SYSTEM)
    assert client.sign_in("li", code).status_code == 422
    assert client.sign_in("li", fresh).status_code == 303


def test_a_code_expires_and_says_so_only_to_who_has_it(
    app: Flask, code: str, client: CarefulClient
) -> None:
    early: CarefulClient = app.test_client()  # type: ignore[assignment]
    with time_machine.travel(now() + timedelta(days=13, hours=23)):
        assert early.sign_in("li", code).status_code == 303
    with time_machine.travel(now() + timedelta(days=14, minutes=1)):
        late = client.sign_in("li", code)
        assert late.status_code == 422
        assert "已经过期" in late.get_data(as_text=True)
        wrong = client.sign_in("li", "AAAA-BBBB-CCCC-DDDD").get_data(as_text=True)
        assert "已经过期" not in wrong and "登录名或密码不对" in wrong


def test_the_very_first_administrators_come_in_the_same_way(
    app: Flask, client: CarefulClient, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(app)
    said = capsys.readouterr().out
    assert "天内有效" in said
    for login, code in zip(("admin", "security"), CODE.findall(said), strict=True):
        assert client.sign_in(login, code).status_code == 303
        assert client.get("/people/").headers["Location"] == PASSWORD
        assert choose(client) == 303
        assert client.get("/people/").status_code == 200
        client.send("/account/logout", {}, "/people/")
    prepare(app)
    assert not CODE.search(capsys.readouterr().out), "once"


def test_an_old_account_with_a_code_from_before_still_comes_in(
    app: Flask, client: CarefulClient
) -> None:
    """Before codes stood apart, one was kept as a password that must be changed."""
    with app.app_context(), transaction():
        user, _ = actions.add_user(
            "old", "老", [(Role.SUPERVISOR, YANJIANG)], SYSTEM, password="ABCD-EFGH-JKLM-NPQR"
        )
        user.must_change_password = True
    assert client.sign_in("old", "ABCD-EFGH-JKLM-NPQR").status_code == 303
    assert client.get("/findings/").headers["Location"] == PASSWORD
    assert choose(client) == 303


def test_a_form_sent_by_who_must_choose_first_does_nothing(newcomer: CarefulClient) -> None:
    sent = {"name": "新公厕", "photos": (io.BytesIO(b"x"), "x.jpg")}
    place = "/facilities/new/toilet/01890a5d-ac96-774b-bcce-b302099a8057"
    assert newcomer.send(place, sent, PASSWORD).headers["Location"] == PASSWORD
