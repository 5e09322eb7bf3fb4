"""Settings on screen: chosen with a reason, in force at once, taken back; and who may not."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from audit.app import create_app
from audit.core import fresh
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.errors import NotAllowed
from audit.core.settings import Settings, settings
from audit.journal.queries import entries_about, first_broken_link
from audit.policy.actions import choose
from audit.policy.forms import bounds_of, kind_of, read_value
from audit.policy.models import PolicyChange
from audit.policy.rules import CHOICES, Group
from tests.careful import CarefulClient
from tests.factories import YANJIANG, Factory
from tests.web.test_english import english, left

SignIn = Callable[..., CarefulClient]
HOME = "/settings/"


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(PolicyChange)) or 0


def holding(app: Flask, name: str) -> object:
    with app.app_context():
        return getattr(settings(), name)


def change(browser: CarefulClient, name: str, value: str, why: str = "会议决定") -> int:
    sent = {"value": value, "why": why, "action": "choose"}
    return browser.send(f"{HOME}{name}", sent).status_code


def change_or_refused(browser: CarefulClient, name: str) -> int:
    """From a page that has a form; this one has none for them."""
    sent = {"value": "7", "why": "x", "action": "choose"}
    return browser.send(f"{HOME}{name}", sent, "/account/password").status_code


@pytest.fixture
def office(signed_in: SignIn) -> CarefulClient:
    return signed_in("administrator", district=None, name="华某")


def test_every_choice_is_a_setting_and_its_present_value_can_be_typed(app: Flask) -> None:
    assert set(CHOICES) <= set(Settings.model_fields)
    for name in CHOICES:
        value = Settings.model_fields[name].default
        typed = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        with app.test_request_context():
            assert read_value(name, typed) == (value, ""), name
        assert kind_of(name) in {"yesno", "whole", "number", "text"}


def test_nothing_that_belongs_to_the_server_is_chosen_on_screen() -> None:
    words = ("dir", "url", "proxy", "database", "key", "allow", "webdriver", "gallery")
    assert not [name for name in CHOICES if any(word in name for word in words)]


def test_a_value_is_chosen_and_holds_at_once_and_is_taken_back(
    app: Flask, office: CarefulClient
) -> None:
    assert holding(app, "slope_tolerance") == 0.2
    assert change(office, "slope_tolerance", "0.5") == 303
    assert holding(app, "slope_tolerance") == 0.5
    page = office.get(HOME).get_data(as_text=True)
    assert "0.5 百分点" in page and "华某 选定" in page
    history = office.get(f"{HOME}slope_tolerance").get_data(as_text=True)
    assert "改为 0.5 百分点" in history and "会议决定" in history and "默认：0.2 百分点" in history
    sent = {"value": "x", "why": "恢复", "action": "default"}
    assert office.send(f"{HOME}slope_tolerance", sent).status_code == 303
    assert holding(app, "slope_tolerance") == 0.2
    assert count(app) == 2, "nothing is overwritten"
    with app.app_context():
        [back, chosen] = entries_about("setting", "slope_tolerance")
        assert (chosen.detail, back.detail) == (
            {"from": None, "to": 0.5}, {"from": 0.5, "to": None},
        )  # fmt: skip
        assert first_broken_link() is None


def test_every_page_shows_what_was_chosen(office: CarefulClient, client: CarefulClient) -> None:
    change(office, "contact", "市残联 028-26110000")
    change(office, "city_name", "眉山市")
    page = client.get("/account/login").get_data(as_text=True)
    assert "市残联 028-26110000" in page and "眉山市无障碍监督" in page


def test_a_chosen_rule_is_kept_by_the_work(
    app: Flask, office: CarefulClient, signed_in: SignIn
) -> None:
    security = signed_in("security", district=None)
    assert change(security, "session_hours", "1") == 303
    browser = signed_in("supervisor")
    assert browser.get("/findings/").status_code == 200
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert browser.get("/findings/").status_code == 303


WRONG: tuple[tuple[str, str, str], ...] = (
    ("slope_tolerance", "", "请填一个数"), ("slope_tolerance", "steep", "请填一个数"),
    ("slope_tolerance", "-1", "之间的数"), ("slope_tolerance", "nan", "之间的数"),
    ("slope_tolerance", "inf", "之间的数"), ("slope_tolerance", "1e99", "之间的数"),
    ("photos_per_item", "1.5", "请填一个整数"), ("photos_per_item", "0", "之间的数"),
    ("photos_per_item", "9" * 5000, "之间的数"), ("scan_pages", "501", "请填 1 到 500 之间的数"),
    ("city_name", "", "这一项必须填写"), ("contact", "长" * 201, "最多 200 个字"),
    ("recheck_by_other_inspector", "perhaps", "请从列表中选一项"),
)  # fmt: skip


def test_what_no_value_can_be_is_said_and_changes_nothing(
    app: Flask, office: CarefulClient
) -> None:
    for name, typed, said in WRONG:
        sent = {"value": typed, "why": "试一试", "action": "choose"}
        answer = office.send(f"{HOME}{name}", sent)
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422, (name, typed[:20])
        assert said in html and "试一试" in html, (name, typed[:20])
    assert change(office, "scan_pages", "20", why=" ") == 422
    assert office.get(f"{HOME}secret_key").status_code == 404
    assert office.send(f"{HOME}database_url", {"value": "x", "why": "x"}, HOME + "contact") \
        .status_code == 404  # fmt: skip
    assert count(app) == 0


def test_to_choose_what_holds_already_writes_nothing(app: Flask, office: CarefulClient) -> None:
    for _ in range(2):
        assert change(office, "scan_pages", "２０") == 303
    assert count(app) == 1 and holding(app, "scan_pages") == 20


def test_who_keeps_the_work_does_not_set_what_guards_accounts_nor_the_other_way_round(
    app: Flask, office: CarefulClient, signed_in: SignIn
) -> None:
    security = signed_in("security", district=None)
    for name, one in CHOICES.items():
        who = office if one.group is Group.ACCOUNTS else security
        assert change_or_refused(who, name) == 403, name
        html = who.get(f"{HOME}{name}").get_data(as_text=True)
        assert "您只能查看" in html and "<form" not in html.split("<main")[1], name
    assert count(app) == 0


def test_an_administrator_of_one_district_does_not_choose_for_the_city(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    local = signed_in("administrator", district=YANJIANG)
    assert "<form" not in local.get(f"{HOME}contact").get_data(as_text=True).split("<main")[1]
    assert change_or_refused(local, "contact") == 403
    actor = make.actor("administrator", district=YANJIANG)
    with app.app_context(), pytest.raises(NotAllowed), transaction():
        choose("contact", "x", "x", actor)
    assert count(app) == 0


def test_the_auditor_reads_and_others_do_not(signed_in: SignIn) -> None:
    auditor = signed_in("auditor", district=None)
    assert auditor.get(HOME).status_code == 200
    assert auditor.send(f"{HOME}contact", {"value": "x", "why": "x"}, "/account/password") \
        .status_code == 403  # fmt: skip
    for role in ("coordinator", "supervisor", "department"):
        assert signed_in(role, district=None).get(HOME).status_code == 403


def test_another_process_sees_a_choice_within_seconds(
    app: Flask, office: CarefulClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = create_app(app.config["SETTINGS"])
    assert holding(other, "scan_pages") == 10
    change(office, "scan_pages", "33")
    assert holding(other, "scan_pages") == 10
    later = time.monotonic() + fresh.SECONDS + 1
    monkeypatch.setattr(fresh.time, "monotonic", lambda: later)
    assert holding(other, "scan_pages") == 33
    with other.app_context():
        db.engine.dispose()


def test_a_transaction_goes_on_under_the_settings_it_began_with(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To look anew by another connection, in the middle of a long one, could wait for itself."""
    actor = make.actor("administrator", district=None)
    with app.app_context():
        assert settings().scan_pages == 10
        later = time.monotonic() + fresh.SECONDS + 1
        monkeypatch.setattr(fresh.time, "monotonic", lambda: later)
        with transaction():
            choose("scan_pages", 44, "x", actor)
            assert settings().scan_pages == 10
        assert settings().scan_pages == 44


def test_a_choice_that_was_not_saved_holds_nowhere(app: Flask, make: Factory) -> None:
    actor = make.actor("administrator", district=None)
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            choose("scan_pages", 44, "x", actor)
            raise ZeroDivisionError
        assert settings().scan_pages == 10


def test_before_there_are_tables_the_servers_own_settings_hold(tmp_path: object) -> None:
    empty = create_app(Settings(var_dir=tmp_path))  # type: ignore[arg-type]
    with empty.app_context():
        assert settings().scan_pages == 10
        db.engine.dispose()


def test_bounds_are_those_of_the_server() -> None:
    assert (bounds_of("scan_pages").least, bounds_of("scan_pages").most) == (1, 500)
    assert bounds_of("slope_tolerance").most is None


def test_every_page_is_english_for_who_reads_english(signed_in: SignIn) -> None:
    office = english(signed_in("administrator", district=None, name="Hua Wei"))
    change(office, "scan_pages", "20", why="As the meeting decided.")
    change(office, "city_name", "Meishan", why="Moved.")
    pages = [office.get(HOME)] + [
        office.get(f"{HOME}{name}") for name in CHOICES if name != "city_name"
    ]
    pages.append(office.send(f"{HOME}scan_pages", {"value": "x", "why": ""}))
    pages.append(office.send(f"{HOME}contact", {"value": "x" * 201, "why": "y"}))
    assert [left(page.get_data(as_text=True)) for page in pages] == [[]] * len(pages)
    assert len(re.findall("Comes from", pages[0].get_data(as_text=True))) > 3
