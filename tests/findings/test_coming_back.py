"""What comes back: to the organisation after a failed re-check, from it when it is not theirs, to
the coordinator where nobody can tell. Whoever must act next sees why, before anything else."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from audit.core.db import transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.findings import actions
from audit.findings.actions import Recheck, Told
from audit.findings.rules import Verb
from audit.journal.queries import entries_about
from tests.careful import CarefulClient
from tests.factories import Factory
from tests.inspections.conftest import Visitor, picture

SignIn = Callable[..., CarefulClient]
NARROW = {"wc-stall-width": "1400", "note.wc-stall-width": "隔板没有动", "note": "量了三次"}
VALUES = ("1,400 mm", "≥ 1,500 mm", "隔板没有动", "量了三次")


@pytest.fixture
def owner(make: Factory) -> UUID:
    return make.organisation("市政公司")


def read(browser: CarefulClient, where: str) -> str:
    return browser.get(where).get_data(as_text=True)


def recheck(app: Flask, make: Factory, number: str, sent: dict[str, Any], name: str = "") -> None:
    """By another supervisor, at the page."""
    person, browser = make.person("supervisor", name=name), app.test_client()
    browser.hold(make.session_of(person))  # type: ignore[attr-defined]
    someone = Visitor(person, browser)  # type: ignore[arg-type]
    assert someone.recheck(number, sent).status_code == 303


def near(make: Factory) -> str:
    """The number of a finding whose re-check could not tell."""
    number = make.fixed()
    make.rechecked_too_near(number)
    return number


def test_who_must_fix_it_reads_what_the_failed_recheck_found(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number = make.fixed(owner)
    shown = {"photos.wc-stall-width": picture(9)}
    recheck(app, make, number, {**NARROW, **shown}, name="王复查")
    fixer = signed_in("organisation", organisation=owner)
    html = read(fixer, f"/findings/{number}")
    card = html.split('id="recheck"')[1].split("</section>")[0]
    for said in (*VALUES, "不合格", "王复查", "比要求少 100 mm"):
        assert said in card, said
    assert "看这次复查" not in card, "an organisation may not open the visit"
    assert html.index('id="recheck"') < html.index('id="next"'), "why, before what to do"
    picture_url = card.split('<img class="photo__image" src="')[1].split('"')[0]
    assert fixer.get(picture_url.replace("&amp;", "&")).status_code == 200
    desk = read(fixer, "/")
    assert "复查不合格，退回整改" in desk and "1,400 mm，要求 ≥ 1,500 mm" in desk


def test_who_cannot_take_pictures_says_why_and_that_is_shown(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number = make.fixed(owner)
    recheck(app, make, number, {**NARROW, "no_photo_reason": "我看不见，由陪同人量的"})
    html = read(signed_in("organisation", organisation=owner), f"/findings/{number}")
    assert "没有照片：我看不见，由陪同人量的" in html


def test_what_is_not_theirs_goes_back_with_a_reason_and_waits_for_dispatch(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number = make.dispatched(owner)
    page = f"/findings/{number}"
    fixer, department = signed_in("organisation", organisation=owner), signed_in("department")
    sent = {"why": "这段路归园林处"}
    assert fixer.send(f"{page}/ask_return", sent, page).status_code == 303
    assert "已申请退回，等主管部门决定" in read(fixer, page), "theirs until it is decided"
    assert "整改单位申请退回：这段路归园林处" in read(department, page)
    granted = {"why": "查过权属，归园林处"}
    assert department.send(f"{page}/grant_return", granted, page).status_code == 303
    assert fixer.get(page).status_code == 404, "no longer theirs"
    with app.app_context():
        finding = make.finding_named(number)
        assert (finding.state, finding.organisation_id) == ("confirmed", None)
        entry = entries_about("finding", finding.id, 1)[0]
        assert (entry.verb, entry.why) == ("grant_return", "查过权属，归园林处")
        assert entry.detail["organisation"] == "市政公司"
    desk = read(signed_in("coordinator"), "/")
    assert "被退回，待主管部门改派（1）" in desk and "查过权属，归园林处" in desk
    assert number in read(department, "/findings/?returned=1")
    html = read(department, page)
    assert "同意退回，等改派：查过权属，归园林处" in html and "市政公司" in html


def test_whoever_has_just_returned_it_is_not_proposed_again(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number, fixer = make.dispatched(owner), make.actor("organisation", organisation=owner)
    department = make.actor("department")
    with app.app_context(), transaction() as session:
        finding = make.finding_named(number)
        session.get_one(Facility, finding.facility_id).organisation_id = owner
        actions.act(finding, Verb.ASK_RETURN, fixer, Told("产权已移交"))
        actions.act(finding, Verb.GRANT_RETURN, department, Told("属实"))
    html = read(signed_in("department"), f"/findings/{number}")
    chooser = html.split('id="dispatch-organisation"')[1].split("</select>")[0]
    assert "市政公司" in chooser and "selected" not in chooser
    assert "刚把它退回，请另选一个单位" in html


def test_what_was_returned_and_dispatched_again_is_no_longer_returned(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number, fixer = make.dispatched(owner), make.actor("organisation", organisation=owner)
    department, other = make.actor("department"), make.organisation()
    with app.app_context():
        with transaction():
            actions.act(make.finding_named(number), Verb.ASK_RETURN, fixer, Told("不归我们"))
            actions.act(make.finding_named(number), Verb.GRANT_RETURN, department, Told("对"))
        with transaction():
            actions.dispatch(make.finding_named(number), department, other)
    coordinator = signed_in("coordinator")
    assert "被退回" not in read(coordinator, "/")
    assert number not in read(coordinator, "/findings/?returned=1")
    assert 'class="notice notice--warn"' not in read(coordinator, f"/findings/{number}")


@pytest.mark.parametrize(
    ("verb", "state", "said"),
    [
        ("accept", "closed", "残联认定合格，已经销号"),
        ("refuse", "reopened", "认定不合格，退回整改：量具校过了"),
    ],
)
def test_what_is_too_near_to_tell_is_decided_by_the_coordinator_with_a_reason(
    app: Flask, make: Factory, signed_in: SignIn, verb: str, state: str, said: str
) -> None:
    number, coordinator = near(make), signed_in("coordinator")
    page = f"/findings/{number}"
    desk = read(coordinator, "/")
    assert "待认定（复查在误差以内）（1）" in desk and "5.1 %，要求 ≤ 5 %" in desk
    assert "请您认定并写明理由" in read(coordinator, page)
    assert coordinator.send(f"{page}/{verb}", {}, page).status_code == 422, "no reason"
    sent = {"why": "量具校过了，实际 5.0 %"}
    assert coordinator.send(f"{page}/{verb}", sent, page).status_code == 303
    assert said in read(coordinator, page)
    with app.app_context():
        finding = make.finding_named(number)
        assert finding.state == state
        assert entries_about("finding", finding.id, 1)[0].why == sent["why"]


def test_what_is_too_near_to_tell_may_be_rechecked_once_more(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    number = near(make)
    html = read(signed_in("supervisor"), f"/findings/{number}")
    assert "请换量具，到现场再复查一次" in html and f"/inspections/recheck/{number}" in html
    assert "认定合格" not in html, "that is not for the supervisor"
    with app.app_context():
        supervisor = make.actor("supervisor")
        with transaction():
            seen = Recheck(new_id(), Verb.PASS_RECHECK)
            actions.recheck(make.finding_named(number), supervisor, seen)
        assert make.finding_named(number).state == "closed"


def test_the_history_tells_what_was_done_in_the_past_tense(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    number, browser = make.fixed(owner), signed_in("coordinator")
    history = read(browser, f"/findings/{number}").split('id="history"')[1]
    for done in ("发现了问题", "核实后立案", "派给了整改单位", "报告已经改好"):
        assert done in history
    browser.set_cookie("language", "en")
    english = read(browser, f"/findings/{number}").split('id="history"')[1]
    for done in ("Found", "Confirmed", "Dispatched", "Reported as fixed"):
        assert f">{done}<" in english, done
