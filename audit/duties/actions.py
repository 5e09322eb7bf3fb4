from contextlib import suppress
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from audit.accounts.models import Organisation
from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Invalid
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.journal.actions import record

from .models import FacilityDuty
from .rules import Duty

ALREADY = _("这个单位已经以这个身份登记在这处设施。")


def give_duty(
    facility: Facility, organisation_id: UUID, duty: Duty, note: str, actor: Actor
) -> FacilityDuty:
    """Raises `Invalid` when it is registered already."""
    same = select(FacilityDuty.id).where(
        FacilityDuty.facility_id == facility.id,
        FacilityDuty.organisation_id == organisation_id,
        FacilityDuty.duty == duty,
    )
    if db.session.scalar(same) is not None:
        raise Invalid({"organisation": ALREADY})
    given = FacilityDuty(
        id=new_id(),
        facility_id=facility.id,
        organisation_id=organisation_id,
        duty=duty,
        note=note,
        created_at=now(),
    )
    db.session.add(given)
    db.session.flush()
    _journal(actor, "give_duty", facility, given)
    return given


def end_duty(facility: Facility, duty: FacilityDuty, actor: Actor) -> None:
    """The journal keeps it."""
    db.session.delete(duty)
    db.session.flush()
    _journal(actor, "end_duty", facility, duty)


def hand_over(facility: Facility, other: Facility, actor: Actor) -> None:
    """Whoever stands to a place that turned out to be another stands to that one; what stands
    there already is not doubled. The journals of both keep it."""
    held = select(FacilityDuty).where(FacilityDuty.facility_id == facility.id)
    for duty in db.session.scalars(held.order_by(FacilityDuty.created_at, FacilityDuty.id)).all():
        with suppress(Invalid):  # stands there already
            give_duty(other, duty.organisation_id, duty.duty, duty.note, actor)
        end_duty(facility, duty, actor)


def _journal(actor: Actor, verb: str, facility: Facility, given: FacilityDuty) -> None:
    named = db.session.get_one(Organisation, given.organisation_id).name
    detail = {"duty": given.duty, "organisation": named, "note": given.note}
    district = facility.district_code
    record(actor, verb, "facility", facility.id, district=district, detail=detail)
