from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.accounts.models import Organisation
from audit.core.actors import Actor
from audit.core.clock import now, today
from audit.core.db import db, next_number
from audit.core.errors import Invalid
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.journal.actions import record

from ..models import Finding
from ..queries import find_open
from ..rules import Source, State, Verb
from .counts import count_in
from .steps import add_event, move, take


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


def open_finding(facility: Facility, failure: Failure, actor: Actor, found_in: UUID) -> Finding:
    """Open a finding, or join the open one of the same rule at the same facility.

    `found_in` is the inspection or the scan; it stands in the event.
    """
    known = find_open(facility.id, failure.rule_id)
    if known is not None:
        known.times_found += 1
        _join(known, failure, actor, found_in)
        return known
    finding = _new(facility, failure, actor)
    db.session.add(finding)
    db.session.flush()
    count_in(finding, finding.state)
    detail = _detail(failure, found_in)
    add_event(finding, Verb.OPEN, None, actor, failure.note, detail, list(failure.photos))
    record(
        actor,
        Verb.OPEN,
        "finding",
        finding.id,
        district=finding.district_code,
        detail={"number": finding.number, "rule": finding.rule_id, "found_in": str(found_in)},
    )
    return finding


def _join(finding: Finding, failure: Failure, actor: Actor, found_in: UUID) -> None:
    detail = _detail(failure, found_in)
    move(finding, Verb.JOIN, finding.state, actor, failure.note, detail, list(failure.photos))


def _detail(failure: Failure, found_in: UUID) -> dict[str, Any]:
    return {"found_in": str(found_in), "facts": dict(failure.facts), "outcome": failure.outcome}


def _new(facility: Facility, failure: Failure, actor: Actor) -> Finding:
    year, moment = today().year, now()
    return Finding(
        id=new_id(),
        number=f"{settings().number_prefix}-{year}-{next_number(f'finding-{year}'):06d}",
        facility_id=facility.id,
        district_code=facility.district_code,
        source=failure.source,
        checklist_id=failure.checklist_id,
        rule_id=failure.rule_id,
        title_zh=failure.title.zh[:300],
        title_en=failure.title.en[:300],
        severity=failure.severity,
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
    )


def confirm(finding: Finding, actor: Actor, why: str = "") -> None:
    take(finding, Verb.CONFIRM, actor, why=why)


def reject(finding: Finding, actor: Actor, why: str) -> None:
    take(finding, Verb.REJECT, actor, why=why)


def dispatch(finding: Finding, actor: Actor, organisation_id: UUID | None, why: str = "") -> None:
    """Name who must fix it. Raises `Invalid` when the organisation is unknown."""
    organisation = db.session.get(Organisation, organisation_id) if organisation_id else None
    if organisation is None or not organisation.active:
        raise Invalid({"organisation": _("请选择负责整改的单位。")})
    detail = {"organisation_id": str(organisation.id), "organisation": organisation.name}
    take(finding, Verb.DISPATCH, actor, why=why, detail=detail)
    finding.organisation_id = organisation.id
    finding.fixed_by_id = None


def report_fixed(finding: Finding, actor: Actor, why: str, photos: Iterable[UUID]) -> None:
    take(finding, Verb.REPORT_FIXED, actor, why=why, photos=photos)
    finding.fixed_by_id = actor.id


def recheck(
    finding: Finding,
    actor: Actor,
    inspection_id: UUID,
    *,
    passed: bool,
    note: str = "",
    photos: Iterable[UUID] = (),
) -> None:
    """What a re-check (an inspection of round > 1) found: close the finding or reopen it."""
    verb = Verb.PASS_RECHECK if passed else Verb.FAIL_RECHECK
    take(finding, verb, actor, why=note, detail={"found_in": str(inspection_id)}, photos=photos)


def reopen(finding: Finding, actor: Actor, why: str) -> None:
    """Raises `Conflict` when a newer finding of the same rule is open at the facility."""
    take(finding, Verb.REOPEN, actor, why=why)
