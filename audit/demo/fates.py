"""How far a problem has come by today, and when each step was taken. Pure."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from audit.core.clock import HERE
from audit.findings.rules import Verb

OFFICE_HOURS = (9, 10, 11, 14, 15, 16, 17)
LEAST_GAP = timedelta(minutes=25)


class Fate(StrEnum):
    """Where a problem stands today. `SENT_ON`: given back by the organisation to which it was
    dispatched first, and dispatched to another; `RETURNED`: given back, and waiting."""

    REPORTED = "reported"
    REJECTED = "rejected"
    CONFIRMED = "confirmed"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    SENT_ON = "sent_on"
    FIXED = "fixed"
    UNSURE = "unsure"  # measured within the tool's error
    CLOSED = "closed"
    REOPENED = "reopened"
    CLOSED_LATE = "closed_late"  # the first re-check failed
    CAME_BACK = "came_back"  # closed, then reopened by the office
    WITHDRAWN = "withdrawn"
    FIXING = "fixing"
    LATER = "later"  # the organisation asks for more time
    CONTESTED = "contested"
    SUBSTITUTED = "substituted"
    PROGRAMMED = "programmed"
    ESCALATED = "escalated"
    REFERRED = "referred"  # with a recommendation that waits for its answer


@dataclass(frozen=True)
class Leg:
    """One step and how many days it follows the one before."""

    verb: Verb
    least: float
    most: float


CONFIRM = Leg(Verb.CONFIRM, 0.5, 3)
DISPATCH = Leg(Verb.DISPATCH, 0.3, 2)
RETURN = (Leg(Verb.ASK_RETURN, 0.5, 3), Leg(Verb.GRANT_RETURN, 0.3, 2))
START = Leg(Verb.START, 0.3, 2)
FIX = Leg(Verb.REPORT_FIXED, 3, 16)
PASS = Leg(Verb.PASS_RECHECK, 1, 6)
FAIL = Leg(Verb.FAIL_RECHECK, 1, 6)

WAYS: dict[Fate, tuple[Leg, ...]] = {
    Fate.REPORTED: (),
    Fate.REJECTED: (Leg(Verb.REJECT, 0.5, 3),),
    Fate.CONFIRMED: (CONFIRM,),
    Fate.DISPATCHED: (CONFIRM, DISPATCH),
    Fate.RETURNED: (CONFIRM, DISPATCH, *RETURN),
    Fate.SENT_ON: (CONFIRM, DISPATCH, *RETURN, DISPATCH),
    Fate.FIXED: (CONFIRM, DISPATCH, FIX),
    Fate.UNSURE: (CONFIRM, DISPATCH, FIX, Leg(Verb.NEAR_RECHECK, 1, 6)),
    Fate.CLOSED: (CONFIRM, DISPATCH, FIX, PASS),
    Fate.REOPENED: (CONFIRM, DISPATCH, FIX, FAIL),
    Fate.CLOSED_LATE: (CONFIRM, DISPATCH, FIX, FAIL, Leg(Verb.REPORT_FIXED, 2, 6), PASS),
    Fate.CAME_BACK: (CONFIRM, DISPATCH, FIX, PASS, Leg(Verb.REOPEN, 2, 5)),
    Fate.WITHDRAWN: (Leg(Verb.WITHDRAW, 0.2, 1),),
    Fate.FIXING: (CONFIRM, DISPATCH, START),
    Fate.LATER: (CONFIRM, DISPATCH, START, Leg(Verb.ASK_TIME, 2, 6)),
    Fate.CONTESTED: (CONFIRM, DISPATCH, Leg(Verb.CONTEST, 1, 4)),
    Fate.SUBSTITUTED: (
        CONFIRM, DISPATCH, Leg(Verb.ASK_SUBSTITUTE, 2, 6), Leg(Verb.GRANT_SUBSTITUTE, 1, 4),
    ),
    Fate.PROGRAMMED: (CONFIRM, DISPATCH, Leg(Verb.PROGRAMME, 2, 6)),
    Fate.ESCALATED: (CONFIRM, DISPATCH, START, Leg(Verb.ESCALATE, 5, 9)),
    Fate.REFERRED: (
        CONFIRM, DISPATCH, Leg(Verb.ESCALATE, 4, 6), Leg(Verb.REFER, 2, 4),
        Leg(Verb.RECORD_ADVICE, 2, 3),
    ),
}  # fmt: skip
OLD = (
    Fate.CLOSED, Fate.DISPATCHED, Fate.FIXED, Fate.REOPENED, Fate.CLOSED, Fate.REJECTED,
    Fate.CONFIRMED, Fate.CLOSED_LATE, Fate.SENT_ON, Fate.CLOSED, Fate.FIXED, Fate.CAME_BACK,
    Fate.DISPATCHED, Fate.CLOSED, Fate.RETURNED, Fate.FIXING, Fate.LATER, Fate.CONTESTED,
    Fate.PROGRAMMED, Fate.SUBSTITUTED, Fate.ESCALATED, Fate.REFERRED, Fate.WITHDRAWN,
)  # fmt: skip
RECENT = (
    Fate.DISPATCHED, Fate.CONFIRMED, Fate.REPORTED, Fate.FIXED, Fate.DISPATCHED, Fate.REJECTED,
)  # fmt: skip
FRESH = (Fate.REPORTED, Fate.REPORTED, Fate.CONFIRMED)
UNCERTAIN = (Fate.UNSURE,)
WAITING = (Fate.CONFIRMED, Fate.REPORTED)


class Fates:
    """Deals fates out in turn, by the age of a problem, so that every state comes about."""

    def __init__(self) -> None:
        self._dealt: dict[tuple[Fate, ...], int] = {}

    def next(self, age: timedelta, *, waits: bool = False, is_fine: bool = False) -> Fate:
        """`waits`: it may not be dispatched; `is_fine`: a tool may be too coarse for it, and the
        first that is old enough is measured by such a one."""
        if waits:
            return self._deal(WAITING)
        if is_fine and age > timedelta(days=15) and UNCERTAIN not in self._dealt:
            return self._deal(UNCERTAIN)
        if age > timedelta(days=15):
            return self._deal(OLD)
        return self._deal(RECENT if age > timedelta(days=5) else FRESH)

    def _deal(self, fates: tuple[Fate, ...]) -> Fate:
        turn = self._dealt.get(fates, 0)
        self._dealt[fates] = turn + 1
        return fates[turn % len(fates)]


def steps_of(
    fate: Fate, opened: datetime, end: datetime, chance: random.Random
) -> Iterator[tuple[Verb, datetime]]:
    """Each step with its moment, in order, after `opened` and before `end`."""
    legs = WAYS[fate]
    gaps = [chance.uniform(leg.least, leg.most) for leg in legs]
    room = (end - opened) / timedelta(days=1) * 0.9
    shrink = min(1.0, room / sum(gaps)) if gaps else 1.0
    before, gone = opened, 0.0
    for place, (leg, gap) in enumerate(zip(legs, gaps, strict=True)):
        gone += gap * shrink
        latest = end - LEAST_GAP * (len(legs) - place)
        wanted = at_work(opened + timedelta(days=gone), chance)
        before = min(max(wanted, before + LEAST_GAP), latest)
        yield leg.verb, before


def at_work(moment: datetime, chance: random.Random) -> datetime:
    """The same day in China, at an hour when people work; from a weekend to the Monday after."""
    day = moment.astimezone(HERE).date()
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    hour = time(chance.choice(OFFICE_HOURS), chance.randint(0, 59), chance.randint(0, 59))
    return datetime.combine(day, hour, HERE)


def spread(count: int, start: datetime, end: datetime) -> Sequence[datetime]:
    """So many moments, evenly from start to end."""
    step = (end - start) / max(1, count - 1)
    return [start + step * place for place in range(count)]
