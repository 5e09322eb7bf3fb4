"""Whoever has to do with a finding learns what befell it: once, and after it was saved."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from audit.accounts.models import User
from audit.alerts import actions
from audit.alerts.jobs import tell_people
from audit.alerts.models import AlertCursor
from audit.alerts.rules import SILENT, TABLE
from audit.alerts.rules.messages import MOST_NAMED
from audit.checklists.rules import Answer
from audit.core.actors import Actor
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.findings import actions as steps
from audit.findings.models import Finding
from audit.findings.rules import Verb
from audit.journal.models import JournalHead
from audit.notices.models import Notice
from audit.notices.rules import Topic
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory, Person

SignIn = Callable[..., CarefulClient]


def test_every_verb_is_told_or_named_as_silent() -> None:
    """A new verb needs a row in the table, or a place among the silent ones with its reason."""
    assert TABLE.keys() | SILENT == set(Verb)
    assert not TABLE.keys() & SILENT


@pytest.mark.parametrize("verb", TABLE)
def test_the_words_of_a_row_name_numbers_and_nothing_else(verb: Verb) -> None:
    for telling in TABLE[verb]:
        assert telling.who
        for text in (telling.one.zh, telling.one.en):
            assert text.format(number="ZY-1", count=1).count("ZY-1") == 1
        for text in (telling.many.zh, telling.many.en):
            assert "7" in text.format(number="ZY-1", count=7)


def tell(app: Flask) -> None:
    with app.app_context():
        tell_people()


def inbox(app: Flask, person: Person | Actor) -> list[Notice]:
    with app.app_context():
        mine = db.select(Notice).where(Notice.user_id == person.id).order_by(Notice.id)
        return list(db.session.scalars(mine))


def act(app: Flask, number: str, verb: Verb, actor: Actor, **told: object) -> None:
    with app.app_context(), transaction():
        finding = db.session.scalars(db.select(Finding).where(Finding.number == number)).one()
        steps.act(finding, verb, actor, steps.Told(**told))  # type: ignore[arg-type]


def test_a_finding_on_its_way_is_told_to_whom_it_concerns(app: Flask, make: Factory) -> None:
    owner = make.organisation()
    coordinator, elsewhere = make.actor("coordinator"), make.actor("coordinator", district=ANYUE)
    fixer, stranger = make.actor("organisation", organisation=owner), make.actor("organisation")
    department, number = make.actor("department"), make.finding()
    tell(app)
    assert [one.subject_zh for one in inbox(app, coordinator)] == [f"问题 {number} 等待核实"]
    act(app, number, Verb.CONFIRM, coordinator)
    tell(app)
    assert inbox(app, department)[-1].subject_en == (
        f"Finding {number} was confirmed and waits for dispatch"
    )
    assert len(inbox(app, coordinator)) == 1, "nobody is told of their own act"
    act(app, number, Verb.DISPATCH, department, organisation_id=owner)
    tell(app)
    told = inbox(app, fixer)
    assert [(one.topic, one.address) for one in told] == [(Topic.TODO, f"/findings/{number}")]
    assert "派给您的单位整改" in told[0].subject_zh and "期限到" in told[0].body_zh
    act(app, number, Verb.ASK_RETURN, fixer, why="不是我们的")
    act(app, number, Verb.GRANT_RETURN, make.actor("department"), why="属实")
    tell(app)
    assert "被退回" in inbox(app, department)[-1].subject_zh
    assert all("不是我们的" not in one.body_zh for one in inbox(app, department))
    with app.app_context():
        finder = make.finding_named(number).found_by_id
        mine = db.select(Notice.topic).where(Notice.user_id == finder)
        assert set(db.session.scalars(mine)) == {Topic.OUTCOME}
    assert inbox(app, elsewhere) == inbox(app, stranger) == []


def test_a_restart_tells_nothing_twice(app: Flask, make: Factory) -> None:
    coordinator = make.actor("coordinator")
    make.finding()
    for _ in range(3):
        tell(app)
    assert len(inbox(app, coordinator)) == 1
    with app.app_context():
        seq = db.session.scalars(db.select(AlertCursor.seq)).one()
        assert seq == db.session.get_one(JournalHead, 1).seq


def test_what_was_rolled_back_is_told_to_nobody(app: Flask, make: Factory) -> None:
    coordinator, number = make.actor("coordinator"), make.finding()
    department = make.actor("department")
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
        steps.act(make.finding_named(number), Verb.CONFIRM, coordinator)
        db.session.flush()
        raise ZeroDivisionError
    tell(app)
    assert inbox(app, department) == []
    # nor does the cursor move past what was not told
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
        steps.act(make.finding_named(number), Verb.CONFIRM, coordinator)
        actions.catch_up()
        db.session.flush()
        raise ZeroDivisionError
    act(app, number, Verb.CONFIRM, coordinator)
    tell(app)
    assert len(inbox(app, department)) == 1


def test_many_at_once_are_one_message_with_their_count(app: Flask, make: Factory) -> None:
    coordinator, department = make.actor("coordinator"), make.actor("department")
    numbers = [make.finding() for _ in range(MOST_NAMED + 2)]
    tell(app)
    with app.app_context(), transaction():
        rows = dict.fromkeys(numbers, 1)
        steps.take_many(rows, Verb.CONFIRM, coordinator, steps.Told(), new_id())
    tell(app)
    told = inbox(app, department)
    assert [one.subject_zh for one in told] == ["12 个问题已立案，等待派单"]
    assert told[0].address == "/findings/?state=confirmed"
    named = [number for number in numbers if number in told[0].body_zh]
    assert len(named) == MOST_NAMED and "另有 2 个" in told[0].body_zh


def test_several_findings_of_one_visit_lead_to_their_place(app: Flask, make: Factory) -> None:
    coordinator, supervisor = make.actor("coordinator"), make.actor("supervisor")
    place = make.toilet()
    answers = {
        "wc-provision": Answer.of(("male_stall", "female_stall")),
        "wc-stall-width": Answer.of(1400), "wc-stall-length": Answer.of(1400),
    }  # fmt: skip
    make.inspection(place, supervisor, answers)
    tell(app)
    told = inbox(app, coordinator)
    assert [one.address for one in told] == [f"/findings/?facility={place}&state=all"]
    assert told[0].subject_en.endswith("findings wait to be confirmed")


def test_without_a_department_the_coordinator_hears_of_what_waits(
    app: Flask, make: Factory
) -> None:
    coordinator, other = make.actor("coordinator"), make.actor("coordinator")
    number = make.finding()
    act(app, number, Verb.CONFIRM, coordinator)
    tell(app)
    assert any("等待派单" in one.subject_zh for one in inbox(app, other))


def test_who_may_no_longer_see_a_finding_learns_its_number_and_no_more(
    app: Flask, make: Factory
) -> None:
    owner = make.organisation()
    person = make.person("organisation", organisation=owner)
    number = make.dispatched(owner)
    tell(app)
    fixer = make.actor_of(person)
    act(app, number, Verb.ASK_RETURN, fixer, why="不是我们的")
    act(app, number, Verb.GRANT_RETURN, make.actor("department"), why="属实")
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    browser.hold(make.session_of(person))
    page = browser.get("/messages/").get_data(as_text=True)
    with app.app_context():
        finding = make.finding_named(number)
        hidden = [finding.title_zh, finding.facility.name, finding.facility.address]
    assert number in page and not [text for text in hidden if text and text in page]
    notice = inbox(app, person)[0].id
    opened = browser.send(f"/messages/{notice}/open", {}, page="/messages/")
    assert (opened.status_code, opened.location) == (303, f"/findings/{number}")
    assert browser.get(opened.location).status_code == 404


def test_a_closed_account_gets_nothing(app: Flask, make: Factory) -> None:
    coordinator = make.actor("coordinator")
    with app.app_context(), transaction():
        db.session.get_one(User, coordinator.id).active = False
    make.finding()
    tell(app)
    assert inbox(app, coordinator) == []


def test_the_addresses_of_messages_are_pages(app: Flask, make: Factory, signed_in: SignIn) -> None:
    make.finding()
    browser = signed_in("coordinator")
    tell(app)
    with app.app_context():
        where: list[str] = list(db.session.scalars(db.select(Notice.address)))
    assert where
    for one in {
        *where,
        "/findings/?state=confirmed&state=fixed",
        f"/findings/?facility={UUID(int=5)}&state=all",
    }:
        assert browser.get(one).status_code == 200, one
