"""Long tables are read by their indexes: the latest visits of a city, and what is near a phone."""

from collections.abc import Iterator

import pytest
from flask import Flask

from audit.core.actors import Actor, Grant, Role
from audit.core.clock import now
from audit.core.db import db, is_sqlite, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.facilities.queries import nearest_facilities
from audit.geo.cells import cell_of
from audit.geo.points import Point
from audit.inspections.models import Inspection
from audit.inspections.queries import PER_PAGE, list_inspections
from tests.factories import YANJIANG, Factory
from tests.plans import plans_of_reads

CITY = Actor(new_id(), "王协调", (Grant(Role.COORDINATOR),))
COUNTY = Actor(new_id(), "李协调", (Grant(Role.COORDINATOR, frozenset({YANJIANG})),))
MANY = 3000


@pytest.fixture
def full(app: Flask, make: Factory) -> Iterator[None]:
    """Many places in a row from west to east, one visit at each."""
    first, begun = make.toilet(), now()
    with app.app_context():
        if not is_sqlite():
            pytest.skip("PostgreSQL keeps statistics")
        with transaction():
            kept = db.session.get_one(Facility, first)
            plain = {one.name: getattr(kept, one.name) for one in Facility.__table__.columns}
            places = [
                plain
                | {"id": new_id(), "number": f"T-{n}", "lon": 104 + n / 1000, "lat": 30.1}
                | {"cell": cell_of(104 + n / 1000, 30.1)}
                for n in range(MANY)
            ]
            db.session.execute(db.insert(Facility), places)
            db.session.execute(db.insert(Inspection), [_visit(one, begun) for one in places])
        yield


def _visit(place: dict[str, object], begun: object) -> dict[str, object]:
    return {
        "id": new_id(), "facility_id": place["id"], "district_code": YANJIANG, "round": 1,
        "checklist_id": "public-toilet", "edition": "1", "checklist_hash": "", "state": "submitted",
        "inspector_name": "李", "started_at": begun, "filed_at": begun,
    }  # fmt: skip


@pytest.mark.parametrize("actor", [CITY, COUNTY], ids=["city", "county"])
def test_the_latest_visits_are_read_in_the_order_of_an_index(full: None, actor: Actor) -> None:
    with plans_of_reads() as plans:
        rows, total = list_inspections(actor)
    assert (len(rows), total) == (PER_PAGE, MANY)
    listed = plans[-1]
    assert "USING INDEX ix_inspection_started_at" in listed, listed
    assert "TEMP B-TREE" not in listed


@pytest.mark.parametrize("actor", [CITY, COUNTY], ids=["city", "county"])
def test_what_is_near_is_read_from_the_tiles_around(full: None, actor: Actor) -> None:
    with plans_of_reads() as plans:
        found = nearest_facilities(actor, Point(104.5, 30.1), within_m=1000, limit=100)
    expected = [n for n in range(MANY) if abs(104 + n / 1000 - 104.5) * 96_300 <= 1000]
    assert len(found) == len(expected) > 10
    assert [metres for _row, metres in found] == sorted(metres for _row, metres in found)
    assert "ix_facility_cell (cell>" in plans[0] and "SCAN" not in plans[0], plans[0]


def test_visits_begun_at_one_moment_are_listed_once_each(full: None) -> None:
    pages = [list_inspections(CITY, page=page)[0] for page in (1, 2, 3)]
    seen = [one.id for rows in pages for one in rows]
    assert len(set(seen)) == len(seen) == 3 * PER_PAGE
