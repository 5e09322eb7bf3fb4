"""The map's counts after each single step, counted by two other ways; and what would be noticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from audit.core.actors import SYSTEM, Actor
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityDraft, FacilityKind
from audit.findings import actions
from audit.findings.actions import Failure, Recheck, miscounted, recount
from audit.findings.models import Finding, MapCell
from audit.findings.rules import Source, Verb
from audit.register.actions import edit
from tests.factories import ANYUE, GONE, Factory
from tests.findings.counting import assert_counts_are_true


@contextmanager
def counted() -> Iterator[None]:
    """One act, in a transaction of its own; afterwards every count is true."""
    with transaction():
        yield
    assert_counts_are_true()
    assert miscounted() == 0
    db.session.rollback()


def failure(rule: str, severity: str, source: Source = Source.INSPECTION) -> Failure:
    return Failure(source, rule, Text("门太窄", "Too narrow"), severity, "functional", "breach")


def open_at(place: UUID, actor: Actor, *severities: str) -> None:
    failures = [failure(f"rule-{place}-{number}", one) for number, one in enumerate(severities)]
    facility = db.session.get_one(Facility, place)
    actions.open_findings(facility, failures, actor, new_id())


def seen(verb: Verb) -> Recheck:
    return Recheck(new_id(), verb)


def at_zoom(zoom: int) -> list[tuple[str, int]]:
    """(state, how many) of every cell that is not empty."""
    rows = db.session.scalars(db.select(MapCell).where(MapCell.zoom == zoom))
    full = [(str(row.state), row.n1 + row.n2 + row.n3 + row.n4) for row in rows]
    return sorted(pair for pair in full if pair[1])


def test_each_step_of_a_life_moves_one_finding(app: Flask, make: Factory) -> None:
    owner, place = make.organisation(), make.toilet()
    coordinator, department = make.actor("coordinator"), make.actor("department")
    finder, other = make.actor("supervisor"), make.actor("supervisor")
    fixer = make.actor("organisation", organisation=owner)
    photos = [[make.photo(fixer, seed)] for seed in (1, 2)]
    again = actions.Told("又坏了")
    with app.app_context():
        with counted():
            open_at(place, finder, "S1", "S2", "S3", "S4")
        number = db.session.scalars(db.select(Finding.number).where(Finding.severity == "S3")).one()
        steps = [
            ("confirmed", lambda one: actions.act(one, Verb.CONFIRM, coordinator)),
            ("dispatched", lambda one: actions.dispatch(one, department, owner)),
            ("dispatched", lambda one: actions.dispatch(one, department, owner, "催办")),
            ("fixed", lambda one: actions.report_fixed(one, fixer, "改好了", photos[0])),
            ("unsure", lambda one: actions.recheck(one, other, seen(Verb.NEAR_RECHECK))),
            ("reopened", lambda one: actions.recheck(one, other, seen(Verb.FAIL_RECHECK))),
            ("fixed", lambda one: actions.report_fixed(one, fixer, "又改了", photos[1])),
            ("closed", lambda one: actions.recheck(one, other, seen(Verb.PASS_RECHECK))),
            (
                "reopened",
                lambda one: actions.act(one, Verb.REOPEN, coordinator, again),
            ),
        ]
        db.session.rollback()
        for state, step in steps:
            with counted():
                step(make.finding_named(number))
            for zoom in (6, 11, 16):
                assert at_zoom(zoom) == sorted([("reported", 3), (state, 1)]), zoom
        with counted():
            open_at(place, other, "S1", "S2")  # found again: they join


def test_a_step_that_is_not_saved_counts_nothing(app: Flask, make: Factory) -> None:
    number, coordinator = make.finding(), make.actor("coordinator")
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            actions.act(make.finding_named(number), Verb.CONFIRM, coordinator)
            _ = 1 // 0
        assert_counts_are_true()
        assert at_zoom(8) == [("reported", 1)]


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(104.6276, 30.1222), (-0.0000004, 0.0000004), (-73.98765432, -33.45678901), (179.9999996, 85)],
)
def test_a_place_that_moves_takes_its_findings_along(
    app: Flask, make: Factory, lon: float, lat: float
) -> None:
    place, finder = make.toilet(lon=105.1, lat=29.9), make.actor("supervisor")
    draft = FacilityDraft(FacilityKind.TOILET, "公厕", ANYUE, lon=lon, lat=lat)
    with app.app_context():
        with counted():
            open_at(place, finder, "S1", "S1", "S4")
        for _ in range(2):  # the second time it stays where it is
            with counted():
                facility = db.session.get_one(Facility, place)
                edit(facility, draft, SYSTEM)
            [cell] = db.session.scalars(db.select(MapCell).where(MapCell.zoom == 7, MapCell.n1 > 0))
            assert (cell.district_code, cell.n1, cell.n4) == (ANYUE, 2, 1)
            assert cell.east == 3 * round(lon * 1_000_000)
            assert cell.north == 3 * round(lat * 1_000_000)
            db.session.rollback()


def test_a_website_lies_on_no_map(app: Flask, make: Factory) -> None:
    site, finder = make.facility(FacilityKind.WEBSITE), make.actor("supervisor")
    with app.app_context():
        with counted():
            facility = db.session.get_one(Facility, site)
            found = failure("axe:label", "S2", Source.SCAN)
            actions.open_findings(facility, [found], finder, new_id())
        with counted():
            actions.close_by_rescan(db.session.scalars(db.select(Finding)).one(), new_id(), GONE)
        assert db.session.scalars(db.select(MapCell)).all() == []


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE map_cell SET n1 = n1 + 1 WHERE zoom = 6",
        "UPDATE map_cell SET n2 = 0 WHERE zoom = 16",
        "UPDATE map_cell SET n3 = -1 WHERE zoom = 9",
        "UPDATE map_cell SET east = east - 1 WHERE zoom = 12",
        "UPDATE map_cell SET north = north + 1 WHERE zoom = 7",
        "UPDATE map_cell SET state = 'closed' WHERE zoom = 10",
        "UPDATE map_cell SET kind = 'road' WHERE zoom = 10",
        "DELETE FROM map_cell WHERE zoom = 14",
        "UPDATE finding SET severity = 'S1'",
        "UPDATE finding SET lon = lon + 0.000001",
    ],
)
def test_whatever_is_wrong_is_noticed_both_ways_and_counted_anew(
    app: Flask, make: Factory, damage: str
) -> None:
    make.finding()
    with app.app_context():
        with transaction() as session:
            session.execute(text(damage))
        assert miscounted() > 0
        with pytest.raises(AssertionError):
            assert_counts_are_true()
        with counted():
            recount()
