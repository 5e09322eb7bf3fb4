"""Places and distances."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.geo.points import Box, Point, box_around, distance_m, moved

ZIYANG = Point(104.6252411, 30.1317508)
lons = st.floats(-179, 179)
lats = st.floats(-85, 85)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(181, 0), (-180.1, 0), (0, 90.01), (0, -91), (math.nan, 0), (0, math.nan), (math.inf, 0)],
)
def test_a_place_off_the_globe_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="is not between"):
        Point(lon, lat)


def test_a_degree_of_latitude_is_about_111_km() -> None:
    assert distance_m(Point(104, 30), Point(104, 31)) == pytest.approx(111_195, abs=1)


def test_a_degree_of_longitude_is_shorter_away_from_the_equator() -> None:
    assert distance_m(Point(104, 30), Point(105, 30)) == pytest.approx(96_297, abs=30)


@given(lons, lats, lons, lats)
def test_the_way_there_is_as_long_as_the_way_back(
    lon_a: float, lat_a: float, lon_b: float, lat_b: float
) -> None:
    there = distance_m(Point(lon_a, lat_a), Point(lon_b, lat_b))
    assert there == pytest.approx(distance_m(Point(lon_b, lat_b), Point(lon_a, lat_a)))
    assert there <= 20_015_115


@given(st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_moving_by_metres_goes_that_far(east_m: float, north_m: float) -> None:
    gone = distance_m(ZIYANG, moved(ZIYANG, east_m=east_m, north_m=north_m))
    assert gone == pytest.approx(math.hypot(east_m, north_m), rel=1e-3, abs=1e-3)


def test_a_box_holds_its_edge_and_nothing_beyond() -> None:
    box = Box(104, 30, 105, 31)
    assert box.holds(Point(104, 31))
    assert not box.holds(Point(103.999, 30.5))


def test_a_box_turned_inside_out_is_refused() -> None:
    with pytest.raises(ValueError, match="west <= east"):
        Box(105, 30, 104, 31)


def test_the_box_around_places_touches_the_outermost() -> None:
    assert box_around([Point(3, 4), Point(1, 9), Point(2, 2)]) == Box(1, 2, 3, 9)
