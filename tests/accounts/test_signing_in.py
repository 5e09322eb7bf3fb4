"""Signing in and out: what opens, what closes, and when."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from audit.accounts import actions
from audit.accounts.models import LoginSession, User
from audit.app import create_app
from audit.core import db as core_db
from audit.core.actors import SYSTEM
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.journal.models import JournalEntry
from tests.careful import CarefulClient
from tests.factories import Factory, Person

SignIn = Callable[..., CarefulClient]
WRONG = "登录名或密码不对"
HOME = "/findings/"


def browser_of(app: Flask, person: Person) -> CarefulClient:
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    assert browser.sign_in(person.login, person.password).status_code == 303
    return browser


def is_in(browser: CarefulClient) -> bool:
    return browser.get(HOME).status_code == 200


def copy_of(app: Flask, browser: CarefulClient) -> CarefulClient:
    """Another browser with the same cookies, as a thief would have it."""
    thief: CarefulClient = app.test_client()  # type: ignore[assignment]
    cookie = browser.get_cookie("tantu")
    assert cookie is not None
    thief.set_cookie("tantu", cookie.value)
    return thief


def act_on(app: Flask, person: Person, act: Callable[[User], object]) -> None:
    with app.app_context(), transaction() as session:
        act(session.get_one(User, person.id))


def test_who_signs_in_is_in_and_who_signs_out_is_out(app: Flask, make: Factory) -> None:
    browser = browser_of(app, make.person("supervisor", name="李明"))
    assert "李明" in browser.get(HOME).get_data(as_text=True)
    answer = browser.send("/account/logout", {}, HOME)
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert not is_in(browser)


def test_a_login_may_be_typed_in_any_case_and_with_blanks(app: Flask, make: Factory) -> None:
    person = make.person("supervisor")
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    browser.sign_in(f"  {person.login.upper()} ", person.password)
    assert is_in(browser)


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, make: Factory) -> None:
    browser = browser_of(app, make.person("supervisor"))
    thief = copy_of(app, browser)
    assert is_in(thief)
    browser.send("/account/logout", {}, HOME)
    assert not is_in(thief)


def test_a_copied_cookie_is_dead_after_the_password_is_changed(app: Flask, make: Factory) -> None:
    person = make.person("supervisor")
    browser, elsewhere = browser_of(app, person), browser_of(app, person)
    thief = copy_of(app, browser)
    fresh = "a-new-password-of-mine"
    answer = browser.send(
        "/account/password", {"current": person.password, "password": fresh, "again": fresh}
    )
    assert answer.status_code == 303
    assert not is_in(thief) and not is_in(elsewhere)
    assert is_in(browser), "who changed it goes on, with a fresh session"
    assert elsewhere.sign_in(person.login, person.password).status_code == 422
    assert elsewhere.sign_in(person.login, fresh).status_code == 303


@pytest.mark.parametrize("act", ["disable", "reset"])
def test_a_cookie_is_dead_once_the_account_is_closed_or_reset(
    app: Flask, make: Factory, act: str
) -> None:
    person = make.person("supervisor")
    browser = browser_of(app, person)
    deed = {"disable": actions.disable_user, "reset": actions.reset_password}[act]
    act_on(app, person, lambda user: deed(user, SYSTEM))
    assert not is_in(browser)
    assert browser.sign_in(person.login, person.password).status_code == 422


def test_an_account_that_is_opened_again_opens_with_the_old_password(
    app: Flask, make: Factory
) -> None:
    person = make.person("supervisor")
    browser = browser_of(app, person)
    act_on(app, person, lambda user: actions.disable_user(user, SYSTEM))
    act_on(app, person, lambda user: actions.enable_user(user, SYSTEM))
    assert not is_in(browser), "a session does not come back to life"
    assert browser.sign_in(person.login, person.password).status_code == 303


def test_a_role_that_is_taken_away_is_gone_at_the_next_click(app: Flask, make: Factory) -> None:
    person = make.person("supervisor")
    browser = browser_of(app, person)
    assert browser.get("/facilities/new").status_code == 200
    with app.app_context(), transaction() as session:
        for grant in session.get_one(User, person.id).grants:
            session.delete(grant)
    assert browser.get("/facilities/new").status_code == 403


def test_signing_in_gives_a_new_cookie(app: Flask, make: Factory) -> None:
    """Whoever planted a cookie before does not share the session that follows."""
    person = make.person("supervisor")
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    browser.get("/account/login")
    before = copy_of(app, browser)
    planted, token = browser.get_cookie("tantu"), before.token("/account/login")
    browser.sign_in(person.login, person.password)
    after = browser.get_cookie("tantu")
    assert planted is not None and after is not None and planted.value != after.value
    assert not is_in(before)
    assert browser.post("/account/logout", data={"csrf_token": token}).status_code == 400
    assert is_in(browser)


def test_two_sessions_have_two_tokens_and_neither_is_kept(app: Flask, make: Factory) -> None:
    person = make.person("supervisor")
    tokens = {make.session_of(person), make.session_of(person)}
    with app.app_context():
        kept = set(db.session.scalars(db.select(LoginSession.token_hash)))
    assert len(tokens) == 2 and len(kept) == 2
    assert not tokens & kept and all(len(token) >= 43 for token in tokens)


@pytest.mark.parametrize("cookie", ["", "x", "eyJ0b2tlbiI6ICJ4In0.x.y", "a" * 4000])
def test_a_made_up_cookie_opens_nothing(client: CarefulClient, cookie: str) -> None:
    client.set_cookie("tantu", cookie)
    assert not is_in(client)


def test_a_session_ends_when_nothing_is_done(app: Flask, make: Factory) -> None:
    browser = browser_of(app, make.person("supervisor"))
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(3):
            clock.shift(timedelta(minutes=119))
            assert is_in(browser), "seen often enough"
        clock.shift(timedelta(minutes=121))
        assert not is_in(browser)
        clock.shift(timedelta(minutes=-100))
        assert not is_in(browser), "the cookie was taken away"


def test_a_session_ends_after_a_working_day_however_busy(app: Flask, make: Factory) -> None:
    browser = browser_of(app, make.person("supervisor"))
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(12 * 4 - 1):
            clock.shift(timedelta(minutes=15))
            assert is_in(browser)
        clock.shift(timedelta(minutes=16))
        assert not is_in(browser)


def test_sessions_that_have_expired_are_cleared_away(app: Flask, make: Factory) -> None:
    old, other = make.person("supervisor"), make.person("supervisor")
    make.session_of(old)
    with time_machine.travel(now() + timedelta(hours=13), tick=False):
        make.session_of(other)
        with app.app_context():
            left = db.session.scalars(db.select(LoginSession.user_id)).all()
    assert left == [other.id]


def test_an_account_closed_while_its_password_is_checked_stays_out(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make.person("supervisor")
    checked = actions.check_password

    def check_then_close(login: str, password: str) -> User | None:
        user = checked(login, password)
        db.session.rollback()  # reading is over: SQLite lets the other one write
        act_on(app, person, lambda one: actions.disable_user(one, SYSTEM))
        return user

    monkeypatch.setattr(actions, "check_password", check_then_close)
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    assert browser.sign_in(person.login, person.password).status_code == 422
    assert not is_in(browser)


def test_a_busy_database_does_not_stop_who_only_looks(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = make.session_of(make.person("supervisor"))
    monkeypatch.setattr(core_db, "LOCK_WAIT_SECONDS", 0.05)
    hasty = create_app(app.config["SETTINGS"])
    hasty.test_client_class = CarefulClient
    browser: CarefulClient = hasty.test_client()  # type: ignore[assignment]
    browser.hold(token)
    with app.app_context(), db.engine.connect() as holder:
        writing = holder.execution_options(writing=True)
        writing.execute(text("update login_session set seen_at = seen_at"))
        with time_machine.travel(now() + timedelta(minutes=6), tick=True):
            assert is_in(browser)
        holder.rollback()
    with hasty.app_context():
        db.engine.dispose()


def try_to(browser: CarefulClient, login: str, password: str = "wrong") -> tuple[int, str]:
    answer = browser.sign_in(login, password)
    return answer.status_code, answer.get_data(as_text=True)


def test_wrong_login_and_wrong_password_look_alike(app: Flask, make: Factory) -> None:
    person, closed = make.person("supervisor"), make.person("supervisor")
    act_on(app, closed, lambda user: actions.disable_user(user, SYSTEM))
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    seen = {
        (status, WRONG in html, html.count("<li>"))
        for status, html in (
            try_to(browser, person.login),
            try_to(browser, "nobody"),
            try_to(browser, closed.login, closed.password),
            try_to(browser, closed.login),
        )
    }
    assert len(seen) == 1 and next(iter(seen))[:2] == (422, True)


def test_the_journal_names_no_mistyped_login(app: Flask, make: Factory) -> None:
    """People type a password into the field for the login, and the journal is for ever."""
    person = make.person("supervisor")
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    try_to(browser, "My-Secret-Password")
    try_to(browser, person.login)
    with app.app_context():
        rows = db.session.scalars(
            db.select(JournalEntry).where(JournalEntry.verb == "login_failed")
        ).all()
        texts = [f"{row.subject_id} {row.detail} {row.why}" for row in rows]
        assert [row.subject_id for row in rows] == ["unknown", str(person.id)]
    assert "secret" not in " ".join(texts).lower()


@pytest.mark.parametrize(
    ("login", "password", "said"),
    [
        ("", "x", "这一项必须填写"), ("x", "", "这一项必须填写"), ("a" * 61, "x", "60"),
        ("x", "a" * 201, "200"), ("a" * 10_000, "b" * 10_000, "60"),
        ("<script>alert(1)</script>", "x", WRONG), ("' or 1=1 --", "x", WRONG),
        ("李明\u202e", "x", WRONG), ("\x07", "x", WRONG),
    ],
)  # fmt: skip
def test_what_cannot_be_a_login_is_told_so(
    client: CarefulClient, login: str, password: str, said: str
) -> None:
    status, html = try_to(client, login, password)
    assert status == 422
    assert said in html
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": "x", "password": "a-new-word-or-two", "again": "a-new-word-or-two"},
         "现在的密码不对"),
        ({"password": "short", "again": "short"}, "密码至少要 12 个字符"),
        ({"password": "password1234", "again": "password1234"}, "这个密码太常见"),
        ({"password": "a-new-password", "again": "another-password"}, "两次输入的新密码不一样"),
        ({"password": "", "again": ""}, "这一项必须填写"),
        ({"password": "a" * 201, "again": "a" * 201}, "200"),
    ],
)  # fmt: skip
def test_a_change_that_is_refused_says_why_and_changes_nothing(
    app: Flask, make: Factory, fields: dict[str, str], said: str
) -> None:
    person = make.person("supervisor")
    browser = browser_of(app, person)
    answer = browser.send("/account/password", {"current": person.password, **fields})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert is_in(browser)
    with app.app_context():
        assert actions.check_password(person.login, person.password) is not None


def test_signing_in_and_out_stands_in_the_journal(app: Flask, make: Factory) -> None:
    person = make.person("supervisor")
    browser = browser_of(app, person)
    browser.send("/account/logout", {}, HOME)
    with app.app_context():
        verbs = db.session.scalars(
            db.select(JournalEntry.verb)
            .where(JournalEntry.subject_id == str(person.id))
            .order_by(JournalEntry.seq)
        ).all()
    assert list(verbs) == ["add", "sign_in", "sign_out"]
