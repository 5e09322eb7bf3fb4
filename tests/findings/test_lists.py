"""Who sees which findings: the list, the page, the photos, the counts and the map agree."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from audit.core.actors import Actor, Grant, Role
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.rules import FacilityKind
from audit.findings import actions, queries
from audit.findings.models import Finding, FindingPhoto
from audit.findings.queries import FindingFilter, count_by_state, list_findings
from audit.findings.rules import State, Verb
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory

SignIn = Callable[..., CarefulClient]


@pytest.fixture
def owner(make: Factory) -> UUID:
    """The organisation to which one of the town's findings was sent."""
    return make.organisation()


@pytest.fixture
def town(make: Factory, owner: UUID) -> dict[str, str]:
    """Numbers of findings in two districts and several states."""
    return {
        "new": make.finding(),
        "sent": make.dispatched(owner),
        "fixed": make.fixed(),
        "far": make.finding(district=ANYUE),
    }


SEEN: list[tuple[str, str | None, set[str]]] = [
    ("supervisor", YANJIANG, {"new", "sent", "fixed"}),
    ("coordinator", ANYUE, {"far"}),
    ("department", None, {"new", "sent", "fixed", "far"}),
    ("planner", YANJIANG, {"new", "sent", "fixed"}),
    ("prosecutor", None, {"new", "sent", "fixed", "far"}),
    ("organisation", YANJIANG, set()),
    ("auditor", None, set()),
    ("security", None, set()),
]


@pytest.mark.parametrize(("role", "district", "expected"), SEEN)
def test_list_page_and_counts_show_the_same(
    app: Flask, make: Factory, town: dict[str, str], role: str, district: str | None,
    expected: set[str],
) -> None:  # fmt: skip
    person = make.person(role, district=district)
    actor = make.actor_of(person)
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    browser.hold(make.session_of(person))
    with app.app_context():
        rows, total = list_findings(actor, FindingFilter())
        assert {row.number for row in rows} == {town[name] for name in expected}
        assert total == len(expected) == sum(count_by_state(actor).values())
    pages = {name: browser.get(f"/findings/{number}").status_code for name, number in town.items()}
    may_look = role not in ("auditor", "security")
    assert pages == {name: 200 if name in expected else (404 if may_look else 403) for name in town}
    if role not in ("auditor", "security", "organisation"):
        seen = browser.get("/map/findings?bbox=104,29,106,31&z=9").json
        assert seen is not None and seen["total"] == len(expected)


def test_an_organisation_sees_what_was_sent_to_it_and_nothing_else(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    mine, other = make.organisation(), make.organisation()
    number = make.dispatched(mine)
    make.dispatched(other)
    make.finding()
    fixer, nobody = make.actor("organisation", organisation=mine), make.actor("organisation")
    homeless = Actor(new_id(), "某人", (Grant(Role.ORGANISATION),))
    with app.app_context():
        assert [row.number for row in list_findings(fixer, FindingFilter())[0]] == [number]
        assert list_findings(nobody, FindingFilter())[1] == 0
        assert list_findings(homeless, FindingFilter())[1] == 0, "not those of nobody"


def test_a_supervisor_of_the_owner_sees_it_in_other_districts_too(
    app: Flask, make: Factory
) -> None:
    owner = make.organisation()
    number = make.dispatched(owner)
    insider = make.actor("supervisor", district=ANYUE, organisation=owner)
    with app.app_context():
        assert [row.number for row in list_findings(insider, FindingFilter())[0]] == [number]


def test_filters_narrow_the_list(
    app: Flask, make: Factory, town: dict[str, str], owner: UUID
) -> None:
    planner = make.actor("planner", district=None)
    with app.app_context():
        place = make.finding_named(town["new"]).facility_id
        asked: list[tuple[FindingFilter, set[str]]] = [
            (FindingFilter(states=(State.REPORTED,)), {"new", "far"}),
            (FindingFilter(states=(State.FIXED, State.DISPATCHED)), {"sent", "fixed"}),
            (FindingFilter(open=True), {"new", "sent", "fixed", "far"}),
            (FindingFilter(states=(State.CLOSED,)), set()),
            (FindingFilter(district=ANYUE), {"far"}),
            (FindingFilter(severities=("S1",)), set()),
            (FindingFilter(severities=("S2", "S1")), {"new", "sent", "fixed", "far"}),
            (FindingFilter(kind=FacilityKind.ROAD), set()),
            (FindingFilter(kind=FacilityKind.TOILET), {"new", "sent", "fixed", "far"}),
            (FindingFilter(organisation=owner), {"sent"}),
            (FindingFilter(organisation=new_id()), set()),
            (FindingFilter(facility=place), {"new"}),
            (FindingFilter(text=town["new"].lower()), {"new"}),
            (FindingFilter(text="市民广场"), {"new", "sent", "fixed", "far"}),
            (FindingFilter(text="无障碍厕位"), {"new", "sent", "fixed", "far"}),
            (FindingFilter(text="%"), set()),
            (FindingFilter(text="ZY_2026"), set()),
            (FindingFilter(page=2), set()),
        ]
        for chosen, expected in asked:
            rows, total = list_findings(planner, chosen)
            assert {row.number for row in rows} == {town[name] for name in expected}, chosen
            assert total == (len(expected) if chosen.page == 1 else 4)


def test_the_gravest_and_newest_come_first(app: Flask, make: Factory) -> None:
    numbers, planner = [make.finding() for _ in range(3)], make.actor("planner")
    with app.app_context():
        make.finding_named(numbers[0]).severity = "S1"
        db.session.flush()
        rows, _total = list_findings(planner, FindingFilter())
        assert [row.number for row in rows] == [numbers[0], numbers[2], numbers[1]]


def test_a_photo_is_seen_by_those_who_see_its_finding(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    owner = make.organisation()
    number = make.fixed(owner)
    with app.app_context():
        finding = db.session.scalars(db.select(Finding).where(Finding.number == number)).one()
        photo: UUID = db.session.scalars(db.select(FindingPhoto.photo_id)).one()
        assert finding.organisation_id == owner
    for role, facts, status in (
        ("coordinator", {}, 200), ("supervisor", {}, 200), ("prosecutor", {"district": None}, 200),
        ("organisation", {"organisation": owner}, 200), ("organisation", {}, 404),
        ("coordinator", {"district": ANYUE}, 404), ("security", {}, 404), ("auditor", {}, 404),
    ):  # fmt: skip
        browser = signed_in(role, **facts)
        assert browser.get(f"/photos/{photo}/small.jpg").status_code == status, (role, facts)
    assert signed_in("coordinator").get(f"/photos/{new_id()}/small.jpg").status_code == 404
    assert signed_in("coordinator").get(f"/photos/{photo}/huge.jpg").status_code == 404


def test_open_findings_of_a_place_are_only_the_living(app: Flask, make: Factory) -> None:
    number = make.finding()
    coordinator = make.actor("coordinator")
    with app.app_context():
        place = make.finding_named(number).facility_id
        assert len(queries.open_findings_of(place)) == 1
        with transaction():
            actions.act(
                make.finding_named(number), Verb.REJECT, coordinator, actions.Told("不是问题")
            )
        assert len(queries.open_findings_of(place)) == 0
