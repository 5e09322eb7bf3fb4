"""What figures are made of: the moments of a finding's life that are counted, and how it ended.

They follow from the events alone; kept as columns so that many findings are counted at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from audit.clocks.rules import Limit, Stage, WorkingDays, run_clock

from .figures import PUT_OFF_STATES
from .states import FINAL_STATES, State, Verb


class Ending(StrEnum):
    """How a closed finding counts. `VOID`: not at all, there was nothing to fix any more."""

    IN_TIME = "in_time"
    LATE = "late"
    VOID = "void"


SENT_BACK = frozenset({Verb.FAIL_RECHECK, Verb.REFUSE})
FIX_UNDONE = SENT_BACK | {Verb.REOPEN}
# nothing was to be fixed, or it is counted elsewhere: it is no case
UNCOUNTED = FINAL_STATES - {State.CLOSED}


@dataclass(frozen=True)
class Milestones:
    """`first_fixed_at`: when a fix was first reported; `fixed_at`: when the fix was that has not
    been refused; `fix_since`, `fix_due_at`: the time of whoever was named to fix it last. A fix
    that is refused buys no time, what is granted does. While it is put off its deadline stays;
    `fix_since` is then None where it was not late before, and it has a new one when the fix is
    resumed."""

    confirmed_at: datetime | None = None
    first_fixed_at: datetime | None = None
    fixed_at: datetime | None = None
    fix_since: datetime | None = None
    fix_due_at: datetime | None = None
    ending: Ending | None = None
    reworks: int = 0
    extensions: int = 0


def passed(so_far: Milestones, verb: Verb, to: State, moment: datetime) -> Milestones:
    """After one step."""
    if to in UNCOUNTED:
        return Milestones()
    now = replace(so_far, ending=so_far.ending if to is State.CLOSED else None)
    if verb is Verb.CONFIRM:
        now = replace(now, confirmed_at=moment)
    elif verb is Verb.REPORT_FIXED:
        now = replace(now, first_fixed_at=now.first_fixed_at or moment, fixed_at=moment)
    elif verb is Verb.GRANT_TIME:
        now = replace(now, extensions=now.extensions + 1)
    if verb in FIX_UNDONE:
        now = replace(now, fixed_at=None, reworks=now.reworks + (verb in SENT_BACK))
    if to is State.CLOSED and now.ending is None:
        now = replace(now, ending=_ending(now, verb, moment))
    return now


def _ending(now: Milestones, verb: Verb, moment: datetime) -> Ending:
    """Whoever fixes has until the deadline; how long the re-check takes is not theirs."""
    if verb is Verb.VOID:
        return Ending.VOID
    return Ending.LATE if _is_late(now, now.fixed_at or moment) else Ending.IN_TIME


def time_to_fix(
    so_far: Milestones, stage: Stage | None, verb: Verb, to: State, since: datetime
) -> Milestones:
    """After a clock began or ended: that of the one who must fix counts, but not that of a second
    try, nor the days of planned works, nor a new one for what was late before it was put off."""
    if to in PUT_OFF_STATES:
        return so_far if _is_late(so_far, since) else replace(so_far, fix_since=None)
    if stage in (Stage.CONFIRM, Stage.DISPATCH):
        return replace(so_far, fix_since=None, fix_due_at=None)
    goes_on = (verb is Verb.RESUME or to is State.REOPENED) and so_far.fix_since is not None
    return so_far if goes_on or stage is not Stage.FIX else replace(so_far, fix_since=since)


def _is_late(so_far: Milestones, moment: datetime) -> bool:
    return so_far.fix_due_at is not None and moment >= so_far.fix_due_at


def counts_until(
    so_far: Milestones, stage: Stage | None, since: datetime | None, extended: bool
) -> bool:
    """Whether the deadline of the clock that runs is the one that is counted."""
    return stage is Stage.FIX and since is not None and (since == so_far.fix_since or extended)


@dataclass(frozen=True)
class Passage:
    """One event as figures read it. `turned`: a clock ended with it, that was due at `ended_due`
    where that was written down, and `clock` began; `until`: the day that was granted."""

    verb: Verb
    to: State
    at: datetime
    turned: bool = False
    clock: tuple[Stage, Limit] | None = None
    ended_due: datetime | None = None
    until: date | None = None


@dataclass(frozen=True)
class _Clock:
    stage: Stage
    limit: Limit
    since: datetime
    until: date | None = None


def replayed(events: Iterable[Passage], days: WorkingDays) -> Milestones:
    """The same from the events, by the calendar as it is now where they do not say what was
    due."""
    so_far, clock = Milestones(), None
    for event in events:
        if event.turned:
            so_far = _with_due(so_far, clock, days, event.ended_due)
            clock = _Clock(*event.clock, event.at) if event.clock else None
            stage = clock.stage if clock else None
            so_far = time_to_fix(so_far, stage, event.verb, event.to, event.at)
        so_far = passed(so_far, event.verb, event.to, event.at)
        if clock and event.verb is Verb.GRANT_TIME:
            clock = replace(clock, until=event.until)
    return _with_due(so_far, clock, days)


def _with_due(
    so_far: Milestones, clock: _Clock | None, days: WorkingDays, told: datetime | None = None
) -> Milestones:
    if clock is None or not counts_until(so_far, clock.stage, clock.since, bool(clock.until)):
        return so_far
    due = told or run_clock(clock.since, clock.limit, days, clock.until).due
    return replace(so_far, fix_due_at=due)
