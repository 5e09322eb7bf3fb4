from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from audit.core.actors import Actor
from audit.core.db import db
from audit.core.errors import NotFound
from audit.facilities.models import Facility
from audit.facilities.queries import visible_to

from .models import FacilityDuty
from .rules import Duty

SHOWN = 50


@dataclass(frozen=True)
class Place:
    """A facility as one organisation has to do with it. `fixes`: findings there go to it."""

    facility: Facility
    duties: tuple[Duty, ...]
    fixes: bool


def duties_of(facility_id: UUID) -> Sequence[FacilityDuty]:
    """In the order of `Duty`, then by name."""
    rows = db.session.scalars(
        select(FacilityDuty)
        .where(FacilityDuty.facility_id == facility_id)
        .options(joinedload(FacilityDuty.organisation))
    ).all()
    order = list(Duty)
    return sorted(rows, key=lambda one: (order.index(one.duty), one.organisation.name))


def get_duty(facility: Facility, duty_id: UUID) -> FacilityDuty:
    found = db.session.get(FacilityDuty, duty_id)
    if found is None or found.facility_id != facility.id:
        raise NotFound
    return found


def places_of(organisation_id: UUID, actor: Actor) -> list[Place]:
    """Those that this person may see, by number; at most 50."""
    held: dict[UUID, list[Duty]] = {}
    rows = db.session.execute(
        select(FacilityDuty.facility_id, FacilityDuty.duty).where(
            FacilityDuty.organisation_id == organisation_id
        )
    )
    for facility_id, duty in rows:
        held.setdefault(facility_id, []).append(duty)
    found = db.session.scalars(
        select(Facility)
        .where(
            Facility.active,
            visible_to(actor),
            or_(
                Facility.organisation_id == organisation_id,
                Facility.id.in_(
                    select(FacilityDuty.facility_id).where(
                        FacilityDuty.organisation_id == organisation_id
                    )
                ),
            ),
        )
        .order_by(Facility.number)
        .limit(SHOWN)
    )
    return [
        Place(one, tuple(sorted(held.get(one.id, []))), one.organisation_id == organisation_id)
        for one in found
    ]
