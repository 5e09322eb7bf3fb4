"""Guessing is slow for whoever guesses, and the person it is aimed at does not notice."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from audit.accounts import actions
from audit.accounts.models import LoginThrottle
from audit.accounts.rules.throttling import FORGET, Pace, Scope, network_of, paces, wait_after
from audit.app import create_app
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.errors import TooManyTries
from tests.careful import CarefulClient
from tests.factories import Factory, Person

TOO_MANY = "登录失败次数太多"
HOME, VICTIM, THIEF = "10.1.1.7", "203.0.113.5", "198.51.100.9"


class At:
    """A browser behind one address."""

    def __init__(self, app: Flask, address: str) -> None:
        self.browser: CarefulClient = app.test_client()  # type: ignore[assignment]
        self.browser.environ_base = {**self.browser.environ_base, "REMOTE_ADDR": address}

    def tries(self, login: str, password: str = "wrong") -> int:
        return self.browser.sign_in(login, password).status_code

    def leaves(self) -> None:
        self.browser.send("/account/logout", {}, "/account/password")


def test_failures_are_free_at_first_then_each_waits_twice_as_long() -> None:
    pace = Pace(free=5, longest=timedelta(minutes=15))
    waits = [wait_after(count, pace).total_seconds() for count in range(13)]
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]


@given(st.integers(0, 10**6), st.sampled_from(Scope))
def test_a_wait_is_minutes_never_days_and_always_forgotten(count: int, scope: Scope) -> None:
    wait, more = (wait_after(one, paces(5)[scope]) for one in (count, count + 1))
    assert wait <= more <= timedelta(minutes=15) < FORGET


@pytest.mark.parametrize("scope", [Scope.PAIR, Scope.DEVICE, Scope.NETWORK, Scope.CHANGE])
def test_ten_tries_in_five_minutes_at_most(scope: Scope) -> None:
    pace, spent, tried = paces(5)[scope], timedelta(0), 0
    while spent < timedelta(minutes=5):
        tried += 1
        spent += wait_after(tried, pace)
    assert tried <= 10


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.1.7", "10.1.1.7"), ("::ffff:10.1.1.7", "10.1.1.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        (None, "unknown"), ("", "unknown"), ("evil\n", "unknown"),
    ],
)  # fmt: skip
def test_who_shares_a_network_shares_its_budget(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_after_five_failures_one_waits_and_then_gets_in(app: Flask, make: Factory) -> None:
    person, here = make.person("supervisor"), At(app, HOME)
    with time_machine.travel(now(), tick=False) as clock:
        assert [here.tries(person.login) for _ in range(5)] == [422] * 5
        answer = here.browser.sign_in(person.login, person.password)
        assert answer.status_code == 429 and answer.headers["Retry-After"] == "30"
        assert "请等 30 秒再试" in answer.get_data(as_text=True)
        assert here.tries(f" {person.login.upper()}") == 429, "spelt otherwise"
        clock.shift(timedelta(seconds=29))
        assert here.tries(person.login, person.password) == 429
        clock.shift(timedelta(seconds=2))
        assert here.tries(person.login, person.password) == 303


def test_each_further_failure_doubles_the_wait(app: Flask, make: Factory) -> None:
    person, here = make.person("supervisor"), At(app, HOME)
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(5):
            here.tries(person.login)
        for seconds in (30, 60, 120):
            clock.shift(timedelta(seconds=seconds - 1))
            assert here.tries(person.login) == 429
            clock.shift(timedelta(seconds=1))
            assert here.tries(person.login) == 422


def test_unknown_logins_wait_in_the_same_words(app: Flask, make: Factory) -> None:
    person = make.person("supervisor")
    said: list[list[tuple[int, str]]] = []
    with time_machine.travel(now(), tick=False):
        for login, address in ((person.login, HOME), ("nobody-here", VICTIM)):
            pages = [At(app, address).browser.sign_in(login, "wrong") for _ in range(6)]
            said.append([(one.status_code, errors_of(one)) for one in pages])
    assert said[0] == said[1]
    assert TOO_MANY in said[0][5][1]


def errors_of(answer: TestResponse) -> str:
    found = re.search(r'error-summary__list">(.*?)</ul>', answer.get_data(as_text=True), re.DOTALL)
    assert found
    return found[1]


def test_a_guesser_elsewhere_does_not_keep_the_person_out(app: Flask, make: Factory) -> None:
    """Neither on a device that she has used nor on a new one, however long it goes on."""
    person = make.person("supervisor")
    known, fresh, thief = At(app, VICTIM), At(app, "203.0.113.99"), At(app, THIEF)
    assert known.tries(person.login, person.password) == 303
    known.leaves()
    guess_for_hours(app, person, THIEF)
    assert thief.tries(person.login, person.password) == 429
    assert fresh.tries(person.login, person.password) == 303
    assert known.tries(person.login, person.password) == 303


def guess_for_hours(app: Flask, person: Person, address: str, tries: int = 1_000) -> int:
    """As fast as the door lets one, without the page around it. Returns how many were checked."""
    keys = actions.Attempt(person.login, address)
    made = 0
    with app.app_context(), transaction():
        for _ in range(tries):
            try:
                actions.take_turn(keys.keys())
                made += 1
            except TooManyTries:
                continue
    return made


def test_a_thousand_tries_in_one_moment_are_five(app: Flask, make: Factory) -> None:
    person = make.person("supervisor")
    with time_machine.travel(now(), tick=False):
        assert guess_for_hours(app, person, THIEF) == 5


def test_many_machines_together_leave_the_known_device_alone(app: Flask, make: Factory) -> None:
    person, known = make.person("supervisor"), At(app, VICTIM)
    assert known.tries(person.login, person.password) == 303
    known.leaves()
    with time_machine.travel(now(), tick=False) as clock:
        made = sum(guess_for_hours(app, person, f"198.51.100.{n}", 8) for n in range(100))
        assert made <= 50, "of all machines together"
        clock.shift(timedelta(minutes=5))
        later = sum(guess_for_hours(app, person, f"198.51.101.{n}", 8) for n in range(100))
        assert later <= 10
        assert known.tries(person.login, person.password) == 303


def test_one_password_on_many_people_is_stopped(app: Flask, make: Factory) -> None:
    """Spraying: each login is tried once, so no login's own budget notices."""
    person = make.person("supervisor")
    with time_machine.travel(now(), tick=False) as clock:
        thief = At(app, THIEF)
        answers = [thief.tries(f"person-{number}", "Spring2026!!") for number in range(12)]
        assert answers == [422] * 7 + [429] * 5
        assert At(app, HOME).tries(person.login, person.password) == 303
        clock.shift(timedelta(minutes=1))
        assert [thief.tries(f"other-{number}") for number in range(3)] == [422, 429, 429]


def test_an_account_of_ones_own_clears_no_traces(app: Flask, make: Factory) -> None:
    """Guess at others, sign in as oneself, and begin anew: that would be guessing for free."""
    own = make.person("supervisor")
    tried = 0
    with time_machine.travel(now(), tick=False):
        for turn in range(10):
            thief = At(app, THIEF)  # throws its cookies away
            tried += [thief.tries(f"person-{turn}-{n}") for n in range(3)].count(422)
            thief.tries(own.login, own.password)
    assert tried <= 7


def test_a_room_full_of_people_who_mistype_gets_in(app: Flask, make: Factory) -> None:
    """A training day: everybody behind one address, all new, each wrong twice, then right."""
    people = [make.person("supervisor") for _ in range(8)]
    with time_machine.travel(now(), tick=False):
        for person in people:
            phone = At(app, HOME)
            assert [phone.tries(person.login) for _ in range(2)] == [422, 422]
            assert phone.tries(person.login, person.password) == 303


def test_a_known_device_has_a_budget_and_no_more(app: Flask, make: Factory) -> None:
    """Whoever stole the phone guesses no faster than anybody."""
    person, phone = make.person("supervisor"), At(app, HOME)
    assert phone.tries(person.login, person.password) == 303
    phone.leaves()
    with time_machine.travel(now(), tick=False):
        answers = [phone.tries(person.login) for _ in range(8)]
        assert answers == [422] * 5 + [429] * 3
        assert phone.tries(person.login, person.password) == 429
        assert At(app, HOME).tries(person.login, person.password) == 303, "others are not touched"


def test_a_device_is_known_for_those_who_used_it_and_nobody_else(app: Flask, make: Factory) -> None:
    own, victim = make.person("supervisor"), make.person("supervisor")
    office = At(app, HOME)
    for person in (own, make.person("coordinator")):
        assert office.tries(person.login, person.password) == 303
        office.leaves()
    with time_machine.travel(now(), tick=False):
        [office.tries(victim.login) for _ in range(7)]
        assert office.tries(victim.login, victim.password) == 429
        assert office.tries(own.login, own.password) == 303, "its own people go on"


@pytest.mark.parametrize("cookie", ["", "x", "WyJhIl0.x.y", "a" * 4000])
def test_a_made_up_device_is_none(app: Flask, make: Factory, cookie: str) -> None:
    person, thief = make.person("supervisor"), At(app, THIEF)
    with time_machine.travel(now(), tick=False):
        for _ in range(5):
            thief.tries(person.login)
        thief.browser.set_cookie("tantu_device", cookie, path="/account/")
        assert thief.tries(person.login, person.password) == 429


def test_the_cookie_of_a_device_names_nobody_and_opens_nothing(app: Flask, make: Factory) -> None:
    person, here = make.person("supervisor"), At(app, HOME)
    here.tries(person.login, person.password)
    cookie = here.browser.get_cookie("tantu_device", path="/account/")
    assert cookie is not None and cookie.http_only and person.login not in cookie.decoded_value
    other = At(app, HOME)
    other.browser.set_cookie("tantu_device", cookie.value, path="/account/")
    assert other.browser.get("/findings/").status_code == 303


def test_guesses_at_the_old_password_wait_too_and_shut_no_door(app: Flask, make: Factory) -> None:
    """Who found an open session guesses at the password; its owner still signs in elsewhere."""
    person, thief = make.person("supervisor"), At(app, THIEF)
    thief.browser.hold(make.session_of(person))
    fresh = "a-new-password-of-mine"

    def change(current: str) -> str:
        fields = {"current": current, "password": fresh, "again": fresh}
        return thief.browser.send("/account/password", fields).get_data(as_text=True)

    with time_machine.travel(now(), tick=False):
        for _ in range(5):
            assert "现在的密码不对" in change("wrong")
        assert TOO_MANY in change(person.password)
        assert At(app, VICTIM).tries(person.login, person.password) == 303


def test_the_counters_name_nobody_and_are_cleared_away(app: Flask, make: Factory) -> None:
    person = make.person("supervisor")
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(3):
            At(app, f"198.51.100.{number}").tries("My-Secret-Password")
        with app.app_context():
            rows = db.session.scalars(db.select(LoginThrottle)).all()
            assert len(rows) == 7
            assert all("secret" not in row.key and len(row.key) == 64 for row in rows)
        clock.shift(FORGET + timedelta(seconds=1))
        assert At(app, HOME).tries(person.login, person.password) == 303
        with app.app_context():
            assert db.session.scalar(db.select(db.func.count()).select_from(LoginThrottle)) == 0


def test_success_forgets_what_one_mistyped(app: Flask, make: Factory) -> None:
    person, here = make.person("supervisor"), At(app, HOME)
    for _ in range(4):
        here.tries(person.login)
    assert here.tries(person.login, person.password) == 303
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(LoginThrottle)) == 0


def test_many_at_the_same_moment_are_counted_before_they_are_checked(
    app: Flask, make: Factory
) -> None:
    """Twenty guesses started together would all pass a door that counts afterwards."""
    person = make.person("supervisor")
    seen: list[int] = []

    def guess() -> None:
        seen.append(At(app, THIEF).tries(person.login))

    run_together(guess, 20)
    assert seen.count(422) == 5 and seen.count(429) == 15


def run_together(act: Callable[[], Any], count: int) -> None:
    threads = [threading.Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_database_counts_for_every_server(app: Flask, make: Factory) -> None:
    """Counters of one process would give each further process a budget of its own."""
    other = create_app(app.config["SETTINGS"])
    other.test_client_class = CarefulClient
    person = make.person("supervisor")
    with time_machine.travel(now(), tick=False):
        for _ in range(5):
            At(app, THIEF).tries(person.login)
        assert At(other, THIEF).tries(person.login) == 429
    with other.app_context():
        db.engine.dispose()
