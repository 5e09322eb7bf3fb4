"""A finding stands where its facility stands."""

from audit.core.db import db
from audit.facilities.models import Facility

from ..models import Finding
from .counts import count_moves


def follow_facility(facility: Facility) -> None:
    """After a facility's place or district was corrected: its findings, closed ones too, are where
    it is now. In the same transaction; the journal's entry is that of the facility."""
    db.session.flush()
    findings = db.session.scalars(
        db.select(Finding).where(Finding.facility_id == facility.id).order_by(Finding.id)
    ).all()
    strayed = [finding for finding in findings if _place(finding) != _place(facility)]
    count_moves((finding, finding.state, None) for finding in strayed)
    for finding in strayed:
        finding.district_code, finding.cell = facility.district_code, facility.cell
        finding.lon, finding.lat = facility.lon, facility.lat
    count_moves((finding, None, finding.state) for finding in strayed)


def _place(thing: Finding | Facility) -> tuple[object, ...]:
    return thing.district_code, thing.lon, thing.lat
