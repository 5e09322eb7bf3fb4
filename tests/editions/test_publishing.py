"""One proposes an edition, another publishes it; new visits use it, and nothing else changes."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from audit.checklists.loader import get_checklist
from audit.core.clock import now, today
from audit.core.db import db, transaction
from audit.core.errors import Conflict, Invalid, NotAllowed
from audit.editions.actions import keep_shipped, publish
from audit.editions.models import EditionDecision
from audit.editions.queries import checklists_in_force, edition_in_force, get_decision, standings
from audit.editions.rules import Act, DecisionState
from audit.facilities.rules import FacilityKind
from audit.inspections.models import Inspection
from audit.journal.models import JournalEntry
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]
PAGE = "/standards/lists/road/editions"
OLD, NEW = "2026.1", "2026.2"
TOKEN = "/account/password"  # a page with a form that is always there


def sent(**more: str) -> dict[str, str]:
    return {"edition": OLD, "starts_on": today().isoformat(), "why": "按会议决定。"} | more


def text(browser: CarefulClient, where: str = PAGE) -> str:
    return browser.get(where).get_data(as_text=True)


def only(app: Flask) -> UUID:
    with app.app_context():
        open_ones = EditionDecision.state == DecisionState.PROPOSED
        return db.session.scalars(db.select(EditionDecision.id).where(open_ones)).one()


def in_force(app: Flask) -> str | None:
    with app.app_context():
        return edition_in_force("road")


def test_one_proposes_and_another_publishes(app: Flask, signed_in: SignIn) -> None:
    first, second = (signed_in(role, district=None) for role in ("administrator", "coordinator"))
    assert first.send(f"{PAGE}/propose", sent(), PAGE).status_code == 303
    where = f"/standards/editions/{only(app)}/publish"
    assert in_force(app) == NEW
    assert "要由另一位有权限的人发布" in text(first) and where not in text(first)
    refused = first.send(where, {}, PAGE)
    assert refused.status_code == 403
    assert "您自己提出的" in refused.get_data(as_text=True)
    assert in_force(app) == NEW
    assert where in text(second) and "按会议决定" in text(second)
    assert second.send(where, {}, PAGE).status_code == 303
    assert in_force(app) == OLD
    assert second.send(where, {}, PAGE).status_code == 409  # a second click
    told = text(second).split('id="history"')[1]
    assert "施行版本 2026.1" in told and "随软件送来" in told
    with app.app_context():
        verbs = db.select(JournalEntry.verb).where(JournalEntry.kind == "edition")
        assert db.session.scalars(verbs.order_by(JournalEntry.seq)).all() == [
            "ship", "propose", "publish",
        ]  # fmt: skip


def test_the_database_refuses_one_person_for_both(app: Flask, make: Factory) -> None:
    made = make.proposal()
    with pytest.raises(IntegrityError), app.app_context(), transaction():
        row = get_decision(made)
        row.state, row.settled_at = DecisionState.DECIDED, now()
        row.settled_by_id = row.proposed_by_id
        db.session.flush()


def test_a_proposal_is_taken_back_with_a_reason(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    where = f"/standards/editions/{make.proposal()}/take-back"
    office = signed_in("administrator", district=None)
    office.send(where, {"why": " "}, PAGE)
    assert only(app)
    office.send(where, {"why": "先培训监督员"}, PAGE)
    html = text(office)
    assert "先培训监督员" in html and "提议已撤回" in html
    assert in_force(app) == NEW
    assert office.send(where, {"why": "再来"}, PAGE).status_code == 409


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"why": ""}, "写明原因"),
        ({"why": "x" * 501}, "太长"),
        ({"edition": ""}, "请选一个版本"),
        ({"edition": "1999.1"}, "请选一个版本"),
        ({"edition": NEW}, "已经是这一版"),
        ({"starts_on": "soon"}, "请填一个日期"),
        ({"starts_on": "2020-01-01"}, "不能早于今天"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    app: Flask, signed_in: SignIn, changed: dict[str, str], told: str
) -> None:
    answer = signed_in("administrator", district=None).send(
        f"{PAGE}/propose", sent(**changed), PAGE
    )
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert told in html
    assert changed.get("why", "按会议决定。") in html
    with app.app_context():
        assert not db.session.scalars(db.select(EditionDecision)).all()


def test_one_proposal_at_a_time(make: Factory, signed_in: SignIn) -> None:
    make.proposal()
    with pytest.raises(Conflict):
        make.proposal()
    office = signed_in("administrator", district=None)
    assert office.send(f"{PAGE}/propose", sent(), PAGE).status_code == 409


@pytest.mark.parametrize(
    ("role", "district"),
    [("coordinator", "512002"), ("supervisor", None), ("security", None), ("department", None)],
)
def test_others_see_and_do_not_decide(
    app: Flask, make: Factory, signed_in: SignIn, role: str, district: str | None
) -> None:
    made = make.proposal()
    reader = signed_in(role, district=district)
    html = text(reader)
    assert "等待发布的提议" in html and "/publish" not in html and "/propose" not in html
    for where in (f"/standards/editions/{made}/publish", f"/standards/editions/{made}/take-back",
                  "/standards/lists/public-building/editions/propose"):  # fmt: skip
        assert reader.send(where, sent(), TOKEN).status_code == 403
    assert in_force(app) == NEW


def test_it_begins_on_its_day_and_never_before_it_was_published(app: Flask, make: Factory) -> None:
    later = today() + timedelta(days=10)
    made = make.proposal(starts_on=later)
    second = make.actor("coordinator", district=None)
    with time_machine.travel(now() + timedelta(days=20), tick=False):
        with app.app_context(), transaction():
            publish(get_decision(made), second)
        with app.app_context():
            assert edition_in_force("road", later) == NEW
            assert edition_in_force("road") == OLD
    make.in_force(OLD, "public-building", starts_on=later)
    with app.app_context():
        assert edition_in_force("public-building") == get_checklist("public-building").edition
        assert edition_in_force("public-building", later) == OLD


def test_content_that_changed_since_it_was_proposed_is_not_published(
    app: Flask, make: Factory
) -> None:
    made, second = make.proposal(), make.actor("coordinator", district=None)
    with app.app_context():
        with transaction():
            get_decision(made).content_hash = "0" * 64
        with pytest.raises(Conflict), transaction():
            publish(get_decision(made), second)


def test_a_district_coordinator_calling_the_action_is_refused(app: Flask, make: Factory) -> None:
    made, second = make.proposal(), make.actor("coordinator")
    with pytest.raises(NotAllowed), app.app_context(), transaction():
        publish(get_decision(made), second)


def test_an_upgrade_leaves_in_force_what_was(app: Flask, make: Factory, signed_in: SignIn) -> None:
    """As after an upgrade: 2026.1 was what the software brought, then came 2026.2."""
    with app.app_context():
        with transaction():
            keep_shipped()
            shipped = db.select(EditionDecision).where(EditionDecision.checklist_id == "road")
            row = db.session.scalars(shipped).one()
            row.edition, row.content_hash = OLD, get_checklist("road", OLD).content_hash
        with transaction():
            keep_shipped()  # every start
        assert edition_in_force("road") == OLD
        assert [one.checklist_id for one in standings() if one.is_overtaken] == ["road"]
    for role, district, told in (
        ("administrator", None, True), ("coordinator", None, True),
        ("coordinator", "512002", False),
    ):  # fmt: skip
        browser = signed_in(role, district=district)
        assert ("软件带来了版本 2026.2" in text(browser, "/")) is told
        assert ("软件带来了 1 张检查表的新版本" in text(browser, "/standards/")) is told
    make.proposal(NEW)
    assert "等待另一个人发布" in text(signed_in("administrator", district=None), "/")


def test_a_new_visit_uses_what_is_in_force_and_a_draft_keeps_its_edition(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    road = make.facility(FacilityKind.ROAD)
    browser = signed_in("supervisor")
    begun = f"/inspections/new?facility={road}"
    draft, late = form_of(browser, begun), form_of(browser, begun)
    assert draft["edition"] == NEW
    browser.send(draft["action"], fields(draft) | {"action": "draft"}, begun)
    make.in_force(OLD)
    assert edition_of(app, draft["action"]) == NEW
    assert form_of(browser, f"{draft['action']}/edit")["edition"] == NEW
    assert form_of(browser, begun)["edition"] == OLD
    # a page that was opened before is taken with what it showed; a draft with what it began with
    for form in (draft, late):
        assert browser.send(form["action"], fields(form), begun).status_code == 303
        assert edition_of(app, form["action"]) == NEW


def test_a_page_opened_long_ago_is_shown_anew(app: Flask, make: Factory, signed_in: SignIn) -> None:
    road = make.facility(FacilityKind.ROAD)
    browser = signed_in("supervisor")
    begun = f"/inspections/new?facility={road}"
    form = form_of(browser, begun)
    make.in_force(OLD)
    with time_machine.travel(now() + timedelta(days=8), tick=False):
        browser = signed_in("supervisor")
        answer = browser.send(form["action"], fields(form) | {"note": "下雨"}, begun)
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "检查表已换成新的版本" in html and "下雨" in html
        assert 'name="edition" value="2026.1"' in html


def test_a_retired_list_begins_nothing_and_its_draft_is_filed(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    road = make.facility(FacilityKind.ROAD)
    browser = signed_in("supervisor")
    begun = f"/inspections/new?facility={road}"
    draft = form_of(browser, begun)
    browser.send(draft["action"], fields(draft) | {"action": "draft"}, begun)
    make.in_force(NEW, act=Act.RETIRE)
    with app.app_context():
        assert "road" not in {one.id for one in checklists_in_force()}
    assert browser.get(begun).status_code == 404
    assert "已停用" in text(browser) and begun not in text(browser, f"/facilities/{road}")
    late = {**fields(draft), "edition": ""}  # nor does it rest on what the page says
    assert browser.send(draft["action"], late, TOKEN).status_code == 303
    assert edition_of(app, draft["action"]) == NEW


def test_only_what_is_in_force_can_be_retired(make: Factory) -> None:
    with pytest.raises(Invalid):
        make.proposal(OLD, act=Act.RETIRE)


def form_of(browser: CarefulClient, where: str) -> dict[str, str]:
    """The hidden fields of an inspection's form, and where it is sent."""
    html = text(browser, where)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    action = re.findall(r'action="(/inspections/[0-9a-f-]{36})"', html)[0]
    return {name: value for name, value in hidden.items() if name != "csrf_token"} | {
        "action": action
    }


def fields(form: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in form.items() if name != "action"} | {"rd-surface": "yes"}


def edition_of(app: Flask, where: str) -> str:
    with app.app_context():
        return db.session.get_one(Inspection, UUID(where.rsplit("/", 1)[1])).edition
