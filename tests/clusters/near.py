"""Toilets side by side, each under a number of its own."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from audit.clusters.jobs import look_for_duplicates
from audit.clusters.models import ClusterMember
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.findings.models import Finding
from audit.geo.points import Point, moved
from audit.queue.runs import Run
from tests.careful import CarefulClient
from tests.factories import NARROW_STALL, YANJIANG, Factory

SignIn = Callable[..., CarefulClient]
HERE = Point(104.6276, 30.1222)


def toilet(make: Factory, east_m: float = 0, **facts: object) -> UUID:
    place = moved(HERE, east_m=east_m, north_m=0)
    return make.toilet(lon=round(place.lon, 6), lat=round(place.lat, 6), **facts)


def narrow(make: Factory, east_m: float = 0, **facts: object) -> str:
    """The number of a finding about a toilet so far to the east."""
    district = str(facts.get("district", YANJIANG))
    place = toilet(make, east_m, **facts)
    make.inspection(place, make.actor("supervisor", district=district), NARROW_STALL)
    return number_at(make, place)


def number_at(make: Factory, place: UUID) -> str:
    with make.app.app_context():
        return db.session.scalars(select(Finding.number).where(Finding.facility_id == place)).one()


def at_night(make: Factory) -> None:
    with make.app.app_context():
        look_for_duplicates(Run(new_id(), 1))


def clustered(make: Factory) -> dict[str, UUID]:
    """The cluster of each finding that is in one."""
    with make.app.app_context():
        rows = db.session.execute(
            select(Finding.number, ClusterMember.cluster_id).join(ClusterMember.finding)
        )
        return dict(rows.all())


def with_findings(make: Factory, numbers: list[str], act: Callable[..., object]) -> None:
    with make.app.app_context(), transaction():
        act(*(make.finding_named(one) for one in numbers))
