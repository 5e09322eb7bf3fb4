"""A new city is led from districts to organisations, people and facilities."""

import re
from collections.abc import Callable

from flask import Flask

from audit.accounts import actions
from audit.accounts.models import User
from audit.accounts.rules import OrganisationKind
from audit.core.actors import SYSTEM, Role
from audit.core.db import db, transaction
from audit.desk.rules import (
    WANTED_PEOPLE,
    Standing,
    Step,
    steps_of_administrator,
    steps_of_security,
)
from tests.careful import CarefulClient
from tests.factories import YANJIANG, Factory

SignIn = Callable[..., CarefulClient]


def steps(browser: CarefulClient) -> dict[str, str]:
    """What the desk says of each step: title → note."""
    html = browser.get("/").get_data(as_text=True)
    card = re.search(r'id="first-steps".*?</section>', html, re.DOTALL)
    if card is None:
        return {}
    found = re.findall(
        r'row__title" href="[^"]+">([^<]+)</a>.*?row__note">([^<]*)<', card[0], re.DOTALL
    )
    return dict(found)


def test_an_empty_city_lacks_everything_in_its_order() -> None:
    lacking = steps_of_administrator(Standing())
    assert [one.step for one in lacking] == [
        Step.DISTRICTS, Step.ORGANISATIONS, Step.PEOPLE, Step.FACILITIES,
    ]  # fmt: skip
    assert not any(one.done for one in lacking)
    assert set(lacking[2].lacking) == set(WANTED_PEOPLE)


def test_one_supervisor_is_not_enough_and_two_are() -> None:
    people = {Role.COORDINATOR: 1, Role.DEPARTMENT: 1, Role.SUPERVISOR: 1, Role.ORGANISATION: 1}
    assert steps_of_administrator(Standing(people=people))[2].lacking == (Role.SUPERVISOR,)
    assert steps_of_administrator(Standing(people={**people, Role.SUPERVISOR: 2}))[2].done


def test_one_security_administrator_could_not_be_helped() -> None:
    people = {Role.ADMINISTRATOR: 1, Role.SECURITY: 1, Role.AUDITOR: 1}
    assert steps_of_security(Standing(people=people))[0].lacking == (Role.SECURITY,)


def test_the_administrator_is_led_until_the_city_can_work(make: Factory, signed_in: SignIn) -> None:
    office = signed_in("administrator", district=None)
    seen = steps(office)
    assert list(seen) == ["装入区县", "登记单位", "新建账号", "登记设施"]
    assert "示例" in seen["装入区县"]
    assert "还缺：残联、主管部门、责任单位（业主" in seen["登记单位"]
    for kind in (OrganisationKind.FEDERATION, OrganisationKind.DEPARTMENT):
        make.organisation(kind.value, kind)
    assert "还缺：责任单位" in steps(office)["登记单位"]
    owner = make.organisation()
    assert "已有 3 个" in steps(office)["登记单位"]
    for role in ("coordinator", "department", "supervisor"):
        make.person(role)
    make.person("organisation", organisation=owner)
    assert "还缺：监督员。监督员至少两位" in steps(office)["新建账号"]
    make.person("supervisor")
    assert "还缺" not in steps(office)["新建账号"]
    make.toilet()
    assert steps(office) == {}


def test_each_step_leads_to_where_it_is_done(make: Factory, signed_in: SignIn) -> None:
    office = signed_in("administrator", district=None)
    html = office.get("/").get_data(as_text=True)
    for where in ("/organisations/new?kind=federation", "/people/new?role=coordinator"):
        assert where in html
        page = office.get(where).get_data(as_text=True)
        chosen = where.partition("=")[2]
        assert f'value="{chosen}" selected' in page


def test_closed_accounts_and_organisations_do_not_count(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    office = signed_in("administrator", district=None)
    person = make.person("coordinator")
    assert "残联工作人员" not in steps(office)["新建账号"]
    with app.app_context(), transaction():
        actions.disable_user(db.session.get_one(User, person.id), SYSTEM)
    assert "残联工作人员" in steps(office)["新建账号"]


def test_codes_that_wait_to_be_used_are_counted(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    office = signed_in("administrator", district=None)
    for role in ("coordinator", "department", "supervisor", "supervisor", "organisation"):
        make.person(role)
    with app.app_context(), transaction():
        actions.add_user("waits", "某人", [(Role.SUPERVISOR, YANJIANG)], SYSTEM)
    assert "1 人还没有第一次登录" in steps(office)["新建账号"]


def test_security_sees_to_the_three_administrators(make: Factory, signed_in: SignIn) -> None:
    security = signed_in("security", district=None)
    note = steps(security)["配齐三种管理员"]
    assert "系统管理员" in note and "审计员" in note and "至少两位" in note
    for role in ("administrator", "auditor", "security"):
        make.person(role, district=None)
    assert steps(security) == {}
    assert "没有需要您动手的事" in security.get("/").get_data(as_text=True)


def test_nobody_else_is_bothered(signed_in: SignIn) -> None:
    for role in ("coordinator", "department", "supervisor", "auditor", "planner"):
        assert steps(signed_in(role, district=None)) == {}
