"""What somebody found wrong: a new finding, or the open one of the same rule once more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from audit.core.actors import Actor
from audit.core.clock import now, today
from audit.core.db import db, next_numbers
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.policy.queries import chosen_severities

from ..models import Finding, FindingEvent
from ..queries import find_open_of
from ..rules import Note, Source, State, Verb
from .clocks import clocks_told, limit_told
from .counts import count_moves
from .steps import add_photos, live_on, note


@dataclass(frozen=True)
class Failure:
    """What somebody found wrong at a facility under one rule.

    `facts` is JSON shown with the finding: measured, required and citations, each `{zh, en}`.
    """

    source: Source
    rule_id: str
    title: Text
    severity: str
    defect: str
    outcome: str
    checklist_id: str = ""
    groups: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    unverified: bool = False
    experience: bool = False
    note: str = ""
    photos: tuple[UUID, ...] = ()


def open_findings(
    facility: Facility, failures: Sequence[Failure], actor: Actor, found_in: UUID
) -> dict[str, Finding]:
    """Open a finding for each failure, or join the open one of the same rule at the facility.

    `found_in` is the inspection or the scan; it stands in the events. Returns the finding of each
    rule. A rule may stand in `failures` once.
    """
    known = find_open_of(facility.id, [failure.rule_id for failure in failures])
    fresh = _new_findings(facility, [one for one in failures if one.rule_id not in known], actor)
    count_moves((finding, None, finding.state) for finding in fresh.values())
    events = []
    for failure in failures:
        finding = fresh.get(failure.rule_id) or known[failure.rule_id]
        joins = failure.rule_id in known
        if joins:
            _found_again(finding, failure)
        detail = {
            "found_in": str(found_in), "facts": dict(failure.facts), "outcome": failure.outcome
        }  # fmt: skip
        if joins:
            state, said = finding.state, failure.note
            event = note(finding, Verb.JOIN, state, state, actor, said, detail)
        else:
            event = _opened(finding, actor, failure.note, detail | limit_told(finding))
        events.append((event, failure.photos))
    add_photos(events)
    return {**known, **fresh}


def _opened(finding: Finding, actor: Actor, said: str, detail: dict[str, Any]) -> FindingEvent:
    moment = finding.opened_at
    return note(finding, Verb.OPEN, None, State.REPORTED, actor, said, detail, at=moment)


def _found_again(finding: Finding, failure: Failure) -> None:
    """It is shown as it was found last; how it was before stands in its events."""
    finding.facts, finding.outcome = dict(failure.facts), failure.outcome
    finding.unverified = failure.unverified


def _new_findings(
    facility: Facility, failures: Sequence[Failure], actor: Actor
) -> dict[str, Finding]:
    if not failures:
        return {}
    year = today().year
    serials = next_numbers(f"finding-{year}", len(failures))
    fresh = {
        failure.rule_id: _new(facility, failure, actor, f"{year}-{serial:06d}")
        for failure, serial in zip(failures, serials, strict=True)
    }
    db.session.add_all(fresh.values())
    db.session.flush()
    return fresh


def _new(facility: Facility, failure: Failure, actor: Actor, serial: str) -> Finding:
    moment = now()
    made = Finding(
        id=new_id(),
        number=f"{settings().number_prefix}-{serial}",
        facility_id=facility.id,
        kind=facility.kind,
        district_code=facility.district_code,
        source=failure.source,
        checklist_id=failure.checklist_id,
        rule_id=failure.rule_id,
        title_zh=failure.title.zh[:300],
        title_en=failure.title.en[:300],
        severity=chosen_severities().get(failure.rule_id, failure.severity),
        defect=failure.defect,
        outcome=failure.outcome,
        groups=list(failure.groups),
        facts=dict(failure.facts),
        unverified=failure.unverified,
        experience=failure.experience,
        state=State.REPORTED,
        lon=facility.lon,
        lat=facility.lat,
        cell=facility.cell,
        found_by_id=actor.id,
        opened_at=moment,
        changed_at=moment,
        times_found=1,
        doubtful=False,
        last_seq=0,
        assistants=[],
        reworks=0,
        extensions=0,
    )
    opened = Note(Verb.OPEN, moment, State.REPORTED, actor.id)
    told = clocks_told(made, opened)  # known before it is saved, so that it is saved once
    live_on(made, replace(opened, detail=told))
    return made
