"""The lives of a made-up town's findings, written in bulk: who must see to them, their events, the
clock that runs and what figures are made of, by the product's own rules."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import insert, select, update

from audit.accounts.actions import add_organisation
from audit.accounts.rules import OrganisationKind
from audit.clocks.queries import rulebook
from audit.clocks.rules import Limit, Stage, Unit, WorkingDays, run_clock
from audit.core.actors import SYSTEM
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.findings.models import Finding, FindingEvent
from audit.findings.rules import Passage, State, Verb, replayed, stage_of

CHUNK = 5_000
LIMITS = {"S1": Limit(7, Unit.DAYS), "S2": Limit(30, Unit.DAYS), "S3": Limit(60, Unit.DAYS)}
NO_LIMIT = Limit(None, Unit.DAYS)
Step = tuple[Verb, State]
BEGUN: list[Step] = [(Verb.OPEN, State.REPORTED)]
SENT = [*BEGUN, (Verb.CONFIRM, State.CONFIRMED), (Verb.DISPATCH, State.DISPATCHED)]
FIXED = [*SENT, (Verb.REPORT_FIXED, State.FIXED)]
AGAIN = [*FIXED, (Verb.FAIL_RECHECK, State.REOPENED)]
WAYS: dict[State, list[list[Step]]] = {
    State.REPORTED: [BEGUN],
    State.REJECTED: [[*BEGUN, (Verb.REJECT, State.REJECTED)]],
    State.CONFIRMED: [SENT[:2], [*SENT, (Verb.RETURN, State.CONFIRMED)]],
    State.DISPATCHED: [SENT, [*SENT, (Verb.GRANT_TIME, State.DISPATCHED)]],
    State.FIXED: [FIXED],
    State.REOPENED: [AGAIN],
    State.CLOSED: [
        [*FIXED, (Verb.PASS_RECHECK, State.CLOSED)],
        [*FIXED, (Verb.PASS_RECHECK, State.CLOSED)],
        [*AGAIN, (Verb.REPORT_FIXED, State.FIXED), (Verb.PASS_RECHECK, State.CLOSED)],
        [*SENT, (Verb.VOID, State.CLOSED)],
    ],
}
DEPARTMENTS = 8
DAYS_APART = 20  # at most, between two steps


def give_lives(app: Flask, events_each: int, dice: random.Random) -> int:
    """Every finding gets a way to the state that it is in, and is found again until it has about
    so many events. How many events."""
    with app.app_context():
        with transaction():
            departments = [
                add_organisation(f"主管部门 {n}", OrganisationKind.DEPARTMENT, SYSTEM).id
                for n in range(DEPARTMENTS)
            ]
        wanted = select(
            Finding.id, Finding.state, Finding.severity, Finding.opened_at, Finding.organisation_id
        ).order_by(Finding.id)
        found = db.session.execute(wanted).all()
        days, count = rulebook().days, 0
        for start in range(0, len(found), CHUNK):
            lives = [_life(row, events_each, departments, days, dice)
                     for row in found[start : start + CHUNK]]  # fmt: skip
            events = [event for _columns, life in lives for event in life]
            with transaction():
                db.session.execute(update(Finding), [columns for columns, _life in lives])
                db.session.execute(insert(FindingEvent), events)
            count += len(events)
        return count


def _life(
    row: Any, events_each: int, departments: list[UUID], days: WorkingDays, dice: random.Random
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Of one finding: its columns and its events."""
    way = dice.choice(WAYS[row.state])
    more = dice.randrange(max(1, 2 * (events_each - len(way)) + 1))
    steps = [*way[:1], *[(Verb.JOIN, State.REPORTED)] * more, *way[1:]]
    limit = LIMITS.get(row.severity, NO_LIMIT)
    passages = list(_passages(steps, row.opened_at, limit, dice))
    columns = {"id": row.id, "last_seq": len(steps), "changed_at": passages[-1].at}
    columns |= vars(replayed(passages, days))
    if row.state is not State.REPORTED:
        columns["department_id"] = departments[row.id.int % len(departments)]
    stage = stage_of(row.state, row.organisation_id)
    since = next((one.at for one in reversed(passages) if one.turned), row.opened_at)
    if stage is not None:
        clock = run_clock(since, limit, days)
        columns |= {"stage": stage, "clock_since": since, "due_at": clock.due,
                    "gross_at": clock.gross, "limit_amount": limit.amount,
                    "limit_unit": limit.unit}  # fmt: skip
    return columns, list(_events(row.id, steps, passages))


def _passages(
    steps: list[Step], opened_at: datetime, limit: Limit, dice: random.Random
) -> Iterator[Passage]:
    moment, before = opened_at, None
    for verb, to in steps:
        stage = stage_of(to, SOMEBODY)
        turned = stage is not before or before is None
        clock = (Stage(stage), limit) if turned and stage else None
        until = moment.date() + timedelta(days=90) if verb is Verb.GRANT_TIME else None
        yield Passage(verb, to, moment, turned=turned, clock=clock, until=until)
        moment, before = moment + timedelta(minutes=dice.randrange(DAYS_APART * 1440)), stage


SOMEBODY = new_id()


def _events(finding: UUID, steps: list[Step], passages: list[Passage]) -> Iterator[dict[str, Any]]:
    states = [None, *(to for _verb, to in steps)]
    for seq, ((before, to), one) in enumerate(zip(pairwise(states), passages, strict=True), 1):
        yield {
            "id": new_id(), "finding_id": finding, "seq": seq, "at": one.at, "actor_id": None,
            "actor_name": "王小满", "verb": one.verb, "from_state": before, "to_state": to,
            "why": "现场看过，情况如照片。", "detail": {"found_in": str(finding)},
        }  # fmt: skip
