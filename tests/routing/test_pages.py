"""Routes are changed on screen, with a reason, for what is confirmed afterwards."""

from collections.abc import Callable
from uuid import UUID

import pytest

from audit.accounts.actions import close_organisation
from audit.accounts.models import Organisation
from audit.accounts.rules import OrganisationKind
from audit.core.actors import SYSTEM
from audit.core.db import db, transaction
from audit.findings import actions
from audit.findings.rules import Verb
from audit.routing.actions import choose_route
from audit.routing.models import RouteChange
from audit.routing.rules import Route, Scope
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]
PAGE = "/routing/route"
UNKNOWN = "01890000-0000-7000-8000-000000000000"
HOSTILE = "<script>alert(1)</script>{{7*7}}"


def department(make: Factory, name: str) -> UUID:
    return make.organisation(name, OrganisationKind.DEPARTMENT)


def send(browser: CarefulClient, department_id: object, **facts: str) -> int:
    sent = {"department": str(department_id), "organisation": "", "why": "会议纪要"}
    sent |= {"action": "choose", "kind": "", "district": "", "defect": ""}
    return browser.send(PAGE, sent | facts, PAGE).status_code


def confirmed(make: Factory) -> str:
    number, coordinator = make.finding(), make.actor("coordinator")
    with make.app.app_context(), transaction():
        actions.act(make.finding_named(number), Verb.CONFIRM, coordinator)
    return number


def department_of(make: Factory, number: str) -> UUID | None:
    with make.app.app_context():
        return make.finding_named(number).department_id


def close(make: Factory, organisation_id: UUID) -> None:
    with make.app.app_context(), transaction():
        close_organisation(db.session.get_one(Organisation, organisation_id), SYSTEM, "撤销")


def rows(make: Factory) -> int:
    with make.app.app_context():
        return len(db.session.scalars(db.select(RouteChange.seq)).all())


def test_what_is_confirmed_keeps_the_department_of_that_day(
    make: Factory, signed_in: SignIn
) -> None:
    one, other = department(make, "城管局"), department(make, "住建局")
    browser = signed_in("administrator", district=None)
    before = confirmed(make)
    assert send(browser, one) == 303
    first = confirmed(make)
    assert send(browser, other, kind="toilet") == 303
    second = confirmed(make)
    assert department_of(make, before) is None
    assert department_of(make, first) == one
    assert department_of(make, second) == other
    page = browser.get("/routing/").get_data(as_text=True)
    assert "公共厕所：归住建局" in page
    assert "会议纪要" in page
    tried = browser.get(f"/routing/try?number={first}").get_data(as_text=True)
    assert "按“公共厕所”这条派单规则，主管部门是：住建局" in tried
    assert "也适用、但不够具体的派单规则" in tried
    assert "城管局" in tried
    assert send(browser, other, kind="toilet", action="drop") == 303
    assert department_of(make, confirmed(make)) == one


def test_the_list_is_narrowed_by_department_and_its_staff_sees_it_first(
    make: Factory, signed_in: SignIn
) -> None:
    mine = department(make, "城管局")
    elsewhere = confirmed(make)
    send(signed_in("administrator", district=None), mine)
    number = confirmed(make)
    browser = signed_in("department", organisation=mine)
    listed = browser.get(f"/findings/?department={mine}").get_data(as_text=True)
    assert number in listed
    assert elsewhere not in listed
    assert "主管部门：城管局" in listed
    desk = browser.get("/").get_data(as_text=True)
    assert desk.index("归我部门办理的") < desk.index("待派单和重新整改")
    assert elsewhere in browser.get("/findings/?state=confirmed").get_data(as_text=True)
    assert browser.get(f"/map/?department={mine}").status_code == 200
    load = browser.get("/routing/workload").get_data(as_text=True)
    assert "城管局" in load
    assert "还没有主管部门" in load


def test_the_organisation_of_the_route_is_proposed_until_it_is_closed(
    make: Factory, signed_in: SignIn
) -> None:
    mine, fixer = department(make, "城管局"), make.organisation("环卫公司")
    send(signed_in("administrator", district=None), mine, organisation=str(fixer))
    number = confirmed(make)
    browser = signed_in("department")
    page = browser.get(f"/findings/{number}").get_data(as_text=True)
    assert f'<option value="{fixer}" selected' in page
    assert "已按派单规则“全部问题”填好" in page
    close(make, fixer)
    page = browser.get(f"/findings/{number}").get_data(as_text=True)
    assert f'value="{fixer}"' not in page
    assert "已按派单规则" not in page


def test_a_closed_department_gets_nothing(make: Factory, signed_in: SignIn) -> None:
    gone = department(make, "撤销的局")
    browser = signed_in("administrator", district=None)
    send(browser, gone)
    close(make, gone)
    assert department_of(make, confirmed(make)) is None
    next_one = department(make, "城管局")
    send(browser, next_one)
    send(browser, again := department(make, "又撤的局"), kind="toilet")
    close(make, again)
    assert department_of(make, confirmed(make)) == next_one, "the next route holds"
    tried = browser.get("/routing/try?kind=toilet").get_data(as_text=True)
    assert tried.index("城管局") < tried.index("又撤的局")
    send(browser, gone_again := department(make, "撤销的局二"))
    close(make, gone_again)
    assert "撤销的局二（已停用" in browser.get("/routing/").get_data(as_text=True)
    assert send(browser, gone, kind="road") == 422


@pytest.mark.parametrize("part", ["district=999999", "kind=spaceship", f"defect={HOSTILE}"])
def test_what_does_not_exist_is_not_there(signed_in: SignIn, part: str) -> None:
    browser = signed_in("administrator", district=None)
    assert browser.get(f"/routing/try?{part}").status_code == 404
    assert browser.get(f"/routing/route?{part}").status_code == 404


def test_only_departments_are_competent_and_a_reason_is_asked_for(
    make: Factory, signed_in: SignIn
) -> None:
    owner, mine = make.organisation(), department(make, "城管局")
    browser = signed_in("administrator", district=None)
    assert send(browser, owner) == 422
    assert send(browser, UNKNOWN) == 422
    assert send(browser, HOSTILE) == 422
    assert send(browser, mine, why=" ") == 422
    assert send(browser, mine, organisation=UNKNOWN) == 422
    assert rows(make) == 0


def test_a_hostile_name_and_reason_stay_text(make: Factory, signed_in: SignIn) -> None:
    browser = signed_in("administrator", district=None)
    assert send(browser, department(make, HOSTILE), why=HOSTILE) == 303
    for where in ("/routing/", "/routing/try", "/routing/workload", "/routing/route"):
        page = browser.get(where).get_data(as_text=True)
        assert "<script>alert" not in page
    assert "7*7" in browser.get("/routing/").get_data(as_text=True)


@pytest.mark.parametrize("role", ["coordinator", "department", "supervisor", "organisation"])
def test_who_may_not_choose_reads(make: Factory, signed_in: SignIn, role: str) -> None:
    browser = signed_in(role)
    assert "增加一条派单规则" not in browser.get("/routing/").get_data(as_text=True)
    assert browser.get(PAGE).status_code == 403
    sent = {"csrf_token": browser.token("/account/password"), "why": "x"}
    assert browser.post(PAGE, data=sent).status_code == 403
    assert rows(make) == 0


def test_a_finding_out_of_sight_cannot_be_tried(make: Factory, signed_in: SignIn) -> None:
    number = make.finding(district="512021")
    page = signed_in("department").get(f"/routing/try?number={number}").get_data(as_text=True)
    assert "没有找到这个编号的问题" in page


def test_two_who_choose_at_once_both_stand_in_the_record(make: Factory) -> None:
    one, other = department(make, "城管局"), department(make, "住建局")
    actor = make.actor("administrator", district=None)
    with make.app.app_context():
        for chosen in (one, other, other):
            with transaction():
                choose_route(Scope(kind="toilet"), Route(chosen), "会议", actor)
    assert rows(make) == 2
    assert department_of(make, confirmed(make)) == other
