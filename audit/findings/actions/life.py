from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.accounts.models import Organisation
from audit.core.actors import Actor
from audit.core.clock import now, today
from audit.core.db import db, next_numbers
from audit.core.errors import Conflict, Invalid
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.policy.queries import chosen_severities

from ..models import Finding
from ..queries import find_open_of
from ..rules import ABOUT_TIME, Source, State, Verb
from .clocks import check_day, limit_told, set_due, turn_clock
from .counts import count_moves
from .steps import add_photos, check_step, note, take

OPENS_AGAIN = frozenset({Verb.REOPEN, Verb.RECONSIDER})
FOUND_AGAIN = _("同一处的同一问题后来又被发现，已有一个未销号的问题。请在那个问题里继续。")


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


@dataclass(frozen=True)
class Recheck:
    """What a re-check (an inspection of round > 1) found; `verb` says what follows from it.

    `measured` is JSON shown with it, each value beside its limit. `far_m`: how far from the
    facility the phone was, where that is too far to be its drift.
    """

    inspection_id: UUID
    verb: Verb
    measured: Collection[Mapping[str, Any]] = ()
    note: str = ""
    no_photo_reason: str = ""
    photos: tuple[UUID, ...] = ()
    far_m: int | None = None


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
            event = note(finding, Verb.JOIN, finding.state, actor, failure.note, detail)
        else:
            told = detail | limit_told(finding)
            event = note(finding, Verb.OPEN, None, actor, failure.note, told, at=finding.opened_at)
        events.append((event, failure.photos))
    add_photos(events)
    return {**known, **fresh}


def _found_again(finding: Finding, failure: Failure) -> None:
    """It is shown as it was found last; how it was before stands in its events."""
    finding.times_found += 1
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
        last_seq=0,
        reworks=0,
        extensions=0,
    )
    turn_clock(made, moment)
    return made


def dispatch(
    finding: Finding,
    actor: Actor,
    organisation_id: UUID | None,
    why: str = "",
    more: dict[str, Any] | None = None,
) -> None:
    """Name who must fix it. Raises `Invalid` when the organisation is unknown."""
    check_step(finding, Verb.DISPATCH, actor)
    organisation = db.session.get(Organisation, organisation_id) if organisation_id else None
    if organisation is None or not organisation.active:
        raise Invalid({"organisation": _("请选择负责整改的单位。")})
    take(
        finding, Verb.DISPATCH, actor, why=why, detail=_named(organisation) | (more or {}),
        organisation_id=organisation.id,
    )  # fmt: skip
    finding.organisation, finding.fixed_by_id = organisation, None


def report_fixed(finding: Finding, actor: Actor, why: str, photos: Iterable[UUID]) -> None:
    take(finding, Verb.REPORT_FIXED, actor, why=why, photos=photos)
    finding.fixed_by_id = actor.id


def ask_time(finding: Finding, actor: Actor, until: date | None, why: str) -> None:
    """The organisation asks to be given until this day. Raises `Invalid` for one that is no
    later."""
    check_step(finding, Verb.ASK_TIME, actor)
    day = check_day(finding, until)
    take(finding, Verb.ASK_TIME, actor, why=why, detail={"until": day.isoformat()})
    finding.asked_until = day


def grant_time(finding: Finding, actor: Actor, until: date | None, why: str = "") -> None:
    """The department gives it until this day, which may be another than was asked for."""
    check_step(finding, Verb.GRANT_TIME, actor)
    day = check_day(finding, until)
    take(finding, Verb.GRANT_TIME, actor, why=why, detail={"until": day.isoformat()})
    finding.extended_to, finding.asked_until = day, None
    set_due(finding)


def refuse_time(
    finding: Finding, actor: Actor, why: str, more: dict[str, Any] | None = None
) -> None:
    take(finding, Verb.REFUSE_TIME, actor, why=why, detail=more)
    finding.asked_until = None


def give_back(finding: Finding, actor: Actor, why: str, more: dict[str, Any] | None = None) -> None:
    """The organisation says that it is not theirs: it waits for dispatch, with nobody named."""
    take(finding, Verb.RETURN, actor, why=why, detail=_named(finding.organisation) | (more or {}))
    finding.organisation_id = finding.fixed_by_id = None


def recheck(finding: Finding, actor: Actor, seen: Recheck) -> None:
    """Close the finding, send it back, or leave it for the coordinator to decide."""
    detail: dict[str, Any] = {
        "found_in": str(seen.inspection_id),
        "measured": [dict(one) for one in seen.measured],
    }
    if seen.no_photo_reason and not seen.photos:
        detail["no_photo_reason"] = seen.no_photo_reason
    if seen.far_m is not None:
        detail["doubts"] = {"far_m": seen.far_m}
    take(finding, seen.verb, actor, why=seen.note, detail=detail, photos=seen.photos)


def _open_again(
    finding: Finding, verb: Verb, actor: Actor, why: str, more: dict[str, Any] | None = None
) -> None:
    """Raises `Conflict` when a newer finding of the same rule is open at the facility."""
    check_step(finding, verb, actor)
    if find_open_of(finding.facility_id, [finding.rule_id]):
        raise Conflict(FOUND_AGAIN)
    take(finding, verb, actor, why=why, detail=more)


@dataclass(frozen=True)
class Told:
    """What a person says with a step; `more` is JSON kept with its event."""

    why: str = ""
    organisation_id: UUID | None = None
    until: date | None = None
    more: dict[str, Any] = field(default_factory=dict)


NOTHING = Told()


def act(finding: Finding, verb: Verb, actor: Actor, told: Told = NOTHING) -> None:
    """Any step that asks for no picture and no visit. Raises as its own verb does."""
    if verb is Verb.DISPATCH:
        dispatch(finding, actor, told.organisation_id, told.why, told.more)
    elif verb is Verb.RETURN:
        give_back(finding, actor, told.why, told.more)
    elif verb in OPENS_AGAIN:
        _open_again(finding, verb, actor, told.why, told.more)
    elif verb in ABOUT_TIME:
        _decide_time(finding, verb, actor, told)
    else:
        take(finding, verb, actor, why=told.why, detail=told.more)


def _decide_time(finding: Finding, verb: Verb, actor: Actor, told: Told) -> None:
    if verb is Verb.ASK_TIME:
        ask_time(finding, actor, told.until, told.why)
    elif verb is Verb.GRANT_TIME:
        grant_time(finding, actor, told.until, told.why)
    else:
        refuse_time(finding, actor, told.why, told.more)


def _named(organisation: Organisation | None) -> dict[str, str]:
    if organisation is None:
        return {}
    return {"organisation_id": str(organisation.id), "organisation": organisation.name}
