"""The page of a finding: where it stands, whose turn it is, one main thing to do."""

import re
from collections.abc import Callable

import pytest

from audit.core.db import db, transaction
from audit.findings import actions as steps
from audit.findings.actions import Told
from audit.findings.models import Finding
from audit.findings.rules import Verb
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]


def page(browser: CarefulClient, number: str) -> str:
    return browser.get(f"/findings/{number}").get_data(as_text=True)


def main_buttons(html: str) -> list[str]:
    """What the primary buttons of the page's content say."""
    content = html.split("<main")[1].split("</main>")[0]
    return re.findall(
        r'class="button button--primary"[^>]*>\s*(?:<svg.*?</svg>)?<span>([^<]*)',
        content,
        re.DOTALL,
    )


def life(html: str) -> list[str]:
    """The stations, with * before the current one."""
    found = re.findall(
        r'<li class="step step--(\w+)".*?<span class="step__text">\s*([^<\s]+)', html, re.DOTALL
    )
    return [("*" if state == "current" else "") + name for state, name in found]


def act(make: Factory, number: str, step: Callable[[Finding], None]) -> None:
    with make.app.app_context(), transaction():
        step(db.session.scalars(db.select(Finding).where(Finding.number == number)).one())


def test_the_life_shows_where_a_finding_stands(make: Factory, signed_in: SignIn) -> None:
    browser, number = signed_in("coordinator"), make.finding()
    assert life(page(browser, number)) == ["*待核实", "已立案", "已派单", "待复查", "已销号"]
    actor = make.actor("coordinator")
    act(make, number, lambda one: steps.act(one, Verb.REJECT, actor, steps.Told("误报")))
    assert life(page(browser, number)) == ["待核实", "*不立案"]
    act(make, number, lambda one: steps.act(one, Verb.RECONSIDER, actor, steps.Told("量错了")))
    assert life(page(browser, number)) == ["*待核实", "已立案", "已派单", "待复查", "已销号"]
    act(make, number, lambda one: steps.act(one, Verb.CONFIRM, actor))
    act(make, number, lambda one: steps.act(one, Verb.VOID, actor, Told("这处已经拆除")))
    assert life(page(browser, number)) == ["待核实", "已立案", "*已销号"], (
        "only what it went through"
    )
    act(make, number, lambda one: steps.act(one, Verb.REOPEN, actor, steps.Told("又建了")))
    assert life(page(browser, number)) == ["待核实", "已立案", "*重新整改", "待复查", "已销号"]


def test_whoever_must_act_finds_one_main_button_and_others_a_sentence(
    make: Factory, signed_in: SignIn
) -> None:
    coordinator, department = signed_in("coordinator"), signed_in("department")
    number = make.finding()
    assert main_buttons(page(coordinator, number)) == ["核实立案"]
    assert main_buttons(page(department, number)) == []
    assert "现在等残联核实" in page(department, number)
    actor = make.actor("coordinator")
    act(make, number, lambda one: steps.act(one, Verb.CONFIRM, actor))
    assert main_buttons(page(department, number)) == ["派单"]
    assert "现在等主管部门派给" in page(coordinator, number)


def test_to_name_another_organisation_is_not_the_main_thing(
    make: Factory, signed_in: SignIn
) -> None:
    owner = make.organisation()
    number = make.dispatched(owner)
    html = page(signed_in("department"), number)
    assert main_buttons(html) == []
    assert "改派给别的单位" in html
    assert main_buttons(page(signed_in("organisation", organisation=owner), number)) == [
        "报告已整改"
    ]


def test_reopened_with_nobody_to_fix_it_waits_for_dispatch(
    make: Factory, signed_in: SignIn
) -> None:
    number = make.finding()
    actor = make.actor("coordinator")
    act(make, number, lambda one: steps.act(one, Verb.CONFIRM, actor))
    act(make, number, lambda one: steps.act(one, Verb.VOID, actor, Told("误以为拆了")))
    act(make, number, lambda one: steps.act(one, Verb.REOPEN, actor, steps.Told("还在")))
    assert main_buttons(page(signed_in("department"), number)) == ["派单"]
    assert "现在等主管部门派给" in page(signed_in("coordinator"), number)


def test_measured_and_required_stand_together_with_the_difference(
    make: Factory, signed_in: SignIn
) -> None:
    html = page(signed_in("coordinator"), make.finding())
    box = html.split('class="measured')[1].split("</div>\n")[0]
    assert "1,400 mm" in html and "≥ 1,500 mm" in html
    assert "比要求少 100 mm" in html
    assert "？" not in box, "the question is said once, above"


def test_a_facility_without_an_organisation_leaves_the_choice_open(
    make: Factory, signed_in: SignIn
) -> None:
    make.organisation("别的单位")
    number = make.finding()
    actor = make.actor("coordinator")
    act(make, number, lambda one: steps.act(one, Verb.CONFIRM, actor))
    html = page(signed_in("department"), number)
    assert "已按设施登记的责任单位填好" not in html
    assert not re.search(r"<option[^>]* selected>[^<]*单位", html)


@pytest.mark.parametrize(
    ("query", "current", "chips"),
    [
        ("", "未销号", 0),
        ("?state=open", "未销号", 0),
        ("?state=all", "全部", 0),
        ("?state=unsure", "待认定", 1),
        ("?state=fixed&severity=S1", "待复查", 2),
        ("?state=dispatched&state=fixing&state=reopened", "整改中", 3),
        ("?state=dispatched", "", 1),
    ],
)
def test_the_list_knows_its_views(signed_in: SignIn, query: str, current: str, chips: int) -> None:
    html = signed_in("coordinator").get(f"/findings/{query}").get_data(as_text=True)
    tabs = html.split('class="tabs"')[1].split("</nav>")[0]
    found = re.findall(r'aria-current="page">([^<\s]+)', tabs)
    assert found == ([current] if current else [])
    assert len(re.findall('class="chip"', html)) == chips
