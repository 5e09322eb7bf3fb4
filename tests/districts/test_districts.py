"""The districts of Ziyang as shipped: whole, in order, outlined."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from audit.core.db import db, transaction
from audit.core.errors import NotFound
from audit.districts.actions import load_districts
from audit.districts.models import District
from audit.districts.queries import (
    covered_codes,
    get_district,
    outlines,
    responsible_districts,
    towns,
)
from audit.districts.rules import RESPONSIBLE_LEVELS, Level, below
from audit.geo.geojson import shape_of
from audit.geo.shapes import Area, box_of
from tests.factories import ANYUE, YANJIANG

CITY = "512000"


def test_loading_again_adds_nothing(app: Flask) -> None:
    with app.app_context():
        before = db.session.scalar(db.select(db.func.count()).select_from(District))
        with transaction():
            assert load_districts() == 0
        assert db.session.scalar(db.select(db.func.count()).select_from(District)) == before


def test_what_is_missing_is_added_again(app: Flask) -> None:
    with app.app_context():
        gone = towns(YANJIANG)[0]
        code, name = gone.code, gone.name
        with transaction() as session:
            session.delete(session.get_one(District, code))
        with transaction():
            assert load_districts() == 1
        assert get_district(code).name == name


def test_every_district_hangs_on_the_city(app: Flask) -> None:
    with app.app_context():
        rows = db.session.scalars(db.select(District)).all()
        levels = {level: [row for row in rows if row.level is level] for level in Level}
        assert [row.code for row in levels[Level.CITY]] == [CITY]
        assert {row.code for row in levels[Level.COUNTY]} == {"512002", "512021", "512022"}
        assert len(levels[Level.TOWN]) > 80
        assert covered_codes(CITY) == {row.code for row in rows}
        counties = {row.code for row in levels[Level.COUNTY]}
        assert {row.parent_code for row in levels[Level.TOWN]} == counties
        assert all(row.code.startswith(row.parent_code or "x") for row in levels[Level.TOWN])
        assert all(row.sample for row in levels[Level.ZONE])


def test_a_county_covers_its_towns_and_no_others(app: Flask) -> None:
    with app.app_context():
        covered = covered_codes(YANJIANG)
        assert YANJIANG in covered and ANYUE not in covered
        assert covered == {YANJIANG} | {town.code for town in towns(YANJIANG)}
        assert covered_codes(f"{YANJIANG}999") == {f"{YANJIANG}999"}


def test_places_belong_to_counties_and_zones(app: Flask) -> None:
    with app.app_context():
        rows = responsible_districts()
        assert {row.level for row in rows} == set(RESPONSIBLE_LEVELS)
        assert [row.code for row in rows] == sorted(row.code for row in rows)


def test_a_district_that_does_not_exist_is_not_found(app: Flask) -> None:
    with app.app_context():
        assert get_district(YANJIANG).name == "雁江区"
        for code in ("", "999999", "' or 1=1 --"):
            with pytest.raises(NotFound):
                get_district(code)


def test_a_name_is_shown_in_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert get_district(YANJIANG).title.isascii()
        town = towns(YANJIANG)[0]
        assert town.title == town.name, "where there is no English name"
    with app.test_request_context():
        assert get_district(YANJIANG).title == "雁江区"


def test_every_outline_is_an_area_in_and_around_ziyang(app: Flask) -> None:
    with app.app_context():
        found = outlines()
        assert {"512000", "512002", "512021", "512022"} <= {row.code for row, _ in found}
        for row, geometry in found:
            shape = shape_of(geometry)
            assert isinstance(shape, Area), row.name
            box = box_of(shape)
            assert 104 < box.west < box.east < 106 and 29.5 < box.south < box.north < 30.7, row.name


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=12))
def test_going_down_ends_even_where_parents_form_a_ring(
    pairs: list[tuple[int, int | None]],
) -> None:
    named = [(str(child), None if parent is None else str(parent)) for child, parent in pairs]
    found = below("0", named)
    assert "0" in found
    for child, parent in named:
        if parent in found and parent is not None:
            assert child in found
