"""The register of organisations on its pages."""

from collections.abc import Callable

import pytest
from flask import Flask

from audit.accounts.models import Organisation, User
from audit.core.db import db
from audit.journal.queries import entries_about
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory

SignIn = Callable[..., CarefulClient]
NEW = "/organisations/new"
GOOD = {"name": "雁江区住房和城乡建设局", "kind": "department", "district": YANJIANG}


def named(app: Flask, name: str) -> Organisation:
    with app.app_context():
        return db.session.scalars(db.select(Organisation).where(Organisation.name == name)).one()


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(Organisation)) or 0


def test_an_organisation_is_registered_and_found(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    typed = {**GOOD, "credit_code": "91350100m000100y43", "phone": "028-26110000"}
    page = browser.get(browser.send(NEW, typed).headers["Location"]).get_data(as_text=True)
    assert GOOD["name"] in page and "91350100M000100Y43" in page
    for search in ("q=住房", "q=91350100M000100Y43", "kind=department", f"district={YANJIANG}"):
        assert GOOD["name"] in browser.get(f"/organisations/?{search}").get_data(as_text=True)
    for search in ("q=交通", "kind=owner", "state=closed"):
        assert "没有符合条件的单位" in browser.get(f"/organisations/?{search}").get_data(
            as_text=True
        )
    with app.app_context():
        [entry] = entries_about("organisation", named(app, GOOD["name"]).id)
        assert (entry.verb, entry.district_code) == ("add", YANJIANG)


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"name": ""}, "这一项必须填写"),
    ({"name": "长" * 121}, "最多 120 个字"),
    ({"kind": "king"}, "请从列表中选一项"),
    ({"district": ""}, "请从列表中选一项"),
    ({"district": ANYUE}, "请从列表中选一项"),
    ({"district": "city"}, "请从列表中选一项"),
    ({"parent": "x"}, "请从列表中选一项"),
    ({"credit_code": "91350100M000100Y44"}, "不是有效的统一社会信用代码"),
    ({"name": "已有的单位"}, "已经登记过"),
    ({"name": "已有的单位\u200b"}, "已经登记过"),
    ({"phone": "1" * 61}, "最多 60 个字"),
    ({"mail": "a@b\r\nBcc: c@d.cn"}, "这不是邮箱地址"),
)  # fmt: skip


def test_what_is_wrong_is_said_and_nothing_is_lost(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    make.organisation("已有的单位", district=ANYUE)
    browser = signed_in("coordinator")
    for wrong, said in WRONG:
        answer = browser.send(NEW, {**GOOD, "address": "建设路 1 号", **wrong})
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422, wrong
        assert said in html and "建设路 1 号" in html, wrong
        assert count(app) == 1


def test_an_edit_is_kept_with_what_was_before(app: Flask, make: Factory, signed_in: SignIn) -> None:
    place = make.organisation("旧名称", district=YANJIANG)
    browser = signed_in("coordinator")
    page = f"/organisations/{place}/edit"
    assert "旧名称" in browser.get(page).get_data(as_text=True)
    assert browser.send(page, GOOD).status_code == 303
    history = browser.get(f"/organisations/{place}").get_data(as_text=True)
    assert "旧名称 → 雁江区住房和城乡建设局" in history
    assert browser.send(page, GOOD).status_code == 303
    with app.app_context():
        assert [one.verb for one in entries_about("organisation", place)] == ["edit", "add"]


def test_a_department_stands_below_and_never_above_itself(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    top = make.organisation("区住建局", district=YANJIANG)
    browser = signed_in("coordinator")
    below = {**GOOD, "name": "区住建局质安站", "parent": str(top)}
    station = browser.send(NEW, below).headers["Location"]
    assert "区住建局质安站" in browser.get(f"/organisations/{top}").get_data(as_text=True)
    deeper = {**below, "name": "质安站一组", "parent": station.rsplit("/", 1)[1]}
    group = browser.send(NEW, deeper).headers["Location"].rsplit("/", 1)[1]
    for parent in (group, station.rsplit("/", 1)[1]):
        answer = browser.send(
            f"/organisations/{top}/edit", {**GOOD, "name": "区住建局", "parent": parent}
        )
        assert answer.status_code == 422
        assert "不能选它自己或它的下属部门" in answer.get_data(as_text=True)


def test_it_closes_with_a_reason_once_nobody_depends_on_it(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place = make.organisation("要关的单位", district=YANJIANG)
    make.person("organisation", organisation=place)
    browser, page = signed_in("coordinator"), f"/organisations/{place}"
    assert "请写明停用的原因" in browser.send(f"{page}/close", {}, page).get_data(as_text=True)
    refused = browser.send(f"{page}/close", {"why": "已撤销"}, page)
    assert refused.status_code == 422
    assert "还有 1 个在用的账号" in refused.get_data(as_text=True)
    with app.app_context():
        user = db.session.scalars(db.select(User).where(User.organisation_id == place)).one()
        user_page = f"/people/{user.id}"
    browser.send(f"{user_page}/close", {"why": "离职"}, user_page)
    assert browser.send(f"{page}/close", {"why": "已撤销"}, page).status_code == 303
    shown = browser.get(page).get_data(as_text=True)
    assert "这个单位已停用" in shown and "已撤销" in shown
    assert f'value="{place}"' not in browser.get("/people/new").get_data(as_text=True)
    assert browser.send(f"{page}/reopen", {}, page).status_code == 303
    assert f'value="{place}"' in browser.get("/people/new").get_data(as_text=True)


def test_an_organisation_with_departments_stays_open(make: Factory, signed_in: SignIn) -> None:
    top = make.organisation("上级", district=YANJIANG)
    browser, page = signed_in("coordinator"), f"/organisations/{top}"
    browser.send(NEW, {**GOOD, "parent": str(top)})
    refused = browser.send(f"{page}/close", {"why": "撤销"}, page)
    assert "还有 1 个在用的下属部门" in refused.get_data(as_text=True)


def test_who_fixes_moves_with_the_organisation(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place = make.organisation("搬家的公司", district=YANJIANG)
    person = make.person("organisation", organisation=place)
    office = signed_in("administrator", district=None)
    typed = {"name": "搬家的公司", "kind": "owner", "district": ANYUE}
    assert office.send(f"/organisations/{place}/edit", typed).status_code == 303
    assert signed_in("coordinator", district=ANYUE).get(f"/people/{person.id}").status_code == 200
    assert signed_in("coordinator").get(f"/people/{person.id}").status_code == 404


@pytest.mark.parametrize("role", ["supervisor", "planner", "organisation", "security", "auditor"])
def test_who_has_nothing_to_do_with_organisations_is_refused(
    make: Factory, signed_in: SignIn, role: str
) -> None:
    browser = signed_in(role)
    for page in ("/organisations/", NEW, f"/organisations/{make.organisation()}"):
        assert browser.get(page).status_code == 403


def test_a_department_looks_and_changes_nothing(make: Factory, signed_in: SignIn) -> None:
    browser, place = signed_in("department"), make.organisation(district=YANJIANG)
    page = browser.get(f"/organisations/{place}").get_data(as_text=True)
    assert "修改资料" not in page and "停用" not in page
    assert browser.get(f"/organisations/{place}/edit").status_code == 403


def test_the_mail_address_lies_sealed_and_the_journal_does_not_say_it(
    app: Flask, signed_in: SignIn
) -> None:
    browser = signed_in("coordinator")
    where = browser.send(NEW, {**GOOD, "mail": "first@yard.example"}).headers["Location"]
    edited = {**GOOD, "mail": "second@yard.example"}
    assert browser.send(f"{where}/edit", edited).status_code == 303
    assert "second@yard.example" in browser.get(where).get_data(as_text=True)
    with app.app_context():
        tables = ("organisation", "journal_entry")
        kept = [db.session.execute(db.text(f"select * from {one}")).all() for one in tables]
        assert "@yard.example" not in str(kept)
        entry = entries_about("organisation", named(app, GOOD["name"]).id, 1)[0]
        assert (entry.verb, entry.detail) == ("edit", {"mail": ["…", "…"]})
