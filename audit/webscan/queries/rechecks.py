"""What the scanner does about fixes that were reported."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import not_, select

from audit.core.db import db
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.models import Finding
from audit.findings.queries import for_a_person
from audit.findings.rules import Source, State

from ..models import UNDER_WAY, Scan
from ..rules.rechecks import due_at
from .scans import find_unfinished


@dataclass(frozen=True)
class Recheck:
    """`under_way` is the scan that may decide; `last` the last one since the fix was reported,
    which could not. Without one under way the next begins at `due_at`."""

    under_way: Scan | None
    last: Scan | None
    due_at: datetime


def recheck_of(finding: Finding) -> Recheck:
    """Of a finding of the scanner's that awaits its re-check."""
    last = _last_since(finding.facility_id, finding.changed_at)
    ended = last.finished_at if last else None
    return Recheck(find_unfinished(finding.facility_id), last, due_at(finding.changed_at, ended))


def _last_since(facility_id: UUID, moment: datetime) -> Scan | None:
    """The last scan that was asked for since then and has ended."""
    return db.session.scalar(
        select(Scan)
        .where(
            Scan.facility_id == facility_id,
            Scan.requested_at >= moment,
            Scan.state.not_in(UNDER_WAY),
        )
        .order_by(Scan.requested_at.desc())
        .limit(1)
    )


def websites_due(moment: datetime) -> list[UUID]:
    """Websites to be scanned now, because a fix was reported there that the scanner has not
    handed over, and no scan is under way."""
    reported: dict[UUID, list[datetime]] = defaultdict(list)
    websites = select(Facility.id).where(
        Facility.kind == FacilityKind.WEBSITE, Facility.active.is_(True)
    )
    for facility_id, changed_at in db.session.execute(
        select(Finding.facility_id, Finding.changed_at).where(
            Finding.facility_id.in_(websites),
            Finding.source == Source.SCAN,
            Finding.state == State.FIXED,
            not_(for_a_person()),
        )
    ):
        reported[facility_id].append(changed_at)
    return sorted(one for one, since in reported.items() if _is_due(one, since, moment))


def _is_due(facility_id: UUID, reported: list[datetime], moment: datetime) -> bool:
    if find_unfinished(facility_id) is not None:
        return False
    for since in reported:
        last = _last_since(facility_id, since)
        if due_at(since, last.finished_at if last else None) <= moment:
            return True
    return False
