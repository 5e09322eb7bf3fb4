"""What the nightly search puts together, and what it leaves alone."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from audit.clusters import actions
from audit.clusters.jobs import at_night as tick
from audit.core import clock
from audit.core.db import db
from audit.findings.models import Finding
from audit.queue.models import JobRun
from tests.clusters.near import at_night, clustered, narrow, with_findings
from tests.factories import Factory


def test_two_toilets_side_by_side_are_suspected_and_twice_is_once(make: Factory) -> None:
    one, other, far = narrow(make), narrow(make, 12), narrow(make, 400)
    at_night(make)
    first = clustered(make)
    assert first.keys() == {one, other} and first[one] == first[other]
    at_night(make)
    assert clustered(make) == first
    third = narrow(make, 6)
    at_night(make)
    grown = clustered(make)
    assert grown == {**first, third: first[one]}, "the address of the group stays"
    assert far not in grown


def test_raw_findings_stay_as_they_were(make: Factory) -> None:
    def rows() -> list[tuple[object, ...]]:
        with make.app.app_context():
            return [tuple(row) for row in db.session.execute(select(Finding.__table__))]

    narrow(make), narrow(make, 12)
    before = rows()
    at_night(make)
    assert clustered(make) and rows() == before


def test_other_storeys_of_a_building_are_never_suspected(make: Factory) -> None:
    narrow(make, facts={"storey": "f1"}), narrow(make, 1, facts={"storey": "f2"})
    at_night(make)
    assert clustered(make) == {}


def test_what_was_told_apart_is_not_suspected_again_until_the_office_says_otherwise(
    make: Factory,
) -> None:
    numbers = [narrow(make), narrow(make, 12)]
    supervisor, office = make.actor("supervisor"), make.actor("coordinator")
    with_findings(make, numbers, lambda a, b: actions.judge(a, b, False, office, "路的两边"))
    at_night(make)
    assert clustered(make) == {}
    with_findings(make, numbers, lambda a, b: actions.judge(b, a, True, supervisor))
    at_night(make)
    assert clustered(make) == {}, "the office's word counts"
    with_findings(make, numbers, lambda a, b: actions.judge(a, b, True, office))
    at_night(make)
    assert set(clustered(make)) == set(numbers)


def test_a_group_that_falls_apart_keeps_its_address_in_the_larger_part(make: Factory) -> None:
    numbers = [narrow(make, east) for east in (0, 6, 12)]
    at_night(make)
    before = clustered(make)
    office = make.actor("coordinator")
    with_findings(
        make,
        numbers,
        lambda a, b, c: (
            actions.judge(a, c, False, office, "不同"),
            actions.judge(b, c, False, office, "不同"),
            actions.look_anew([a.id, b.id, c.id]),
        ),
    )
    assert clustered(make) == {one: before[one] for one in numbers[:2]}


def test_it_is_looked_for_once_a_night_from_the_hour_that_is_set(make: Factory) -> None:
    def ticked(hour_utc: int, day: int = 1) -> int:
        moment = datetime(2026, 5, day, hour_utc, 30, tzinfo=UTC)
        with make.app.app_context(), clock.at(moment):
            tick()
            asked = select(func.count()).where(JobRun.job == "look_for_duplicates")
            return db.session.scalar(asked) or 0

    assert ticked(17) == 0, "half past one at night"
    assert ticked(18) == 1
    assert ticked(19) == 1
    assert ticked(23) == 1
    assert ticked(18, day=2) == 2
