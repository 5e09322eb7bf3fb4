"""Two people have the same record open: the later save undoes nothing without a word."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from tests.at_once import Pair
from tests.careful import CarefulClient, hidden
from tests.factories import YANJIANG, Factory
from tests.unchanged import nothing_written

SignIn = Callable[..., CarefulClient]


@dataclass(frozen=True)
class Case:
    """`first` and `second` change the same control, `beside` another one, each from `opened`."""

    role: str
    page: Callable[[Factory], str]
    opened: dict[str, str]
    first: dict[str, str]
    second: dict[str, str]
    beside: dict[str, str]
    said: str


def _facility(make: Factory) -> str:
    return f"/facilities/{make.toilet(facts={'host': 'scenic'})}/edit"


def _organisation(make: Factory) -> str:
    return f"/organisations/{make.organisation('园林公司', district=YANJIANG)}/edit"


def _person(make: Factory) -> str:
    return f"/people/{make.person('supervisor', name='旧名').id}/edit"


def _measure(make: Factory) -> str:
    place = make.toilet()
    return f"/facilities/{place}/measures/{make.measure(place, make.actor('coordinator'))}/edit"


TOILET = {
    "name": "市民广场公共厕所", "address": "建设路 12 号", "district": YANJIANG,
    "lon": "104.627600", "lat": "30.122200", "built_on": "2023-05-01", "fact.host": "scenic",
}  # fmt: skip
OWNER = {"name": "园林公司", "kind": "owner", "district": YANJIANG}
RAMP = {"kind": "convert", "what": "加建坡道", "year": "2026"}
CASES = {
    "facility": Case(
        "coordinator", _facility, TOILET, {"name": "北门公厕"}, {"name": "南门公厕"},
        {"address": "滨江路 3 号"}, "名称：现在登记的是“北门公厕”",
    ),
    "fact of a facility": Case(
        "coordinator", _facility, TOILET, {"fact.host": "market"}, {"fact.host": ""},
        {"address": "滨江路 3 号"}, "：现在登记的是“市场”",
    ),
    "position of a facility": Case(
        "coordinator", _facility, TOILET, {"lon": "104.630000"}, {"lon": "104.640000"},
        {"address": "滨江路 3 号"}, "经度：现在登记的是“104.630000”",
    ),
    "organisation": Case(
        "coordinator", _organisation, OWNER, {"kind": "federation"}, {"kind": "department"},
        {"address": "滨江路 3 号"}, "类别：现在登记的是“残联”",
    ),
    "person": Case(
        "coordinator", _person, {"name": "旧名"}, {"name": "新名"}, {"name": "别名"},
        {"name": "旧名 二"}, "姓名：现在登记的是“新名”",
    ),
    "measure": Case(
        "coordinator", _measure, RAMP, {"year": "2027"}, {"year": "2028"},
        {"budget": "120,000"}, "计划年份：现在登记的是“2027”",
    ),
}  # fmt: skip
every_form = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def send(browser: CarefulClient, page: str, *parts: dict[str, str]) -> tuple[int, str]:
    sent = {name: text for part in parts for name, text in part.items()}
    answer = browser.post(page, data=sent, content_type="multipart/form-data")
    return answer.status_code, answer.get_data(as_text=True)


@every_form
def test_who_saves_later_is_told_what_changed_and_may_save_again(
    app: Flask, make: Factory, signed_in: SignIn, case: Case
) -> None:
    page = case.page(make)
    early, late = signed_in(case.role, name="早到的人"), signed_in(case.role)
    marks = hidden(late.get(page).get_data(as_text=True))
    assert early.send(page, {**case.opened, **case.first}).status_code == 303
    for typed in (case.second, case.beside):
        with nothing_written(app):
            status, html = send(late, page, marks, case.opened, typed)
        assert status == 409
        assert "早到的人在" in html and "您这次没有保存" in html and case.said in html
        assert "far_known：" not in html
        for text in filter(None, typed.values()):
            assert f'value="{text}"' in html, "what was typed is still there"
    status, _html = send(late, page, hidden(html), case.opened, case.second)
    assert status == 303, "having seen it, one may save"
    fresh = late.get(page).get_data(as_text=True)
    assert all(f'value="{text}"' in fresh for text in filter(None, case.second.values()))


@every_form
def test_what_another_changed_elsewhere_or_in_the_same_way_is_no_conflict(
    make: Factory, signed_in: SignIn, case: Case
) -> None:
    page, browser = case.page(make), signed_in(case.role)
    marks = hidden(browser.get(page).get_data(as_text=True))
    for _ in range(2):  # pressed twice
        status, _html = send(browser, page, marks, case.opened, case.first)
        assert status == 303
    marks = hidden(browser.get(page).get_data(as_text=True))
    assert send(browser, page, marks, case.opened, case.first, case.beside)[0] == 303


@every_form
def test_of_two_who_save_at_once_one_is_told(make: Factory, signed_in: SignIn, case: Case) -> None:
    page = case.page(make)
    pair = Pair(signed_in(case.role), signed_in(case.role))
    shown = hidden(pair.both[0].get(page).get_data(as_text=True))["shown"]
    forms = [
        (page, {"shown": shown, **case.opened, **typed}) for typed in (case.first, case.second)
    ]
    assert pair.at_once(*forms) == [303, 409]


@pytest.mark.parametrize("marks", ["", "x", "= =", "name", "name=0", "\ud7ff" * 9000, "名称=名称"])
def test_a_form_whose_marks_are_missing_or_forged_has_seen_nothing(
    app: Flask, make: Factory, signed_in: SignIn, marks: str
) -> None:
    page, browser = _facility(make), signed_in("coordinator")
    with nothing_written(app):
        answer = browser.send(page, {**TOILET, "name": "南门公厕", "shown": marks})
    assert answer.status_code == 409
    assert "别人在刚才改过" in answer.get_data(as_text=True)


def test_a_form_with_mistakes_keeps_what_it_had_seen(make: Factory, signed_in: SignIn) -> None:
    page = _facility(make)
    early, late = signed_in("coordinator"), signed_in("coordinator")
    marks = hidden(late.get(page).get_data(as_text=True))
    early.send(page, {**TOILET, "name": "北门公厕"})
    status, html = send(late, page, marks, TOILET, {"lon": "east"})
    assert status == 422
    assert send(late, page, hidden(html), TOILET, {"name": "南门公厕"})[0] == 409
