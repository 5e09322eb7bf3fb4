"""The pages of facilities: what stands on them."""

import re
from collections.abc import Callable

from audit.checklists.rules import Answer
from audit.core.db import db, transaction
from audit.facilities.forms import form_of, parse_facility
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.register.actions import edit
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]


def page(browser: CarefulClient, address: str) -> str:
    return browser.get(address).get_data(as_text=True)


def summary(html: str) -> list[str]:
    box = html.split('id="error-summary"')[1].split("</ul>")[0]
    return re.findall(r'<a href="#[^"]+">([^<]+)</a>', box)


def test_problems_are_named_and_stand_in_the_order_of_the_page(signed_in: SignIn) -> None:
    browser = signed_in("supervisor")
    html = page(browser, "/facilities/new/toilet")
    action = re.findall(r'action="(/facilities/new/toilet/[^"]+)"', html)[0]
    typed = {"built_on": "spring", "fact.storeys": "many"}
    answer = browser.send(action, typed, "/facilities/new/toilet")
    assert answer.status_code == 422
    named = [line.split("：")[0] for line in summary(answer.get_data(as_text=True))]
    assert named == ["名称", "负责的区县", "经度", "纬度", "建成日期", "层数"]


def test_a_facility_says_when_it_was_looked_at_and_what_is_open(
    make: Factory, signed_in: SignIn
) -> None:
    number = make.finding()
    browser = signed_in("coordinator")
    place = re.findall(r'href="(/facilities/[0-9a-f-]{36})"', page(browser, f"/findings/{number}"))
    html = page(browser, place[0])
    assert "最近一次：" in html and "不合格 1 项" in html
    assert f'href="/findings/{number}"' in html


def test_a_facility_that_nobody_looked_at_claims_nothing(make: Factory, signed_in: SignIn) -> None:
    html = page(signed_in("coordinator"), f"/facilities/{make.toilet()}")
    assert "检查过才知道有没有问题" in html


def test_the_history_says_each_value_before_and_after(make: Factory, signed_in: SignIn) -> None:
    owner = make.organisation("某某养护公司")
    place = make.toilet(name="旧名", facts={"crowded": True})
    actor = make.actor("coordinator", name="李敏")
    with make.app.app_context(), transaction():
        facility = db.session.get_one(Facility, place)
        typed = form_of(facility).typed | {
            "name": "新名", "organisation": str(owner), "fact.crowded": "no", "built_on": "",
        }  # fmt: skip
        form = parse_facility(FacilityKind.TOILET, typed)  # type: ignore[arg-type]
        assert form.draft is not None, form.problems
        edit(facility, form.draft, actor)
    html = page(signed_in("coordinator"), f"/facilities/{place}")
    assert "名称：旧名 → 新名" in html
    assert "责任单位：未填 → 某某养护公司" in html
    assert "人员密集的公共场所：是 → 否" in html
    assert "建成日期：2023-05-01 → 未填" in html
    assert "李敏" in html


def test_the_list_says_what_narrows_it_and_how_to_widen_it(
    make: Factory, signed_in: SignIn
) -> None:
    make.toilet(name="市民广场公共厕所")
    html = page(signed_in("coordinator"), "/facilities/?kind=toilet&district=512002&q=广场")
    assert "共 1 处" in html
    chips = re.findall(r'class="chip" href="([^"]+)"', html)
    assert len(chips) == 3
    assert "/facilities/?district=512002&amp;q=%E5%B9%BF%E5%9C%BA" in chips


def test_the_list_counts_open_findings_by_severity(make: Factory, signed_in: SignIn) -> None:
    place = make.toilet()
    faults = {
        "wc-provision": Answer.of(("male_stall", "female_stall")),
        "wc-stall-width": Answer.of(1400),
        "wc-call": Answer.of("none"),
    }
    make.inspection(place, make.actor("supervisor"), faults)
    html = page(signed_in("coordinator"), "/facilities/")
    assert re.findall(r"S[1-4]：\d+", html) == ["S1：1", "S2：1"]
