"""Accounts on their pages: made, given roles, closed, given a new code; and who may not."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from audit.accounts import actions, queries
from audit.accounts.models import LoginSession, User
from audit.accounts.rules import RoleAt
from audit.accounts.views.slips import tray
from audit.core import clock
from audit.core.actors import SYSTEM, Role
from audit.core.db import db, transaction
from audit.core.errors import NotAllowed
from audit.journal.queries import entries_about
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory, Person

SignIn = Callable[..., CarefulClient]
CODE = re.compile(r"\b(?:[2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}\b")
NEW = "/people/new"
GOOD = {"login": "liming", "name": "李明", "role": "supervisor", "district": YANJIANG}


def found(app: Flask, login: str) -> User | None:
    with app.app_context():
        return queries.find_user(login)


def roles_of(app: Flask, person: Person) -> list[RoleAt]:
    with app.app_context():
        return db.session.get_one(User, person.id).roles()


def test_a_coordinator_adds_a_supervisor_who_signs_in_with_the_code(
    app: Flask, signed_in: SignIn, client: CarefulClient
) -> None:
    page = signed_in("coordinator").arrive(NEW, GOOD).get_data(as_text=True)
    [code] = set(CODE.findall(page))
    assert "李明" in page and "liming" in page
    assert client.sign_in("liming", code).headers["Location"] == "/"
    assert client.get("/findings/").headers["Location"] == "/account/password"
    user = found(app, "liming")
    assert user is not None
    with app.app_context():
        made = entries_about("user", user.id)[-1]
        assert made.verb == "add" and code not in str(made.detail)


def test_the_code_is_shown_for_ten_minutes_and_to_nobody_else(
    app: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in("coordinator")
    where = browser.send(NEW, GOOD).headers["Location"]
    answer = browser.get(where)
    assert answer.headers["Cache-Control"] == "no-store"
    [code] = set(CODE.findall(answer.get_data(as_text=True)))
    assert code in browser.get(where).get_data(as_text=True), "back and forward show it again"
    user = found(app, "liming")
    assert user is not None
    assert not CODE.search(browser.get(f"/people/{user.id}").get_data(as_text=True))
    again = browser.send(NEW, GOOD)
    assert again.status_code == 422 and not CODE.search(again.get_data(as_text=True))
    assert signed_in("administrator", district=None).get(where).status_code == 404
    later = clock.now() + timedelta(seconds=601)
    monkeypatch.setattr("audit.web.tray.now", lambda: later)
    gone = browser.get(where)
    assert gone.status_code == 404 and "已经看不到了" in gone.get_data(as_text=True)
    assert tray._kept == {}, "and nothing of it stays in memory"


@pytest.mark.parametrize("typed", ["{}", "  {} ", "lower", "plain", "wide"])
def test_a_code_may_be_typed_as_it_is_heard(
    signed_in: SignIn, client: CarefulClient, typed: str
) -> None:
    code = CODE.findall(signed_in("coordinator").arrive(NEW, GOOD).get_data(as_text=True))[0]
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    given = {"lower": code.lower(), "plain": code.replace("-", " "), "wide": wide}
    answer = client.sign_in("liming", given.get(typed, typed.format(code)))
    assert answer.status_code == 303


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"login": ""}, "登录名要 2 到 60 位"), ({"login": "李明"}, "登录名要 2 到 60 位"),
    ({"login": "a" * 61}, "登录名要 2 到 60 位"), ({"login": "li ming"}, "登录名要 2 到 60 位"),
    ({"login": "=1+1"}, "登录名要 2 到 60 位"), ({"login": "taken"}, "已经有人使用"),
    ({"login": "TAKEN"}, "已经有人使用"), ({"name": ""}, "这一项必须填写"),
    ({"name": "长" * 61}, "最多 60 个字"), ({"role": ""}, "请从列表中选一项"),
    ({"role": "king"}, "请从列表中选一项"), ({"district": ""}, "请从列表中选一项"),
    ({"role": "organisation"}, "必须属于一个单位"), ({"organisation": "x"}, "请从列表中选一项"),
    # what a coordinator may not give
    ({"role": "administrator"}, "请从列表中选一项"), ({"role": "security"}, "请从列表中选一项"),
    ({"role": "coordinator"}, "请从列表中选一项"), ({"role": "department"}, "请从列表中选一项"),
    ({"district": ANYUE}, "请从列表中选一项"), ({"district": "city"}, "请从列表中选一项"),
    ({"district": "512000"}, "请从列表中选一项"),
)  # fmt: skip


def test_what_is_wrong_is_said_and_nobody_is_made(app: Flask, signed_in: SignIn) -> None:
    with app.app_context(), transaction():
        actions.add_user("taken", "某人", [(Role.AUDITOR, None)], SYSTEM)
    browser = signed_in("coordinator")
    for wrong, said in WRONG:
        answer = browser.send(NEW, {**GOOD, **wrong})
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422, wrong
        assert said in html and not CODE.search(html), wrong
        assert found(app, "liming") is None


def test_more_columns_than_the_form_has_change_nothing_more(app: Flask, signed_in: SignIn) -> None:
    extra = {
        "active": "false", "must_change_password": "", "password_hash": "x", "id": "1",
        "code_hash": "x", "grants": "administrator", "password": "correct-horse-battery",
    }  # fmt: skip
    signed_in("coordinator").send(NEW, {**GOOD, **extra})
    user = found(app, "liming")
    assert user is not None and user.active and user.must_change_password
    assert user.password_hash == ""
    with app.app_context():
        assert db.session.get_one(User, user.id).roles() == [RoleAt(Role.SUPERVISOR, YANJIANG)]


def test_roles_are_given_and_taken_and_the_person_is_signed_out(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    person = make.person("supervisor", district=ANYUE)
    theirs: CarefulClient = app.test_client()  # type: ignore[assignment]
    theirs.hold(make.session_of(person))
    office, page = signed_in("administrator", district=None), f"/people/{person.id}"
    typed = {"role": "department", "district": YANJIANG}
    assert office.send(f"{page}/roles", typed, page).status_code == 303
    assert office.send(f"{page}/roles", typed, page).status_code == 303, "twice is once"
    assert len(roles_of(app, person)) == 2
    html = office.get(page).get_data(as_text=True)
    [remove] = [one for one in re.findall(r'action="([^"]+/remove)"', html) if one][:1]
    assert office.send(remove, {}, page).status_code == 303
    assert roles_of(app, person) == [RoleAt(Role.SUPERVISOR, ANYUE)]
    assert theirs.get("/findings/").status_code == 303, "signed out"
    shown = office.get(page).get_data(as_text=True)
    assert "授予角色" in shown and "主管部门（雁江区）" in shown and "取消角色" in shown


def test_the_last_role_stays(app: Flask, make: Factory, signed_in: SignIn) -> None:
    person = make.person("supervisor")
    with app.app_context():
        grant = db.session.get_one(User, person.id).grants[0].id
    page = f"/people/{person.id}"
    answer = signed_in("coordinator").send(f"{page}/roles/{grant}/remove", {}, page)
    assert answer.status_code == 422 and "最后一个角色" in answer.get_data(as_text=True)
    assert len(roles_of(app, person)) == 1


def test_an_administrators_account_takes_no_other_role(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    auditor = make.person("auditor", district=None)
    page = f"/people/{auditor.id}"
    security = signed_in("security", district=None)
    typed = {"role": "security", "district": "city"}
    answer = security.send(f"{page}/roles", typed, page)
    assert answer.status_code == 422 and "单独的账号" in answer.get_data(as_text=True)
    assert roles_of(app, auditor) == [RoleAt(Role.AUDITOR, None)]


def test_closing_ends_sessions_and_opening_brings_none_back(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    person = make.person("supervisor")
    theirs: CarefulClient = app.test_client()  # type: ignore[assignment]
    theirs.hold(make.session_of(person))
    office, page = signed_in("coordinator"), f"/people/{person.id}"
    assert "请写明停用的原因" in office.send(f"{page}/close", {}, page).get_data(as_text=True)
    assert theirs.get("/findings/").status_code == 200
    assert office.send(f"{page}/close", {"why": "调走了"}, page).status_code == 303
    assert theirs.get("/findings/").status_code == 303
    assert "调走了" in office.get(page).get_data(as_text=True)
    assert office.send(f"{page}/reopen", {}, page).status_code == 303
    assert theirs.get("/findings/").status_code == 303
    assert theirs.sign_in(person.login, person.password).status_code == 303


def test_a_new_code_ends_the_old_password_and_every_session(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    person = make.person("supervisor")
    theirs: CarefulClient = app.test_client()  # type: ignore[assignment]
    theirs.hold(make.session_of(person))
    page = f"/people/{person.id}"
    answer = signed_in("coordinator").arrive(f"{page}/code", {}, page)
    code = CODE.findall(answer.get_data(as_text=True))[0]
    assert theirs.get("/findings/").status_code == 303
    assert theirs.sign_in(person.login, person.password).status_code == 422
    assert theirs.sign_in(person.login, code).status_code == 303


@pytest.mark.parametrize("verb", ["edit", "roles", "close", "reopen", "code"])
def test_nobody_manages_themselves(app: Flask, make: Factory, verb: str) -> None:
    person = make.person("security", district=None)
    mine: CarefulClient = app.test_client()  # type: ignore[assignment]
    mine.hold(make.session_of(person))
    page = f"/people/{person.id}"
    html = mine.get(page).get_data(as_text=True)
    assert "<form" not in html.split("<main")[1]
    sent = {"role": "auditor", "district": "city", "why": "x", "name": "新名"}
    answer = mine.send(f"{page}/{verb}", sent, "/people/new")
    assert answer.status_code == 403
    assert "不能管理自己的账号" in answer.get_data(as_text=True)
    assert roles_of(app, person) == [RoleAt(Role.SECURITY, None)]


def test_a_coordinator_reaches_nobody_above(app: Flask, make: Factory, signed_in: SignIn) -> None:
    """Whoever could issue a code for an administrator would be one."""
    office = signed_in("coordinator", district=None)
    for role in ("administrator", "security", "auditor", "coordinator", "department"):
        above = make.person(role, district=None)
        page = f"/people/{above.id}"
        assert office.get(page).status_code == 404
        for verb in ("code", "close", "edit", "roles"):
            assert office.send(f"{page}/{verb}", {"why": "x"}, NEW).status_code == 404
        assert above.login not in office.get("/people/").get_data(as_text=True)


def test_who_also_works_above_is_seen_but_not_taken_over(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    person = make.person("supervisor")
    with app.app_context(), transaction():
        user = db.session.get_one(User, person.id)
        actions.grant_role(user, RoleAt(Role.DEPARTMENT, None), SYSTEM)
    office, page = signed_in("coordinator"), f"/people/{person.id}"
    html = office.get(page).get_data(as_text=True)
    assert "还有您不能授予的角色" in html
    for verb in ("code", "close", "edit"):
        sent = {"why": "x", "name": "新名"}
        assert office.send(f"{page}/{verb}", sent, NEW).status_code == 403, verb
    assert "取消监督员（雁江区）" in html and "取消主管部门" not in html


def test_security_closes_anybody_and_takes_over_nobody_who_works(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    person = make.person("coordinator")
    security, page = signed_in("security", district=None), f"/people/{person.id}"
    assert security.send(f"{page}/code", {}, page).status_code == 403
    typed = {"role": "supervisor", "district": YANJIANG}
    assert security.send(f"{page}/roles", typed, page).status_code == 422
    assert security.send(f"{page}/close", {"why": "账号被盗"}, page).status_code == 303


def test_the_auditor_reads_everything_and_changes_nothing(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    person = make.person("supervisor")
    make.session_of(person)
    auditor, page = signed_in("auditor", district=None), f"/people/{person.id}"
    assert person.login in auditor.get("/people/").get_data(as_text=True)
    html = auditor.get(page).get_data(as_text=True)
    assert "登录" in html.split("办理记录")[1] and "<form" not in html.split("<main")[1]
    assert auditor.get(NEW).status_code == 403
    assert auditor.send(f"{page}/code", {}, "/").status_code == 403


def test_when_somebody_signs_in_is_not_for_the_office(make: Factory, signed_in: SignIn) -> None:
    person = make.person("supervisor")
    make.session_of(person)
    html = signed_in("coordinator").get(f"/people/{person.id}").get_data(as_text=True)
    assert "办理记录（1 条）" in html


def test_a_right_that_was_taken_away_meanwhile_gives_nothing(app: Flask, make: Factory) -> None:
    """The page was opened with the right; the deed is judged by what holds when it is done."""
    giver = make.person("coordinator")
    remembered = make.actor_of(giver)
    with app.app_context():
        with transaction():
            actions.disable_user(db.session.get_one(User, giver.id), SYSTEM)
        with pytest.raises(NotAllowed), transaction():
            actions.add_user("x1", "某人", [(Role.SUPERVISOR, YANJIANG)], remembered)
    assert found(app, "x1") is None


def test_two_administrators_who_close_each_other_leave_one(app: Flask, make: Factory) -> None:
    one, other = make.person("security", district=None), make.person("security", district=None)
    first, second = make.actor_of(one), make.actor_of(other)
    with app.app_context():
        with transaction():
            actions.disable_user(db.session.get_one(User, other.id), first, "x")
        with pytest.raises(NotAllowed), transaction():
            actions.disable_user(db.session.get_one(User, one.id), second, "x")
        assert db.session.get_one(User, one.id).active


def test_who_fixes_for_another_organisation_acts_where_that_one_stands(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    old, new = make.organisation(district=YANJIANG), make.organisation(district=ANYUE)
    person = make.person("organisation", organisation=old)
    office = signed_in("administrator", district=None)
    typed = {"name": "某人", "organisation": str(new)}
    assert office.send(f"/people/{person.id}/edit", typed).status_code == 303
    assert roles_of(app, person) == [RoleAt(Role.ORGANISATION, ANYUE)]
    assert signed_in("coordinator").get(f"/people/{person.id}").status_code == 404
    nowhere = office.send(f"/people/{person.id}/edit", {"name": "某人", "organisation": ""})
    assert nowhere.status_code == 422 and "必须属于一个单位" in nowhere.get_data(as_text=True)


def test_a_slip_says_where_to_sign_in(app: Flask, signed_in: SignIn) -> None:
    office = signed_in("coordinator")
    assert ">http://localhost</dd>" in office.arrive(NEW, GOOD).get_data(as_text=True)
    app.config["SETTINGS"].public_url = "https://tantu.example.gov.cn"
    page = office.arrive(NEW, {**GOOD, "login": "other"}).get_data(as_text=True)
    assert ">https://tantu.example.gov.cn</dd>" in page


def test_the_sessions_of_others_stay(app: Flask, make: Factory, signed_in: SignIn) -> None:
    person, other = make.person("supervisor"), make.person("supervisor")
    make.session_of(person)
    make.session_of(other)
    page = f"/people/{person.id}"
    signed_in("coordinator").send(f"{page}/close", {"why": "x"}, page)
    with app.app_context():
        left = set(db.session.scalars(db.select(LoginSession.user_id)))
    assert other.id in left and person.id not in left
