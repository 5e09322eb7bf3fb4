"""Cells: one integer for a place, ranges of it for a view."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.geo.cells import MAX_RANGES, cell_of, cell_ranges, parent_cell, snapped
from audit.geo.points import Box, Point, distance_m
from tests.geo.cells import centre_of

lons = st.floats(-180, 180)
lats = st.floats(-85, 85)
ZIYANG_VIEW = Box(104.60, 30.10, 104.66, 30.14)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    west, east = sorted((draw(lons), draw(lons)))
    south, north = sorted((draw(lats), draw(lats)))
    return Box(west, south, east, north)


@given(lons, st.floats(-90, 90))
def test_a_cell_fits_in_42_bits(lon: float, lat: float) -> None:
    assert 0 <= cell_of(lon, lat) < 1 << 42


def test_cells_are_those_of_the_usual_tile_grid() -> None:
    # The first tile is the north-western corner; y bits stand above x bits.
    assert cell_of(-180, 85.06) == 0
    assert cell_of(180, -85.06) == (1 << 42) - 1
    assert cell_of(0.0001, 0.0001) >> 40 == 1  # north-east quarter: x bit set, y bit not
    assert cell_of(-0.0001, -0.0001) >> 40 == 2


@given(lons, lats)
def test_the_centre_of_a_cell_lies_in_that_cell(lon: float, lat: float) -> None:
    centre = centre_of(cell_of(lon, lat))
    assert cell_of(centre.lon, centre.lat) == cell_of(lon, lat)
    assert distance_m(centre, Point(lon, lat)) < 14


@given(lons, lats, st.integers(0, 19))
def test_the_centre_of_a_group_lies_in_that_group(lon: float, lat: float, zoom: int) -> None:
    group = parent_cell(cell_of(lon, lat), zoom)
    centre = centre_of(group, zoom + 2)
    assert parent_cell(cell_of(centre.lon, centre.lat), zoom) == group


def test_a_group_is_64_pixels_wide() -> None:
    width_deg = 360 / 2**14 / 4  # a tile of zoom 14 has 256 pixels
    west = Point(-180 + 5 * width_deg + 1e-9, 30)
    groups = {
        parent_cell(cell_of(west.lon + share * width_deg, 30), 14) for share in (0, 0.5, 0.99, 1.01)
    }
    assert len(groups) == 2


@given(boxes(), st.integers(0, 21), st.floats(0, 1), st.floats(0, 1))
def test_every_place_in_the_view_is_in_exactly_one_range(
    box: Box, zoom: int, across: float, up: float
) -> None:
    lon = min(box.east, box.west + across * (box.east - box.west))
    lat = min(box.north, box.south + up * (box.north - box.south))
    cell = cell_of(lon, lat)
    ranges = cell_ranges(box, zoom)
    assert sum(low <= cell <= high for low, high in ranges) == 1
    assert len(ranges) <= MAX_RANGES


@given(boxes(), st.integers(0, 21))
def test_ranges_ascend_and_never_touch(box: Box, zoom: int) -> None:
    ranges = cell_ranges(box, zoom)
    for (_, high), (low, _) in pairwise(ranges):
        assert high + 1 < low


def test_a_usual_view_asks_for_little_more_than_itself() -> None:
    ranges = cell_ranges(ZIYANG_VIEW, 15)
    far = [Point(104.57, 30.12), Point(104.70, 30.12), Point(104.63, 30.07), Point(104.63, 30.17)]
    for place in far:
        cell = cell_of(place.lon, place.lat)
        assert not any(low <= cell <= high for low, high in ranges)


@given(st.integers(0, 19), st.floats(0, 1), st.floats(0, 1))
def test_ranges_become_ranges_of_groups(zoom: int, across: float, up: float) -> None:
    box = Box(104.4, 29.9, 104.9, 30.4)
    cell = cell_of(104.4 + 0.5 * across, 29.9 + 0.5 * up)
    groups = [
        (parent_cell(low, zoom), parent_cell(high, zoom)) for low, high in cell_ranges(box, zoom)
    ]
    assert sum(low <= parent_cell(cell, zoom) <= high for low, high in groups) == 1


def test_neighbouring_views_ask_the_same_question() -> None:
    nudged = Box(104.6001, 30.1001, 104.6601, 30.1401)
    assert snapped(ZIYANG_VIEW, 13) == snapped(nudged, 13)


@given(boxes(), st.integers(0, 21))
def test_a_snapped_view_holds_the_view(box: Box, zoom: int) -> None:
    wider = snapped(box, zoom)
    assert wider.west <= box.west + 1e-9
    assert wider.south <= box.south + 1e-9
    assert wider.east >= box.east - 1e-9
    assert wider.north >= box.north - 1e-9


def test_a_zoom_without_groups_is_refused() -> None:
    with pytest.raises(ValueError, match="zoom 20"):
        parent_cell(0, 20)
