"""Clocks are told of before, on and after their last day: each once, to whose turn it is."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from audit.alerts.jobs import remind_people
from audit.alerts.rules import Kind, kind_due
from audit.clocks.rules import Stage
from audit.core import clock
from audit.core.db import db, transaction
from audit.findings import actions as steps
from audit.findings.rules import Verb
from audit.notices.models import Notice
from audit.notices.rules import Topic
from tests.factories import Factory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = datetime(2026, 12, 10, 16, tzinfo=UTC)
LONG_AGO, GROSS = DUE - 30 * DAY, DUE + 60 * DAY


@pytest.mark.parametrize(("moment", "kind"), [
    (DUE - 2 * DAY - HOUR, None), (DUE - 2 * DAY, Kind.SOON), (DUE - DAY, Kind.TODAY),
    (DUE - HOUR, Kind.TODAY), (DUE, Kind.LATE), (GROSS - HOUR, Kind.LATE), (GROSS, Kind.GROSS),
])  # fmt: skip
def test_where_a_clock_stands(moment: datetime, kind: Kind | None) -> None:
    assert kind_due(LONG_AGO, DUE, GROSS, moment) is kind


@pytest.mark.parametrize("moment", [DUE - 20 * HOUR, DUE - HOUR])
def test_a_day_is_not_reminded_of_in_the_moment_it_is_set(moment: datetime) -> None:
    assert kind_due(DUE - DAY, DUE, None, moment) is None
    assert kind_due(DUE - DAY, DUE, None, DUE) is Kind.LATE


def remind(app: Flask, moment: datetime) -> None:
    with app.app_context(), clock.at(moment):
        remind_people()


def told(app: Flask, person: object) -> list[str]:
    with app.app_context():
        mine = db.select(Notice.subject_zh).where(
            Notice.user_id == person.id,
            Notice.topic == Topic.DEADLINE,  # type: ignore[attr-defined]
        )
        return list(db.session.scalars(mine.order_by(Notice.id)))


def due_of(app: Flask, number: str) -> tuple[datetime, datetime]:
    with app.app_context():
        row = Factory(app).finding_named(number)
        assert row.due_at and row.gross_at and row.stage is Stage.FIX
        return row.due_at, row.gross_at


def test_each_point_of_a_clock_is_told_once_to_whose_turn_it_is(app: Flask, make: Factory) -> None:
    owner = make.organisation()
    fixer, coordinator = make.actor("organisation", organisation=owner), make.actor("coordinator")
    department, number = make.actor("department"), make.dispatched(owner)
    due, gross = due_of(app, number)
    for moment in (due - 9 * DAY, due - 2 * DAY, due - 2 * DAY, due - DAY, due, due + DAY, gross):
        for _ in range(2):
            remind(app, moment)
    name = f"问题 {number} 整改"
    assert told(app, fixer) == [
        f"{name}快到期", f"{name}今天到期", f"{name}已超期", f"{name}严重超期",
    ]  # fmt: skip
    assert told(app, department) == [f"{name}已超期", f"{name}严重超期"]
    assert told(app, coordinator) == [f"{name}严重超期"]


def test_a_worker_that_was_away_tells_only_how_it_stands_now(app: Flask, make: Factory) -> None:
    owner = make.organisation()
    fixer, number = make.actor("organisation", organisation=owner), make.dispatched(owner)
    remind(app, due_of(app, number)[1] + DAY)
    assert told(app, fixer) == [f"问题 {number} 整改严重超期"]


def test_more_time_begins_the_clock_anew(app: Flask, make: Factory) -> None:
    owner = make.organisation()
    fixer, department = make.actor("organisation", organisation=owner), make.actor("department")
    number = make.dispatched(owner)
    due, _gross = due_of(app, number)
    remind(app, due - 2 * DAY)
    with app.app_context(), clock.at(due - DAY - HOUR):
        later = clock.here(due).date() + 10 * DAY
        with transaction():
            steps.act(
                make.finding_named(number), Verb.ASK_TIME, fixer, steps.Told("等材料", until=later)
            )
        with transaction():
            steps.act(
                make.finding_named(number), Verb.GRANT_TIME, department, steps.Told(until=later)
            )
    remind(app, due)
    assert len(told(app, fixer)) == 1, "it is in time now"
    remind(app, due_of(app, number)[0] - 2 * DAY)
    assert len(told(app, fixer)) == 2


def test_a_request_for_time_that_waits_is_told_of_once(app: Flask, make: Factory) -> None:
    owner = make.organisation()
    fixer, department = make.actor("organisation", organisation=owner), make.actor("department")
    number = make.dispatched(owner)
    with app.app_context(), transaction():
        until = clock.today() + 90 * DAY
        steps.act(
            make.finding_named(number), Verb.ASK_TIME, fixer, steps.Told("等材料", until=until)
        )
    remind(app, clock.now() + DAY)
    assert told(app, department) == []
    for days in (2, 3):
        remind(app, clock.now() + days * DAY + HOUR)
    assert told(app, department) == [f"问题 {number} 整改申请延期还没有决定"]


def test_many_clocks_are_one_message(app: Flask, make: Factory) -> None:
    owner = make.organisation()
    fixer = make.actor("organisation", organisation=owner)
    numbers = [make.dispatched(owner) for _ in range(3)]
    remind(app, due_of(app, numbers[0])[0])
    assert told(app, fixer) == ["3 个问题整改已超期"]
    with app.app_context():
        address = db.session.scalars(
            db.select(Notice.address).where(Notice.user_id == fixer.id)
        ).one()
    assert address == "/findings/?late=late"
