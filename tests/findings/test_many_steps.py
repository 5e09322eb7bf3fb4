"""What one step for many findings does is what its single steps do; and what it costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from audit.core.clock import today
from audit.core.db import db, transaction
from audit.core.errors import Conflict, Invalid
from audit.core.ids import new_id
from audit.findings import actions
from audit.findings.actions import Told, foresee, miscounted, take_many
from audit.findings.models import Finding
from audit.findings.rules import TRANSITIONS, Needs, State, Verb
from audit.journal.models import JournalEntry
from audit.journal.queries import first_broken_link
from audit.web.bulk import MOST
from tests.factories import Factory
from tests.findings.several import several

LED = [(Verb.CONFIRM, "coordinator")]
SENT = [*LED, (Verb.DISPATCH, "department")]
PATHS: dict[Verb, list[tuple[Verb, str]]] = {
    Verb.CONFIRM: [],
    Verb.REJECT: [],
    Verb.WITHDRAW: [],
    Verb.DISPATCH: LED,
    Verb.START: SENT,
    Verb.ASK_RETURN: SENT,
    Verb.GRANT_RETURN: [*SENT, (Verb.ASK_RETURN, "organisation")],
    Verb.REFUSE_RETURN: [*SENT, (Verb.ASK_RETURN, "organisation")],
    Verb.REFUSE_TIME: [*SENT, (Verb.ASK_TIME, "organisation")],
    Verb.GRANT_SUBSTITUTE: [*SENT, (Verb.ASK_SUBSTITUTE, "organisation")],
    Verb.REFUSE_SUBSTITUTE: [*SENT, (Verb.ASK_SUBSTITUTE, "organisation")],
    Verb.RESUME: [*SENT, (Verb.PROGRAMME, "department")],
    Verb.ESCALATE: LED,
    Verb.RELEASE: [*LED, (Verb.ESCALATE, "coordinator")],
    Verb.REFER: LED,
    Verb.ASSIST: LED,
    Verb.VOID: LED,
    Verb.REOPEN: [*LED, (Verb.VOID, "coordinator")],
    Verb.RECONSIDER: [(Verb.REJECT, "coordinator")],
    Verb.ACCEPT: [], Verb.REFUSE: [], Verb.TRUST: [],
}  # fmt: skip
AFTER_A_NEAR_RECHECK = {Verb.ACCEPT, Verb.REFUSE, Verb.TRUST}
OF_DEPARTMENT = {
    Verb.DISPATCH,
    Verb.GRANT_RETURN,
    Verb.REFUSE_RETURN,
    Verb.REFUSE_TIME,
    Verb.GRANT_SUBSTITUTE,
    Verb.REFUSE_SUBSTITUTE,
    Verb.RESUME,
    Verb.ASSIST,
}
WHO = dict.fromkeys(OF_DEPARTMENT, "department") | {
    Verb.START: "organisation", Verb.ASK_RETURN: "organisation", Verb.WITHDRAW: "finder",
}  # fmt: skip


def test_every_step_for_many_is_compared_below() -> None:
    own = {Needs.PHOTO, Needs.PHOTO_IF_ANY, Needs.INSPECTION, Needs.DATE, Needs.ASSISTANT,
           Needs.FINDING}  # fmt: skip
    fitting = {step.verb for step in TRANSITIONS if not own & set(step.needs)}
    assert set(PATHS) == fitting - {Verb.UNMERGE}


@pytest.mark.parametrize("verb", PATHS)
def test_a_bulk_step_does_what_the_single_steps_do(app: Flask, make: Factory, verb: Verb) -> None:
    owner = make.organisation()
    people = {role: make.actor(role) for role in ("coordinator", "department")}
    people["organisation"] = make.actor("organisation", organisation=owner)
    told = Told("写明理由", owner, until=today() + timedelta(days=900))
    if verb in AFTER_A_NEAR_RECHECK:
        numbers = [make.fixed(owner) for _ in range(4)]
        for number in numbers:
            make.rechecked_too_near(number)
    else:
        numbers = several(app, make, 3) + several(app, make, 1)
    people["finder"] = make.actor("supervisor")
    with app.app_context():
        if verb is Verb.WITHDRAW:
            with transaction() as session:
                session.execute(db.update(Finding).values(found_by_id=people["finder"].id))
        who = people[WHO.get(verb, "coordinator")]
        for step, role in PATHS[verb]:
            with transaction():
                for number in numbers:
                    actions.act(make.finding_named(number), step, people[role], told)
        rows = {one: make.finding_named(one).last_seq for one in numbers[::2]}
        with transaction():
            take_many(rows, verb, who, told, new_id())
        for number in numbers[1::2]:
            with transaction():
                actions.act(make.finding_named(number), verb, who, told)
        many = [kept(number) for number in numbers[::2]]
        single = [kept(number) for number in numbers[1::2]]
        assert many == single
        assert miscounted() == 0 and first_broken_link() is None


def kept(number: str) -> tuple[object, ...]:
    """A finding, its last event and that event's entry in the journal, without what is its own."""
    one = db.session.scalars(db.select(Finding).where(Finding.number == number)).one()
    last = one.events[-1]
    entry = db.session.scalars(
        db.select(JournalEntry)
        .where(JournalEntry.kind == "finding", JournalEntry.subject_id == str(one.id))
        .order_by(JournalEntry.seq.desc())
        .limit(1)
    ).one()
    told = [{k: v for k, v in detail.items() if k not in ("bulk", "number")}
            for detail in (last.detail, entry.detail)]  # fmt: skip
    return (
        one.state, one.organisation_id, one.fixed_by_id is None, one.last_seq, one.doubtful,
        one.asked_until, one.plea, one.escalated_at is None, one.referred_at is None,
        one.assistant_ids,
        len(one.events),
        last.verb, last.from_state, last.to_state, last.why, last.actor_id, entry.verb,
        entry.why, entry.actor_id, entry.district_code, told,
    )  # fmt: skip


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", look)


def test_the_cost_of_as_many_as_can_be_grows_by_a_few_statements_a_row(
    app: Flask, make: Factory
) -> None:
    numbers, owner = several(app, make, MOST), make.organisation()
    office, department = make.actor("coordinator"), make.actor("department")
    with app.app_context():
        with counted(app) as looking:
            foresee(dict.fromkeys(numbers), Verb.CONFIRM, office)
        assert len(looking) <= 3, "BEGIN, and one query for all"
        for verb, who in ((Verb.CONFIRM, office), (Verb.DISPATCH, department)):
            rows = {one.number: one.last_seq for one in db.session.scalars(db.select(Finding))}
            with counted(app) as working, transaction():
                take_many(rows, verb, who, Told("", owner), new_id())
            assert len(working) <= 6 * MOST + 20, verb


def test_one_that_lacks_its_reason_keeps_all_from_happening(app: Flask, make: Factory) -> None:
    numbers, office = several(app, make, 2), make.actor("coordinator")
    with app.app_context():
        with pytest.raises(Invalid), transaction():
            take_many(dict.fromkeys(numbers, 1), Verb.REJECT, office, Told(" "), new_id())
        assert {make.finding_named(one).state for one in numbers} == {State.REPORTED}


def test_nobody_gives_an_id_of_an_act_that_was_somebody_elses(app: Flask, make: Factory) -> None:
    first, second = several(app, make, 2)
    bulk, one, other = new_id(), make.actor("coordinator"), make.actor("coordinator")
    with app.app_context():
        with transaction():
            take_many({first: 1}, Verb.CONFIRM, one, Told(), bulk)
        with pytest.raises(Conflict), transaction():
            take_many({second: 1}, Verb.CONFIRM, other, Told(), bulk)
