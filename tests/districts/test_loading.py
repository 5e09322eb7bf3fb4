"""What is loaded from the shipped files: once, without what is no place, made-up zones marked."""

import csv
import json

import pytest
from flask import Flask

from audit.core.actors import SYSTEM
from audit.core.db import db, transaction
from audit.districts.actions import DATA, load_districts
from audit.districts.models import District
from audit.districts.queries import outlines
from audit.districts.rules import RESPONSIBLE_LEVELS, Level
from audit.journal.queries import entries_about
from tests.factories import YANJIANG
from tests.unchanged import nothing_written

CAMP = "512002400"  # a labour camp, which the statistics list among the towns


def rows() -> dict[str, District]:
    return {row.code: row for row in db.session.scalars(db.select(District))}


def test_a_statistical_unit_that_is_no_place_is_left_out(app: Flask) -> None:
    with (DATA / "ziyang-towns.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["code"]: row for row in csv.DictReader(file)}
    assert CAMP in listed, "or this test holds nothing"
    with app.app_context():
        towns = {code: row for code, row in rows().items() if row.level is Level.TOWN}
    assert towns.keys() == listed.keys() - {CAMP}
    for code, town in towns.items():
        assert (town.name, town.parent_code) == (listed[code]["name"], listed[code]["county_code"])


def test_loading_once_more_changes_nothing_at_all(app: Flask) -> None:
    with nothing_written(app), app.app_context(), transaction():
        assert load_districts() == 0


def test_what_was_added_stands_in_the_journal_once(app: Flask) -> None:
    with app.app_context():
        before = len(entries_about("district", "512000"))
        with transaction() as session:
            for code in ("512021100", "512002001"):
                session.delete(session.get_one(District, code))
        for added in (2, 0):
            with transaction():
                assert load_districts() == added
        [entry, *older] = entries_about("district", "512000")
        assert (entry.verb, entry.actor_name, entry.detail) == ("load", SYSTEM.name, {"added": 2})
        assert len(older) == before


def test_only_made_up_zones_are_marked_as_such(app: Flask) -> None:
    file = json.loads((DATA / "sample-zones.geojson").read_text(encoding="utf-8"))
    zones = {one["properties"]["code"] for one in file["features"]}
    with app.app_context():
        assert {code for code, row in rows().items() if row.sample} == zones
        assert {code for code, row in rows().items() if row.level is Level.ZONE} == zones
        assert all(not code.isdigit() for code in zones), "they cannot be taken for real codes"


def test_every_place_that_answers_for_facilities_has_an_outline(app: Flask) -> None:
    with app.app_context():
        outlined = {row.code for row, _geometry in outlines()}
        answer = {code for code, row in rows().items() if row.level in RESPONSIBLE_LEVELS}
    assert answer <= outlined


def test_a_name_that_was_corrected_stays(app: Flask) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction() as session:
        session.get_one(District, YANJIANG).name = "雁江区（试点）"
        assert load_districts() == 0
        assert rows()[YANJIANG].name == "雁江区（试点）"
        _ = 1 // 0  # districts are loaded once for all tests: undo it
