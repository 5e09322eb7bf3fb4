"""Thousands of random steps by random people: nothing forbidden succeeds, nothing is miscounted."""

import random
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from flask import Flask

from audit.core.actors import Actor
from audit.core.db import db, transaction
from audit.core.errors import AuditError, Conflict, Invalid, NotAllowed
from audit.core.ids import new_id
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.findings import actions
from audit.findings.actions import Failure
from audit.findings.models import Finding, FindingEvent, MapCell
from audit.findings.rules import OPEN_STATES, Source, State, Verb
from audit.geo.cells import parent_cell
from audit.journal.models import JournalEntry
from audit.journal.queries import first_broken_link
from tests.factories import ANYUE, YANJIANG, Factory

STEPS = 720  # for each seed: more than 2,000 with three
RULES = ("wc-door-width", "wc-stall-width", "wc-latch")
SEVERITIES = {"wc-door-width": "S1", "wc-stall-width": "S2", "wc-latch": "S4"}
AFTER = {
    Verb.CONFIRM: State.CONFIRMED, Verb.REJECT: State.REJECTED, Verb.DISPATCH: State.DISPATCHED,
    Verb.REPORT_FIXED: State.FIXED, Verb.PASS_RECHECK: State.CLOSED,
    Verb.FAIL_RECHECK: State.REOPENED, Verb.REOPEN: State.REOPENED,
}  # fmt: skip
BEFORE = {
    Verb.CONFIRM: {State.REPORTED}, Verb.REJECT: {State.REPORTED},
    Verb.DISPATCH: {State.CONFIRMED, State.DISPATCHED, State.REOPENED},
    Verb.REPORT_FIXED: {State.DISPATCHED, State.REOPENED}, Verb.PASS_RECHECK: {State.FIXED},
    Verb.FAIL_RECHECK: {State.FIXED}, Verb.REOPEN: {State.CLOSED, State.REJECTED},
}  # fmt: skip
ROLES = {
    Verb.CONFIRM: {"coordinator"}, Verb.REJECT: {"coordinator"}, Verb.DISPATCH: {"department"},
    Verb.REPORT_FIXED: {"organisation"}, Verb.PASS_RECHECK: {"supervisor", "coordinator"},
    Verb.FAIL_RECHECK: {"supervisor", "coordinator"}, Verb.REOPEN: {"coordinator", "department"},
}  # fmt: skip
ASKS_WHY = {Verb.REJECT, Verb.REPORT_FIXED, Verb.REOPEN}


@dataclass
class Person:
    actor: Actor
    role: str
    district: str | None
    photo: UUID | None = None


@dataclass
class Known:
    """What the walk knows of one finding, apart from the database."""

    id: UUID
    facility: UUID
    district: str
    rule: str
    found_by: UUID | None
    state: State = State.REPORTED
    organisation: UUID | None = None
    fixed_by: UUID | None = None
    found: int = 1
    events: list[tuple[Verb, State]] = field(default_factory=list)


class Walk:
    """A small town, a seed, and a model of what ought to be."""

    def __init__(self, make: Factory, seed: int) -> None:
        self.dice = random.Random(seed)
        self.owners = [make.organisation(), make.organisation()]
        self.people = [
            Person(make.actor(role, district=district), role, district)
            for role in (
                "supervisor",
                "coordinator",
                "department",
                "planner",
                "assessor",
                "auditor",
            )
            for district in (YANJIANG, ANYUE, None)
        ]
        for owner in self.owners:
            fixer = make.actor("organisation", organisation=owner)
            self.people.append(Person(fixer, "organisation", YANJIANG, make.photo(fixer)))
            insider = make.actor("supervisor", organisation=owner)
            self.people.append(Person(insider, "supervisor", YANJIANG))
        self.places = {
            make.toilet(
                lon=104.6 + shift / 1000, lat=30.1 + shift / 1000, district=district
            ): district
            for shift, district in enumerate((YANJIANG, YANJIANG, ANYUE, YANJIANG))
        }
        self.known: dict[UUID, Known] = {}
        self.taken: Counter[str] = Counter()

    def step(self) -> None:
        if not self.known or self.dice.random() < 0.12:
            self.find()
        else:
            self.take()
        db.session.rollback()

    def find(self) -> None:
        place, rule = self.dice.choice(list(self.places)), self.dice.choice(RULES)
        finder = self.dice.choice([one for one in self.people if one.role == "supervisor"])
        failure = Failure(
            Source.INSPECTION, rule, Text("门太窄", "Door too narrow"), SEVERITIES[rule],
            "build", "breach", checklist_id="public-toilet", note="量了两次",
        )  # fmt: skip
        with transaction() as session:
            facility = session.get_one(Facility, place)
            found = actions.open_findings(facility, [failure], finder.actor, new_id())[rule].id
        known = self.open_at(place, rule)
        if known is None:
            assert found not in self.known, "a new one"
            known = Known(found, place, self.places[place], rule, finder.actor.id)
            known.events.append((Verb.OPEN, State.REPORTED))
            self.known[found] = known
        else:
            assert found == known.id, "it joins the one that is open"
            known.found += 1
            known.events.append((Verb.JOIN, known.state))
        self.taken["find"] += 1

    def open_at(self, place: UUID, rule: str) -> Known | None:
        living = [
            one for one in self.known.values()
            if (one.facility, one.rule) == (place, rule) and one.state in OPEN_STATES
        ]  # fmt: skip
        assert len(living) <= 1
        return living[0] if living else None

    def take(self) -> None:
        known = self.dice.choice(list(self.known.values()))
        person, verb = self.dice.choice(self.people), self.dice.choice(list(AFTER))
        if self.dice.random() < 0.6:  # often what may come next, so that lives go on
            verb = self.dice.choice([one for one in AFTER if known.state in BEFORE[one]])
            person = self.dice.choice([one for one in self.people if one.role in ROLES[verb]])
        why = self.dice.choice(["", "  ", "已核对", "已核对"])
        owner = self.dice.choice([None, new_id(), *self.owners, *self.owners])
        photos = [person.photo] if person.photo and self.dice.random() < 0.8 else []
        expected = self.expected(known, person, verb, why, owner, photos)
        try:
            with transaction() as session:
                act(verb, session.get_one(Finding, known.id), person.actor, why, owner, photos)
            happened: type[AuditError] | None = None
        except AuditError as error:
            happened = type(error)
        assert happened is expected, (verb, known.state, person.role, person.district, why, owner)
        if happened is None:
            self.note(known, person, verb, owner)

    def expected(
        self, known: Known, person: Person, verb: Verb, why: str, owner: UUID | None,
        photos: list[UUID],
    ) -> type[AuditError] | None:  # fmt: skip
        if known.state not in BEFORE[verb]:
            return Conflict
        if person.role not in ROLES[verb] or not self.is_theirs(known, person, verb):
            return NotAllowed
        if verb is Verb.REOPEN and self.open_at(known.facility, known.rule):
            return Conflict
        if verb is Verb.DISPATCH and owner not in self.owners:
            return Invalid
        if verb in ASKS_WHY and not why.strip():
            return Invalid
        return Invalid if verb is Verb.REPORT_FIXED and not photos else None

    def is_theirs(self, known: Known, person: Person, verb: Verb) -> bool:
        mine = person.actor.organisation_id
        if verb is Verb.REPORT_FIXED:
            return mine is not None and mine == known.organisation
        if person.district not in (None, known.district):
            return False
        if verb in (Verb.PASS_RECHECK, Verb.FAIL_RECHECK):
            fixes = mine is not None and mine == known.organisation
            return not fixes and person.actor.id not in (known.fixed_by, known.found_by)
        return True

    def note(self, known: Known, person: Person, verb: Verb, owner: UUID | None) -> None:
        known.state = AFTER[verb]
        known.events.append((verb, known.state))
        self.taken[verb] += 1
        if verb is Verb.DISPATCH:
            known.organisation, known.fixed_by = owner, None
        if verb is Verb.REPORT_FIXED:
            known.fixed_by = person.actor.id


def act(
    verb: Verb, finding: Finding, actor: Actor, why: str, owner: UUID | None, photos: list[UUID]
) -> None:
    if verb is Verb.CONFIRM:
        actions.confirm(finding, actor, why)
    elif verb is Verb.REJECT:
        actions.reject(finding, actor, why)
    elif verb is Verb.DISPATCH:
        actions.dispatch(finding, actor, owner, why)
    elif verb is Verb.REPORT_FIXED:
        actions.report_fixed(finding, actor, why, photos)
    elif verb is Verb.REOPEN:
        actions.reopen(finding, actor, why)
    else:
        passed = verb is Verb.PASS_RECHECK
        actions.recheck(finding, actor, new_id(), passed=passed, note=why)


def check_findings(walk: Walk) -> None:
    """Rows, events and journal say what the model says."""
    rows = {row.id: row for row in db.session.scalars(db.select(Finding))}
    assert rows.keys() == walk.known.keys()
    for known in walk.known.values():
        row = rows[known.id]
        assert (row.state, row.organisation_id, row.fixed_by_id, row.times_found) == (
            known.state, known.organisation, known.fixed_by, known.found
        )  # fmt: skip
        events = list(row.events)
        assert [(one.verb, one.to_state) for one in events] == known.events
        assert [one.seq for one in events] == list(range(1, len(events) + 1))
        assert row.last_seq == len(events)
        check_replay(events, row.state)
        check_rechecks(events)
    steps = db.select(JournalEntry.verb).where(JournalEntry.kind == "finding")
    journaled = Counter(db.session.scalars(steps))
    assert sum(journaled.values()) == sum(walk.taken.values())
    assert first_broken_link() is None


def check_replay(events: list[FindingEvent], state: State) -> None:
    at: State | None = None
    for event in events:
        assert event.from_state == at
        at = event.to_state
    assert at == state


def check_rechecks(events: list[FindingEvent]) -> None:
    """No life ends by the hand that fixed it."""
    fixer: UUID | None = None
    for event in events:
        if event.verb is Verb.REPORT_FIXED:
            fixer = event.actor_id
            assert event.why and event.photos
        if event.verb in (Verb.PASS_RECHECK, Verb.FAIL_RECHECK):
            assert fixer is not None and event.actor_id != fixer
            assert event.actor_id != events[0].actor_id


def check_counts() -> None:
    """Every cell of every zoom, counted anew."""
    counted: Counter[tuple[object, ...]] = Counter()
    for row in db.session.scalars(db.select(Finding)):
        assert row.cell is not None and row.lon is not None and row.lat is not None
        for zoom in range(6, 17):
            key = (zoom, parent_cell(row.cell, zoom), row.district_code, row.kind, row.state)
            counted[(*key, f"n{row.severity[1]}")] += 1
            counted[(*key, "east")] += round(row.lon * 1_000_000)
            counted[(*key, "north")] += round(row.lat * 1_000_000)
    kept: Counter[tuple[object, ...]] = Counter()
    for cell in db.session.scalars(db.select(MapCell)):
        for name in ("n1", "n2", "n3", "n4", "east", "north"):
            kept[(cell.zoom, cell.cell, cell.district_code, cell.kind, cell.state, name)] += (
                getattr(cell, name)
            )
    assert {key: n for key, n in kept.items() if n} == {key: n for key, n in counted.items() if n}
    assert actions.miscounted() == 0


def check_one_open_each() -> None:
    living = db.session.execute(
        db.select(Finding.facility_id, Finding.rule_id, db.func.count())
        .where(Finding.state.in_(OPEN_STATES))
        .group_by(Finding.facility_id, Finding.rule_id)
    ).all()
    assert living and all(count == 1 for *_place, count in living)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_random_walk_breaks_no_rule_and_loses_no_count(
    app: Flask, make: Factory, seed: int
) -> None:
    walk = Walk(make, seed)
    with app.app_context():
        for _ in range(STEPS):
            walk.step()
        assert set(walk.taken) == {"find", *AFTER}, "every step was taken at least once"
        check_findings(walk)
        check_counts()
        check_one_open_each()


def cells() -> dict[tuple[object, ...], tuple[int, ...]]:
    rows = db.session.scalars(db.select(MapCell))
    counts = {
        (row.zoom, row.cell, row.district_code, row.kind, row.state): (
            row.n1, row.n2, row.n3, row.n4, row.east, row.north
        )
        for row in rows
    }  # fmt: skip
    return {key: numbers for key, numbers in counts.items() if any(numbers)}


def test_counting_anew_gives_what_was_kept_all_along(app: Flask, make: Factory) -> None:
    walk = Walk(make, 4)
    with app.app_context():
        for _ in range(60):
            walk.step()
        before = cells()
        with transaction():
            actions.recount()
        assert before and cells() == before


def test_a_count_that_is_wrong_is_noticed_and_put_right(app: Flask, make: Factory) -> None:
    make.finding()
    with app.app_context():
        assert actions.miscounted() == 0
        with transaction() as session:
            session.execute(db.update(MapCell).where(MapCell.zoom == 8).values(n2=MapCell.n2 + 1))
        assert actions.miscounted() == 1
        with transaction():
            actions.recount()
        assert actions.miscounted() == 0
