"""Which clock runs in which state, and the clock read from the events alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from audit.clocks.rules import Stage

from .states import State, Verb

# Which clock runs. What nobody has been named for waits for dispatch, also when it came back.
STAGE_OF: dict[State, Stage] = {
    State.REPORTED: Stage.CONFIRM,
    State.CONFIRMED: Stage.DISPATCH,
    State.DISPATCHED: Stage.FIX,
    State.REOPENED: Stage.FIX,
    State.FIXED: Stage.RECHECK,
    State.UNSURE: Stage.RECHECK,
}


def stage_of(state: State, organisation_id: UUID | None) -> Stage | None:
    """Which clock runs; None for what is closed or rejected."""
    stage = STAGE_OF.get(state)
    return Stage.DISPATCH if stage is Stage.FIX and organisation_id is None else stage


@dataclass(frozen=True)
class TimeNote:
    """What one event says of time. `limit_stage`: which clock began with it, if one did;
    `until`: the day that was asked for or granted."""

    verb: Verb
    at: datetime
    limit_stage: Stage | None = None
    ended: bool = False
    until: date | None = None


@dataclass(frozen=True)
class Running:
    """The clock that runs after some events, read from them alone."""

    stage: Stage | None = None
    since: datetime | None = None
    extended_to: date | None = None
    asked_until: date | None = None


def running(events: Iterable[TimeNote]) -> Running:
    """The life so far, replayed: a stage begins where an event says so, and what was asked and
    granted before it ends."""
    now = Running()
    for event in events:
        if event.limit_stage is not None:
            now = Running(event.limit_stage, event.at)
        elif event.ended:
            now = Running()
        elif event.verb is Verb.ASK_TIME:
            now = replace(now, asked_until=event.until)
        elif event.verb is Verb.GRANT_TIME:
            now = replace(now, asked_until=None, extended_to=event.until)
        elif event.verb is Verb.REFUSE_TIME:
            now = replace(now, asked_until=None)
    return now
