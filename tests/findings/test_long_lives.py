"""Lives of findings while places move, websites are scanned again and people change employers."""

import random
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from audit.clocks.queries import rulebook
from audit.core.actors import Actor
from audit.core.db import db, is_sqlite, transaction
from audit.core.errors import Conflict, NotAllowed, NotFound
from audit.core.ids import new_id
from audit.findings import actions
from audit.findings.actions import miscounted
from audit.findings.models import Finding, FindingEvent
from audit.findings.queries import get_finding
from audit.findings.rules import State, Verb, replay, replayed
from audit.journal.models import JournalEntry
from audit.journal.queries import first_broken_link
from audit.photos.actions import keep_photo, receive_photo
from audit.photos.drawing import Scene, drawn_photo
from tests.factories import Factory
from tests.findings.beliefs import FINAL, JUDGES, RECHECKS, TABLE, Life
from tests.findings.counting import assert_counts_are_true
from tests.findings.lives import World, get

UNNAMED = ("resume", "confirmed")  # while nobody has been named
STEPS = 2_600
ROUND = 400


@pytest.fixture
def hasty(app: Flask) -> Iterator[Flask]:
    """SQLite without waiting for the disk: what a power cut leaves is no matter of these tests."""
    with app.app_context():
        if is_sqlite():
            db.engine.dispose()
            event.listen(db.engine, "connect", _no_waiting)
        yield app


def _no_waiting(connection: object, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]


@pytest.fixture
def photo(hasty: Flask, make: Factory) -> UUID:
    sender = make.actor("supervisor")
    received = receive_photo(drawn_photo(Scene.TOILET, 1, (160, 120)), sender)
    with transaction():
        return keep_photo(new_id(), received, sender).id


def test_whatever_else_happens_nobody_takes_a_step_that_is_not_theirs(
    hasty: Flask, make: Factory, photo: UUID
) -> None:
    world = World(make, random.Random(20_230_901), photo)
    for step in range(STEPS):
        world.act_until(step)
        if step % ROUND == 0:
            assert miscounted() == 0, f"after {step} steps"
            assert_one_open()
            db.session.rollback()
    assert_everything_was_tried(world)
    for life in world.lives.values():
        assert_replays(life)
        assert_rechecked_by_others(life)
    assert_in_the_journal(world)
    assert_counts_are_true()


def assert_one_open() -> None:
    doubled = db.session.execute(
        text(
            "SELECT facility_id, rule_id FROM finding"
            " WHERE state NOT IN ('closed', 'rejected', 'withdrawn', 'merged')"
            " GROUP BY facility_id, rule_id HAVING count(*) > 1"
        )
    ).all()
    assert doubled == []


def assert_everything_was_tried(world: World) -> None:
    """The walk would prove nothing if the dice had never come to a step."""
    assert all(world.took[step] > 3 for step in TABLE), world.took
    for step in TABLE:
        assert world.refused[step, "Conflict"] > 0 or step == "note", step
        assert world.refused[step, "NotAllowed"] > 0, step
        assert world.refused[step, "Invalid"] > 0, step
    assert any(life.times_found > 1 for life in world.lives.values())
    assert any(life.scanned and life.state == "closed" for life in world.lives.values())


def assert_replays(life: Life) -> None:
    """The events alone, in their order, give the state; no number is left out or used twice."""
    row = get(life.number)
    events = db.session.scalars(
        db.select(FindingEvent).where(FindingEvent.finding_id == row.id).order_by(FindingEvent.seq)
    ).all()
    assert [one.seq for one in events] == list(range(1, row.last_seq + 1))
    state: str | None = None
    for one in events:
        assert one.from_state == state, life
        if one.verb not in {"open", "join", "take_in", "let_go"} and one.actor_id is not None:
            came_from, to, _roles = TABLE[one.verb]
            assert one.from_state in came_from, life
            assert one.to_state == (to or state) or (one.verb, one.to_state) == UNNAMED, life
        state = one.to_state
    assert state == row.state == life.state
    assert [(one.verb, one.from_state, one.to_state, one.actor_id) for one in events] == life.events
    assert replay(one.told() for one in events) == row.life(), life
    counted = replayed((one.passage() for one in events), rulebook().days)
    assert counted == row.milestones(), life
    no_day = row.limit_amount is None and row.state != "programmed"  # else the planned one
    assert (row.due_at is None) is (row.stage is None or no_day), life


def assert_rechecked_by_others(life: Life) -> None:
    """From the events alone: no re-check by the finder, nothing decided by the fixer or the
    fixer's organisation."""
    finder = life.events[0][3]
    fixer: UUID | None = None
    body: UUID | None = None
    for place, (verb, _from, _to, who) in enumerate(life.events):
        if verb == "report_fixed":
            fixer, body = who, life.bodies[place]
            assert body is not None
        if verb == "dispatch":
            fixer = body = None
        if verb in RECHECKS and who is not None:
            assert fixer is not None and who not in (fixer, finder), life
        if verb in JUDGES and who is not None and fixer is not None:
            assert who != fixer and life.bodies[place] != body, life


def assert_in_the_journal(world: World) -> None:
    entries = db.session.scalars(
        db.select(JournalEntry).where(JournalEntry.kind == "finding").order_by(JournalEntry.seq)
    ).all()
    told: dict[str, list[tuple[object, ...]]] = {}
    for entry in entries:
        story = (entry.verb, entry.detail["from"], entry.detail["to"], entry.actor_id)
        told.setdefault(entry.detail["number"], []).append(story)
    assert told == {life.number: life.events for life in world.lives.values()}
    assert first_broken_link() is None


def test_nobody_without_a_name_takes_a_step(app: Flask, make: Factory) -> None:
    number = make.finding()
    nobody = Actor(None, "")
    with app.app_context():
        for verb in Verb:
            if verb in TABLE:
                with pytest.raises((NotAllowed, Conflict)):
                    actions.check_step(get(number), verb, nobody)


@pytest.mark.parametrize("state", list(State))
def test_the_database_keeps_one_open_finding_of_a_rule_at_a_place(
    app: Flask, make: Factory, state: State
) -> None:
    number = make.finding()
    twin = _twin_of(app, number)
    is_open = str(state) not in FINAL
    with app.app_context():
        with transaction() as session:
            session.execute(
                text("UPDATE finding SET state = :state WHERE number = :number"),
                {"state": str(state), "number": number},
            )
        if is_open:
            with pytest.raises(IntegrityError), transaction() as session:
                session.execute(db.insert(Finding).values(**twin))
        else:
            with transaction() as session:
                session.execute(db.insert(Finding).values(**twin))
        known = db.select(db.func.count()).select_from(Finding)
        assert db.session.scalar(known) == (1 if is_open else 2)


def _twin_of(app: Flask, number: str) -> dict[str, object]:
    with app.app_context():
        row = get(number)
        values = {name: getattr(row, name) for name in Finding.__mapper__.columns.keys()}  # noqa: SIM118
    return values | {"id": new_id(), "number": "ZY-2026-999999"}


def test_a_closed_finding_does_not_come_back_beside_its_open_twin(
    app: Flask, make: Factory
) -> None:
    number = make.finding()
    coordinator = make.actor("coordinator")
    with app.app_context():
        with transaction():
            actions.act(get(number), Verb.REJECT, coordinator, actions.Told("不成立"))
        with transaction():
            values = _twin_of(app, number) | {"state": State.REPORTED}
            db.session.execute(db.insert(Finding).values(**values))
        with pytest.raises(Conflict) as told, transaction():
            actions.act(get(number), Verb.RECONSIDER, coordinator, actions.Told("又坏了"))
        assert "已有一个未销号的问题" in str(told.value.message)


def test_a_finding_sent_to_another_organisation_is_gone_from_the_first(
    app: Flask, make: Factory
) -> None:
    one, other = make.organisation(), make.organisation()
    number = make.dispatched(one)
    first = make.actor("organisation", organisation=one)
    second = make.actor("organisation", organisation=other)
    department = make.actor("department")
    with app.app_context():
        assert get_finding(number, first).number == number
        with pytest.raises(NotFound):
            get_finding(number, second)
        with transaction():
            actions.dispatch(get(number), department, other, "这段路归他们管")
        assert get_finding(number, second).number == number
        with pytest.raises(NotFound):
            get_finding(number, first)
        with pytest.raises(NotAllowed), transaction():
            actions.report_fixed(get(number), first, "改好了", [new_id()])
