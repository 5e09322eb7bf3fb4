"""One step for many findings: shown first, then all of it or nothing."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.core.errors import Conflict
from audit.core.ids import new_id
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.findings import actions
from audit.findings.actions import Failure, Told, foresee, miscounted, take_many
from audit.findings.models import FindingEvent
from audit.findings.rules import TRANSITIONS, Needs, Source, State, Verb, steps_for_many
from audit.journal.models import JournalEntry
from audit.journal.queries import first_broken_link
from audit.web.bulk import MOST
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory
from tests.findings.several import several
from tests.findings.test_at_once import Pair

SignIn = Callable[..., CarefulClient]
PREVIEW = "/findings/bulk"


def state_of(app: Flask, make: Factory, number: str) -> State:
    with app.app_context():
        return make.finding_named(number).state


def fields_of(page: str) -> dict[str, Any]:
    """What the form of a preview would send, with nothing typed."""
    form = page[page.index("<form class=") :]
    hidden = re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', form)
    rows = [value for name, value in hidden if name == "row"]
    return {**{name: value for name, value in hidden if name != "row"}, "row": rows}


def preview(browser: CarefulClient, act: str, *numbers: str) -> str:
    asked = urlencode([("act", act), *(("pick", number) for number in numbers)])
    answer = browser.get(f"{PREVIEW}?{asked}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.fixture
def office(signed_in: SignIn) -> CarefulClient:
    return signed_in("coordinator")


def test_the_steps_for_many_are_those_of_the_table_that_need_nothing_of_each(
    make: Factory,
) -> None:
    coordinator, department = make.actor("coordinator"), make.actor("department")
    both = {step.verb for one in (coordinator, department) for step in steps_for_many(one)}
    own = {Needs.PHOTO, Needs.PHOTO_IF_ANY, Needs.INSPECTION, Needs.DATE, Needs.ASSISTANT,
           Needs.FINDING}  # fmt: skip
    fitting = {step.verb for step in TRANSITIONS if not own & set(step.needs)}
    ours = {Verb.START, Verb.ASK_RETURN}
    assert both == fitting - ours - {Verb.UNMERGE}
    assert {step.verb for step in steps_for_many(make.actor("organisation"))} == ours
    assert steps_for_many(make.actor("planner")) == ()


def test_what_is_ticked_is_shown_then_done_and_the_result_says_so(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    numbers = several(app, make, 3)
    sent = make.dispatched(make.organisation())
    page = preview(office, "reject", *numbers, sent)
    assert "会办 3 个。" in page and "不会办 1 个" in page
    assert "这一步只在这些状态下办：待核实。" in page
    fields = fields_of(page)
    assert len(fields["row"]) == 3
    nothing = office.post(PREVIEW, data=fields)
    assert nothing.status_code == 422
    assert "请写明情况或理由。" in nothing.get_data(as_text=True)
    assert {state_of(app, make, one) for one in numbers} == {State.REPORTED}
    done = office.post(PREVIEW, data={**fields, "why": "量错了地方"}, follow_redirects=True)
    assert done.status_code == 200 and "办好了 3 个：不立案" in done.get_data(as_text=True)
    assert {state_of(app, make, one) for one in numbers} == {State.REJECTED}
    assert state_of(app, make, sent) is State.DISPATCHED
    with app.app_context():
        events = db.session.scalars(
            db.select(FindingEvent).where(FindingEvent.verb == Verb.REJECT)
        ).all()
        assert {one.detail["bulk"] for one in events} == {fields["bulk"]}
        assert {one.why for one in events} == {"量错了地方"}
        assert first_broken_link() is None and miscounted() == 0


def test_sent_twice_it_is_done_once(app: Flask, make: Factory, office: CarefulClient) -> None:
    fields = fields_of(preview(office, "confirm", *several(app, make, 2)))
    first, again = (office.post(PREVIEW, data=fields) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    with app.app_context():
        told = db.select(JournalEntry).where(JournalEntry.verb == "confirm")
        assert len(db.session.scalars(told).all()) == 2


def test_when_one_has_moved_nothing_happens_and_the_preview_says_which(
    app: Flask, make: Factory, office: CarefulClient, signed_in: SignIn
) -> None:
    numbers = several(app, make, 3)
    fields = fields_of(preview(office, "confirm", *numbers))
    other = signed_in("coordinator")
    other.post(f"/findings/{numbers[1]}/reject", data={
        "csrf_token": other.token("/account/password"), "why": "不是问题"})  # fmt: skip
    answer = office.post(PREVIEW, data=fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "没有办：有的问题在您预览之后变了" in page
    assert [state_of(app, make, one) for one in numbers] == [
        State.REPORTED, State.REJECTED, State.REPORTED,
    ]  # fmt: skip
    before = page[page.index(numbers[1]) :]
    assert "刚才有变化" in before[: before.index("</tr>")]
    again = office.post(PREVIEW, data=fields_of(page))
    assert again.status_code == 303
    assert state_of(app, make, numbers[0]) is state_of(app, make, numbers[2]) is State.CONFIRMED


def test_one_that_moved_and_could_still_take_the_step_stops_it_too(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    first, second = make.organisation(), make.organisation()
    number, department = make.dispatched(first), signed_in("department")
    fields, other = fields_of(preview(department, "dispatch", number)), make.actor("department")
    with app.app_context(), transaction():
        actions.dispatch(make.finding_named(number), other, second)
    answer = department.post(PREVIEW, data={**fields, "organisation": str(first)})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "刚才有变化" in page
    with app.app_context():
        assert make.finding_named(number).organisation_id == second
    fields = {**fields_of(page), "organisation": str(first)}
    assert department.post(PREVIEW, data=fields).status_code == 303


def test_what_lies_in_another_district_is_as_unknown_as_what_is_not_there(
    app: Flask, make: Factory, office: CarefulClient, signed_in: SignIn
) -> None:
    near, far = several(app, make, 1)[0], make.finding(district=ANYUE)
    page = preview(office, "confirm", near, far, "ZY-1999-000001")
    assert "会办 1 个。" in page and page.count("没有这个问题，或者不归您看。") == 2
    assert "厕位宽" not in page
    fields = fields_of(page)
    rows = [f"{far}:1", fields["row"][0]]
    answer = office.post(PREVIEW, data={**fields, "row": rows})
    assert answer.status_code == 409
    assert state_of(app, make, far) is state_of(app, make, near) is State.REPORTED
    assert office.post(PREVIEW, data=fields).status_code == 303
    done = f"{PREVIEW}/{fields['bulk']}"
    assert office.get(done).status_code == 200
    assert signed_in("coordinator").get(done).status_code == 404


def test_a_role_takes_only_its_own_steps(
    app: Flask, make: Factory, office: CarefulClient, signed_in: SignIn
) -> None:
    numbers = several(app, make, 1)
    department, planner = signed_in("department"), signed_in("planner")
    assert department.get(f"{PREVIEW}?act=confirm&pick={numbers[0]}").status_code == 303
    assert planner.get(f"{PREVIEW}?act=confirm&pick={numbers[0]}").status_code == 403
    fields = fields_of(preview(office, "confirm", *numbers))
    fields["csrf_token"] = department.token("/account/password")
    assert department.post(PREVIEW, data=fields).status_code == 404
    assert "批量办理" not in planner.get("/findings/").get_data(as_text=True)


@pytest.mark.parametrize("asked", ["", "act=confirm", "act=nonsense&pick=ZY-2026-000001",
                                   "act=report_fixed&pick=ZY-2026-000001"])  # fmt: skip
def test_without_a_step_or_rows_the_list_says_what_is_missing(
    office: CarefulClient, asked: str
) -> None:
    answer = office.get(f"{PREVIEW}?query=severity%3DS2&{asked}")
    assert (answer.status_code, answer.location) == (303, "/findings/?severity=S2")
    assert "请先" in office.get(answer.location).get_data(as_text=True)


@pytest.mark.parametrize("change", [
    {"bulk": "1"}, {"row": []}, {"row": ["x"]}, {"row": [f"ZY-2026-{n:06d}:1" for n in range(501)]},
    {"row": ["ZY-2026-000001:" + "9" * 5000]}, {"act": "open"},
])  # fmt: skip
def test_a_form_that_no_preview_makes_is_no_page(
    app: Flask, make: Factory, office: CarefulClient, change: dict[str, Any]
) -> None:
    fields = fields_of(preview(office, "confirm", *several(app, make, 1)))
    assert office.post(PREVIEW, data={**fields, **change}).status_code == 404


def test_all_that_a_narrowing_finds_can_be_chosen(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    several(app, make, 35)
    make.dispatched(make.organisation())
    page = office.get("/findings/?state=reported").get_data(as_text=True)
    assert "预览全部 35 个" in page
    asked = urlencode({"query": "state=reported", "act": "confirm", "whole": "1"})
    answer = office.get(f"{PREVIEW}?{asked}")
    assert "会办 35 个。" in answer.get_data(as_text=True)
    done = office.post(PREVIEW, data=fields_of(answer.get_data(as_text=True)))
    assert "query=state%3Dreported" in done.location


def test_boxes_are_ticked_by_a_link_and_only_on_this_page(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    several(app, make, 32)
    page = office.get("/findings/?page=2").get_data(as_text=True)
    assert page.count('name="pick"') == 2 and 'name="pick" checked' not in page
    link = re.search(r'href="([^"]*tick=page)"', page)
    assert link
    ticked = office.get(link[1].replace("&amp;", "&")).get_data(as_text=True)
    assert len(re.findall(r'name="pick" value="[^"]+" checked', ticked)) == 2
    assert "筛选：</span>tick" not in ticked


def test_two_faults_of_one_rule_are_not_both_opened_again(app: Flask, make: Factory) -> None:
    office, place = make.actor("coordinator"), make.toilet()
    failure = Failure(Source.INSPECTION, "rule", Text("门太窄", "Narrow"), "S2", "x", "x")
    numbers = []
    with app.app_context():
        for _ in range(2):
            with transaction():
                facility = db.session.get_one(Facility, place)
                found = actions.open_findings(facility, [failure], office, new_id())["rule"]
                actions.act(found, Verb.REJECT, office, actions.Told("不是"))
                numbers.append(found.number)
        told = foresee(dict.fromkeys(numbers), Verb.RECONSIDER, office)
        assert [bool(one.why_not) for one in told] == [False, True]
        with pytest.raises(Conflict), transaction():
            take_many(dict.fromkeys(numbers, 2), Verb.RECONSIDER, office, Told("再看"), new_id())
        assert {make.finding_named(one).state for one in numbers} == {State.REJECTED}


def test_two_at_once_one_wins_and_the_other_is_told(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    pair = Pair(signed_in("coordinator"), signed_in("coordinator"))
    for _round in range(3):
        numbers = several(app, make, 4)
        one = fields_of(preview(pair.both[0], "confirm", *numbers[:3]))
        other = fields_of(preview(pair.both[1], "reject", *reversed(numbers[1:])))
        for fields in (one, other):
            fields.pop("csrf_token")
        assert pair.at_once((PREVIEW, one), (PREVIEW, {**other, "why": "不是"})) == [303, 409]
        states = [state_of(app, make, number) for number in numbers]
        assert states in (
            [State.CONFIRMED] * 3 + [State.REPORTED], [State.REPORTED] + [State.REJECTED] * 3,
        )  # fmt: skip
    with app.app_context():
        assert miscounted() == 0 and first_broken_link() is None


def test_more_than_can_be_done_at_once_is_said_and_not_cut(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    several(app, make, MOST + 1)
    page = office.get("/findings/").get_data(as_text=True)
    assert f"一次最多办 {MOST} 个" in page and "预览全部" not in page
    answer = office.get(f"{PREVIEW}?act=confirm&whole=1")
    assert answer.status_code == 303
    assert "请缩小筛选范围" in office.get("/findings/").get_data(as_text=True)
