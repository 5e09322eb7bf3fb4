"""The life of a finding read from its events alone: what each of them changes.

What is kept of a finding is set by the same `after`, one event at a time, so that it never says
more than its events do.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from audit.clocks.rules import Stage, Unit

from .states import FINAL_STATES, Plea, State, Verb
from .table import ASKED_BY, DECIDED_BY


@dataclass(frozen=True)
class Note:
    """What one event says. `detail["clock"]`: the clock that began with it, None where the last
    one ended; `detail["safe"]`: until when a danger is to be made safe."""

    verb: Verb
    at: datetime
    to: State
    by: UUID | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    def day(self, name: str) -> date | None:
        said = self.detail.get(name)
        return date.fromisoformat(said) if said else None

    def moment(self, name: str) -> datetime | None:
        said = self.detail.get(name)
        return datetime.fromisoformat(said) if said else None

    def id(self, name: str) -> UUID | None:
        said = self.detail.get(name)
        return UUID(said) if said else None


@dataclass(frozen=True)
class Life:
    """All that follows from the events, under the names of a finding's columns."""

    state: State = State.REPORTED
    organisation_id: UUID | None = None
    found_by_id: UUID | None = None
    confirmed_by_id: UUID | None = None
    fixed_by_id: UUID | None = None
    times_found: int = 1
    doubtful: bool = False
    stage: Stage | None = None
    clock_since: datetime | None = None
    limit_amount: int | None = None
    limit_unit: Unit | None = None
    extended_to: date | None = None
    planned_on: date | None = None
    plea: Plea | None = None
    asked_until: date | None = None
    kept_by_id: UUID | None = None
    safe_due_at: datetime | None = None
    safe_at: datetime | None = None
    escalated_at: datetime | None = None
    referred_at: datetime | None = None
    advised_on: date | None = None
    reply_due_at: datetime | None = None
    replied_on: date | None = None
    merged_into_id: UUID | None = None
    assistant_ids: frozenset[UUID] = frozenset()


def replay(events: Iterable[Note]) -> Life:
    life = Life()
    for event in events:
        life = after(life, event)
    return life


def after(life: Life, note: Note) -> Life:
    life = _clock(replace(life, state=note.to), note)
    if note.verb in ASKED_BY:
        life = replace(life, plea=ASKED_BY[note.verb], asked_until=note.day("until"))
    if note.verb in DECIDED_BY:
        life = replace(life, plea=None, asked_until=None)
    life = CHANGES[note.verb](life, note) if note.verb in CHANGES else life
    return _at_its_end(_doubts(life, note))


def _clock(life: Life, note: Note) -> Life:
    """A new clock forgets what was asked and granted of the one before."""
    if "clock" not in note.detail:
        return life
    clock = note.detail["clock"]
    return replace(
        life,
        stage=Stage(clock["stage"]) if clock else None,
        clock_since=note.at if clock else None,
        limit_amount=clock["amount"] if clock else None,
        limit_unit=Unit(clock["unit"]) if clock else None,
        extended_to=None, planned_on=None, plea=None, asked_until=None,
    )  # fmt: skip


def _doubts(life: Life, note: Note) -> Life:
    went_back = note.to is State.REOPENED and note.verb in WENT_BACK
    if note.verb is Verb.TRUST or went_back:
        life = replace(life, doubtful=False)
    return replace(life, doubtful=True) if note.detail.get("doubts") else life


def _at_its_end(life: Life) -> Life:
    if life.state not in FINAL_STATES:
        return life
    return replace(life, escalated_at=None, safe_due_at=None, safe_at=None)


WENT_BACK = frozenset({Verb.FAIL_RECHECK, Verb.REFUSE, Verb.REOPEN})
Change = Callable[[Life, Note], Life]


def _confirmed(life: Life, note: Note) -> Life:
    return replace(_to_be_made_safe(life, note), confirmed_by_id=note.by)


def _to_be_made_safe(life: Life, note: Note) -> Life:
    return replace(life, safe_due_at=note.moment("safe"), safe_at=None)


def _dispatched(life: Life, note: Note) -> Life:
    return replace(life, organisation_id=note.id("organisation_id"), fixed_by_id=None)


def _helps(life: Life, note: Note) -> Life:
    helper = note.id("organisation_id")
    return replace(life, assistant_ids=life.assistant_ids | ({helper} if helper else set()))


def _advised(life: Life, note: Note) -> Life:
    due = note.moment("reply_due")
    return replace(life, advised_on=note.day("until"), reply_due_at=due, replied_on=None)


CHANGES: dict[Verb, Change] = {
    Verb.OPEN: lambda life, note: replace(life, found_by_id=note.by),
    Verb.JOIN: lambda life, _note: replace(life, times_found=life.times_found + 1),
    Verb.LEAVE: lambda life, _note: replace(life, times_found=life.times_found - 1),
    Verb.CONFIRM: _confirmed,
    Verb.REOPEN: _to_be_made_safe,
    Verb.DISPATCH: _dispatched,
    Verb.RETURN: lambda life, _note: replace(life, organisation_id=None, fixed_by_id=None),
    Verb.GRANT_RETURN: lambda life, _note: replace(life, organisation_id=None, fixed_by_id=None),
    Verb.REFUSE_RETURN: lambda life, _note: replace(life, kept_by_id=life.organisation_id),
    Verb.REPORT_FIXED: lambda life, note: replace(life, fixed_by_id=note.by),
    Verb.MAKE_SAFE: lambda life, note: replace(life, safe_at=note.at),
    Verb.GRANT_TIME: lambda life, note: replace(life, extended_to=note.day("until")),
    Verb.PROGRAMME: lambda life, note: replace(life, planned_on=note.day("until")),
    Verb.ESCALATE: lambda life, note: replace(life, escalated_at=note.at),
    Verb.RELEASE: lambda life, _note: replace(life, escalated_at=None),
    Verb.REFER: lambda life, note: replace(life, referred_at=note.at),
    Verb.RECORD_ADVICE: _advised,
    Verb.RECORD_REPLY: lambda life, note: replace(
        life, replied_on=note.day("until"), reply_due_at=None
    ),
    Verb.MERGE: lambda life, note: replace(life, merged_into_id=note.id("main_id")),
    Verb.UNMERGE: lambda life, _note: replace(life, merged_into_id=None),
    Verb.ASSIST: _helps,
    Verb.END_ASSIST: lambda life, note: replace(
        life, assistant_ids=life.assistant_ids - {note.id("organisation_id")}
    ),
}
