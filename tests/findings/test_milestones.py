"""Milestones of random lives: kept step by step, and read from the events alone."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from audit.clocks.rules import Limit, Stage, Unit, WorkingDays, run_clock
from audit.core.clock import HERE
from audit.findings.models import FindingEvent
from audit.findings.rules import (
    ANEW,
    Life,
    Milestones,
    State,
    Step,
    Verb,
    after,
    counts_until,
    passed,
    replay,
    replayed,
    stage_of,
    steps_from,
    time_to_fix,
)

DAYS = WorkingDays()
OWNERS = [str(UUID(int=number)) for number in (1, 2)]
LIMITS = {Stage.CONFIRM: 3, Stage.DISPATCH: 2, Stage.FIX: 20, Stage.RECHECK: 10}
NO_CASE = {State.REJECTED, State.WITHDRAWN, State.MERGED}
ENDS = NO_CASE | {State.CLOSED}
PUT_OFF = {State.PROGRAMMED, State.SUBSTITUTED}
LIVES, STEPS, CHECKED = 200, 30, 6


@dataclass
class Kept:
    """What a finding's columns hold, set by the pure rules in the order of the real step."""

    life: Life = field(default_factory=Life)
    due: datetime | None = None
    milestones: Milestones = field(default_factory=Milestones)
    events: list[FindingEvent] = field(default_factory=list)

    def step(self, verb: Verb, to: State, at: datetime, detail: dict[str, Any]) -> None:
        event = FindingEvent(verb=verb, to_state=to, at=at, detail=detail)
        event.detail = detail | self._clock(event)
        before, self.life = self.life, after(self.life, event.told())
        self.events.append(event)
        if "clock" in event.detail:
            self.milestones = time_to_fix(self.milestones, self.life.stage, verb, to, at)
        if "clock" in event.detail or before.extended_to != self.life.extended_to:
            self._set_due()
        self.milestones = passed(self.milestones, verb, to, at)

    def _clock(self, event: FindingEvent) -> dict[str, Any]:
        then = after(self.life, event.told())
        stage = stage_of(then.state, then.organisation_id)
        elsewhere = event.verb is Verb.DISPATCH and then.organisation_id != (
            self.life.organisation_id
        )
        if stage is self.life.stage and not elsewhere and event.verb not in ANEW:
            return {}
        told: dict[str, Any] = {"ended_due": self.due.isoformat()} if self.due else {}
        clock = {"stage": stage, "amount": LIMITS[stage], "unit": Unit.DAYS} if stage else None
        return told | {"clock": clock}

    def _set_due(self) -> None:
        life, self.due = self.life, None
        if life.clock_since and life.limit_unit:
            limit = Limit(life.limit_amount, life.limit_unit)
            clock = run_clock(life.clock_since, limit, DAYS, life.extended_to, life.planned_on)
            self.due = clock.due
        extended = life.extended_to is not None
        if counts_until(self.milestones, life.stage, life.clock_since, extended):
            self.milestones = Milestones(**vars(self.milestones) | {"fix_due_at": self.due})


def lives(seed: int, steps: int) -> list[Kept]:
    """A random life after each of its steps."""
    dice, kept = random.Random(seed), Kept()
    moment, found = datetime(2026, 3, 2, 10, tzinfo=HERE), []
    kept.step(Verb.OPEN, State.REPORTED, moment, {"clock": _first()})
    for _ in range(steps):
        moment += timedelta(days=dice.choice([0, 1, 3, 9, 30]), hours=1)
        step = _chosen(kept.life.state, dice)
        to = step.to or kept.life.state
        if step.unnamed and kept.life.organisation_id is None:
            to = step.unnamed
        before = Kept(kept.life, kept.due, kept.milestones, list(kept.events))
        kept.step(step.verb, to, moment, _detail(step, moment, dice))
        found += [before]
    return [*found, kept]


def _chosen(state: State, dice: random.Random) -> Step:
    """Mostly one that leads on, so that few lives end early."""
    steps = steps_from(state)
    weights = [0.2 if one.to in ENDS else 3 if one.to else 1 for one in steps]
    return dice.choices(steps, weights)[0]


def _first() -> dict[str, Any]:
    return {"stage": Stage.CONFIRM, "amount": LIMITS[Stage.CONFIRM], "unit": Unit.DAYS}


def _detail(step: Step, moment: datetime, dice: random.Random) -> dict[str, Any]:
    if step.verb in (Verb.DISPATCH, Verb.ASSIST, Verb.END_ASSIST):
        return {"organisation_id": dice.choice(OWNERS)}
    if step.verb in (Verb.ASK_TIME, Verb.GRANT_TIME, Verb.PROGRAMME):
        return {"until": (moment.date() + timedelta(days=dice.choice([10, 60]))).isoformat()}
    return {}


@pytest.fixture(scope="module")
def walks() -> list[list[Kept]]:
    return [lives(seed, STEPS) for seed in range(LIVES)]


def test_the_events_alone_give_the_milestones_that_are_kept(walks: list[list[Kept]]) -> None:
    states = set()
    for walk in walks:
        for now in walk[1::CHECKED]:
            assert replayed((one.passage() for one in now.events), DAYS) == now.milestones
            assert replay(one.told() for one in now.events) == now.life
        states |= {now.life.state for now in walk}
    assert states == set(State), "the dice came to every state"


def test_what_is_no_case_counts_nowhere(walks: list[list[Kept]]) -> None:
    ends = [now for walk in walks for now in walk if now.life.state in NO_CASE]
    assert len(ends) > 100
    assert {now.milestones for now in ends} == {Milestones()}


def test_only_what_is_closed_has_an_ending(walks: list[list[Kept]]) -> None:
    for walk in walks:
        for now in walk:
            assert (now.milestones.ending is not None) is (now.life.state is State.CLOSED)


def test_putting_off_never_moves_the_deadline_that_counts(walks: list[list[Kept]]) -> None:
    """And what was late then has no other time after it."""
    times, late = 0, 0
    for walk in walks:
        deadline, was_late = None, False
        for before, now in pairwise(walk):
            put_off = now.life.state in PUT_OFF and before.life.state not in PUT_OFF
            if put_off and before.life.state is not State.CONFIRMED:
                times += 1
                deadline = before.milestones.fix_due_at
                was_late = deadline is not None and now.events[-1].at >= deadline
            if now.life.state in PUT_OFF and deadline is not None:
                assert now.milestones.fix_due_at == deadline
            if now.events[-1].verb is Verb.RESUME and was_late:
                late += 1
                assert now.milestones.fix_due_at == deadline
            if now.life.state not in PUT_OFF:
                deadline, was_late = None, False
    assert times > 100 and late > 20
