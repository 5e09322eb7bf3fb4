"""A finding stands where its facility stands: the findings' half of acts that `register` makes
whole, which alone may import this."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.db import db
from audit.core.errors import Invalid
from audit.facilities.models import Facility
from audit.journal.actions import record

from ..models import Finding
from ..queries import find_open_of, open_findings_of
from ..rules import OPEN_STATES, State, Verb
from .counts import count_moves
from .steps import take


def follow_facility(facility: Facility) -> None:
    """After a facility's place or district was corrected: its findings, closed ones too, are where
    it is now. The journal's entry is that of the
    facility."""
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


def move_findings(findings: Sequence[Finding], to: Facility, actor: Actor, why: str) -> None:
    """They were found at `to`, which stood on the register as another place, or was part of one.

    Raises `Invalid` when one of them is open at both: two open findings of one rule cannot stand
    at one place.
    """
    moving = [one.rule_id for one in findings if one.state in OPEN_STATES]
    twice = find_open_of(to.id, moving)
    if twice:
        numbers = "、".join(sorted(one.number for one in twice.values()))
        problem = _(
            "那一处有同样的未销号的问题：%(numbers)s。请先办结其中一个，或者不选它。",
            numbers=numbers,
        )
        raise Invalid({"findings": problem})
    count_moves((finding, finding.state, None) for finding in findings)
    for finding in findings:
        detail = {"from": str(finding.facility_id), "to": str(to.id)}
        record(
            actor, "move", "finding", finding.id, district=to.district_code, why=why, detail=detail
        )
        finding.facility, finding.kind = to, to.kind
        finding.district_code, finding.cell = to.district_code, to.cell
        finding.lon, finding.lat = to.lon, to.lat
    db.session.flush()
    count_moves((finding, None, finding.state) for finding in findings)


def reject_all_at(facility: Facility, actor: Actor, why: str) -> None:
    """The place is no facility, so what was reported there is not accepted. Raises `Invalid` when
    one of its findings is under way already."""
    found = open_findings_of(facility.id)
    under_way = [one.number for one in found if one.state is not State.REPORTED]
    if under_way:
        named = "、".join(sorted(under_way))
        problem = _("这里有已经立案的问题：%(numbers)s。请先办结，或者并入另一处。", numbers=named)
        raise Invalid({"why": problem})
    for finding in found:
        take(finding, Verb.REJECT, actor, why=why)


def _place(thing: Finding | Facility) -> tuple[object, ...]:
    return thing.district_code, thing.lon, thing.lat
