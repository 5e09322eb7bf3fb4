"""How SQLite, which has no statistics here as in most towns, finds what a view shows.

Its plans do not depend on what is in the tables then, so an empty database proves them.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from audit.core.actors import Actor, Grant, Role
from audit.core.db import db, is_sqlite
from audit.core.ids import new_id
from audit.facilities.forms import parse_filter as parse_facilities
from audit.findings.forms import parse_filter
from audit.findings.models import Finding
from audit.geo.points import Box
from audit.maps.queries import facilities_in, findings_in, first_findings, grid_of
from audit.maps.queries.findings import _Asked
from tests.factories import Factory
from tests.plans import plans_of_reads

CITY = Actor(new_id(), "王协调", (Grant(Role.COORDINATOR),))
COUNTY = Actor(new_id(), "李监督", (Grant(Role.SUPERVISOR, frozenset({"512002"})),))
FIRM = Actor(new_id(), "赵", COUNTY.grants, organisation_id=new_id())
STREETS = Box(104.6401, 30.1201, 104.6599, 30.1299)
WHOLE = Box(104.3, 29.7, 105.8, 30.7)
QUESTIONS = ["", "district=512002", "state=open", "kind=road", "severity=S1&state=open"]


@pytest.fixture
def ready(app: Flask) -> Iterator[None]:
    with app.app_context():
        if not is_sqlite():
            pytest.skip("PostgreSQL keeps statistics")
        yield


def _filter(query: str) -> MultiDict[str, str]:
    return MultiDict(pair.split("=") for pair in query.split("&") if pair)


@pytest.mark.parametrize("actor", [CITY, COUNTY, FIRM], ids=lambda actor: str(actor.name))
@pytest.mark.parametrize("query", QUESTIONS)
@pytest.mark.parametrize("zoom", [9, 13, 16, 17, 18])
def test_a_view_reads_its_own_tiles_and_nothing_else(
    ready: None, actor: Actor, query: str, zoom: int
) -> None:
    with plans_of_reads() as plans:
        findings_in(actor, parse_filter(_filter(query)), grid_of(STREETS, zoom))
    assert plans
    for plan in plans:
        assert "SCAN" not in plan
        if "SEARCH finding USING" in plan and "ix_finding_organisation_id" not in plan:
            assert "ix_finding_cell (cell>? AND cell<?)" in plan
        if "map_cell" in plan:
            assert "(zoom=? AND cell>? AND cell<?)" in plan


@pytest.mark.parametrize("query", QUESTIONS)
def test_the_counts_of_a_close_view_come_from_the_index_alone(ready: None, query: str) -> None:
    with plans_of_reads() as plans:
        _Asked(FIRM, parse_filter(_filter(query)), grid_of(STREETS, 17)).cells()
    assert "SEARCH finding USING COVERING INDEX ix_finding_cell" in plans[-1]


@pytest.mark.parametrize("mode", [False, True])
@pytest.mark.parametrize("zoom", [9, 17])
def test_facilities_are_found_by_their_place(ready: None, mode: bool, zoom: int) -> None:
    chosen = parse_facilities(_filter("district=512002&kind=toilet"))
    with plans_of_reads() as plans:
        facilities_in(COUNTY, chosen, grid_of(STREETS, zoom), only_spots=mode)
    reading = [plan for plan in plans if "facility" in plan]
    assert reading
    assert all("ix_facility_cell (cell>? AND cell<?)" in plan for plan in reading)


def test_from_afar_an_owner_is_found_by_the_owner(ready: None) -> None:
    chosen = parse_filter(_filter(f"organisation={new_id()}&state=open&district=512002"))
    with plans_of_reads() as plans:
        findings_in(CITY, chosen, grid_of(STREETS, 9))
    assert plans and all("ix_finding_organisation_id" in plan for plan in plans)


def test_a_word_is_looked_for_in_the_different_titles(make: Factory, ready: None) -> None:
    number = make.finding()
    title = db.session.scalars(db.select(Finding.title_zh)).one()
    with plans_of_reads() as plans:
        found = findings_in(CITY, parse_filter(_filter(f"q={title[1:4]}")), grid_of(WHOLE, 9))
    assert [spot.number for spot in found.spots] == [number]
    titles = [plan for plan in plans if "RECURSIVE STEP" in plan]
    assert len(titles) == 2
    assert all("SEARCH finding USING COVERING INDEX ix_finding_title" in plan for plan in titles)
    assert not [plan for plan in plans if "SCAN finding" in plan]


def test_the_first_of_many_are_met_in_the_order_of_the_list(
    ready: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.maps.queries.findings.MANY", -1)
    with plans_of_reads() as plans:
        first_findings(COUNTY, parse_filter(_filter("state=open")), 6)
    walks = [plan for plan in plans if "severity=?" in plan]
    assert len(walks) == 4
    assert all("ix_finding_severity_opened_at" in plan for plan in walks)
    assert all("TEMP B-TREE FOR ORDER BY" not in plan for plan in walks)
