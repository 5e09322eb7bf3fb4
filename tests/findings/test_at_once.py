"""Two people act on one finding at the same moment: one of them wins, the other is told."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.findings import actions
from audit.findings.actions import miscounted
from audit.findings.models import Finding
from audit.findings.rules import Verb
from audit.fsck import fsck
from audit.inspections.models import Inspection
from tests.at_once import Pair
from tests.careful import CarefulClient
from tests.factories import NARROW_STALL, Factory
from tests.inspections.conftest import BLIND, picture
from tests.unchanged import nothing_written

SignIn = Callable[..., CarefulClient]
Act = Callable[[], int]
ROUNDS = 10  # of three to five pairs of acts each


@pytest.fixture
def pair(signed_in: SignIn) -> Callable[..., Pair]:
    return lambda role, **facts: Pair(signed_in(role, **facts), signed_in(role, **facts))


def test_of_two_that_act_at_once_one_wins_and_the_other_is_told(
    app: Flask, make: Factory, pair: Callable[..., Pair], signed_in: SignIn
) -> None:
    owner = make.organisation()
    coordinators, supervisors = pair("coordinator"), pair("supervisor")
    fixers, department = pair("organisation", organisation=owner), signed_in("department")
    token = department.token("/account/password")
    for _ in range(ROUNDS):
        number = make.finding()
        page = f"/findings/{number}"

        def sound(statuses: list[int], seq: int, *states: str, number: str = number) -> str:
            assert statuses == [303, 409], states
            with app.app_context():
                finding = make.finding_named(number)
                assert finding.last_seq == len(finding.events) == seq
                assert finding.state in states
                return str(finding.state)

        first = coordinators.at_once((f"{page}/confirm", {}), (f"{page}/reject", {"why": "不是"}))
        seq = 2
        if sound(first, seq, "confirmed", "rejected") == "rejected":
            again = coordinators.at_once(*[(f"{page}/reconsider", {"why": "是问题"})] * 2)
            sound(again, seq + 1, "reported")
            both = coordinators.at_once(*[(f"{page}/confirm", {})] * 2)
            seq += 2
            sound(both, seq, "confirmed")
        sent = {"csrf_token": token, "organisation": str(owner)}
        assert department.post(f"{page}/dispatch", data=sent).status_code == 303
        fixes = [(f"{page}/report_fixed", {"why": "好了", "photos": picture(n)}) for n in (1, 2)]
        sound(fixers.at_once(*fixes), seq + 2, "fixed")
        looks = [(f"/inspections/{new_id()}", recheck(number, width)) for width in ("1500", "1400")]
        ended = sound(supervisors.at_once(*looks), seq + 3, "closed", "reopened")
        if ended == "closed":
            again = coordinators.at_once(*[(f"{page}/reopen", {"why": "又坏了"})] * 2)
            sound(again, seq + 4, "reopened")
    with app.app_context():
        rechecks = db.select(db.func.count()).where(Inspection.round > 1)
        assert db.session.scalar(rechecks) == ROUNDS, "the one who lost has filed nothing"
        assert db.session.scalar(db.select(db.func.count()).select_from(Finding)) == ROUNDS
        assert miscounted() == 0
        assert [line for line in fsck() if "orphaned" not in line] == []


def recheck(number: str, width: str) -> dict[str, object]:
    return {
        "verifies": number, "action": "file", "wc-stall-width": width, "no_photo_reason": BLIND,
    }  # fmt: skip


def test_a_rejected_one_is_not_opened_again_beside_a_newer_one(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    number, coordinator = make.finding(), signed_in("coordinator")
    page = f"/findings/{number}"
    coordinator.send(f"{page}/reject", {"why": "量错了"}, page)
    with app.app_context():
        place = make.finding_named(number).facility_id
    make.inspection(place, make.actor("supervisor"), NARROW_STALL)
    token = coordinator.token(page)
    with nothing_written(app):
        sent = {"csrf_token": token, "why": "又有了，请再看一次"}
        answer = coordinator.post(f"{page}/reconsider", data=sent)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "已有一个未销号的问题" in html
    assert "又有了，请再看一次" in html, "what was typed is still there"
    with app.app_context():
        assert make.finding_named(number).state == "rejected"


def test_two_that_send_it_to_different_organisations_leave_one_of_them(
    app: Flask, make: Factory, pair: Callable[..., Pair]
) -> None:
    """Both may, one after the other; the events say in which order."""
    owners = [make.organisation(), make.organisation()]
    departments = pair("department")
    for _ in range(3):
        number = make.dispatched(owners[0])
        forms = [(f"/findings/{number}/dispatch", {"organisation": str(one)}) for one in owners]
        assert departments.at_once(*forms) == [303, 303]
        with app.app_context():
            finding = make.finding_named(number)
            last = finding.events[-1]
            assert [event.seq for event in finding.events] == [1, 2, 3, 4, 5]
            assert last.detail["organisation_id"] == str(finding.organisation_id)


def test_who_decides_on_a_page_from_before_is_told_and_overwrites_nothing(
    app: Flask, make: Factory, signed_in: Callable[..., CarefulClient]
) -> None:
    first, second = make.organisation(), make.organisation()
    number, office, other = make.finding(), make.actor("coordinator"), make.actor("department")
    with app.app_context(), transaction():
        actions.act(make.finding_named(number), Verb.CONFIRM, office)
    late = signed_in("department")
    seen = re.findall(r'name="seen" value="(\d+)"', late.get(f"/findings/{number}").text)[0]
    with app.app_context(), transaction():
        actions.dispatch(make.finding_named(number), other, first)
    sent = {"seen": seen, "organisation": str(second), "why": "请尽快"}
    answer = late.send(f"/findings/{number}/dispatch", sent, f"/findings/{number}")
    assert answer.status_code == 409
    assert "别人已经办了一步" in answer.text and "请尽快</textarea>" in answer.text
    with app.app_context():
        assert make.finding_named(number).organisation_id == first
