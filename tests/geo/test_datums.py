"""The shifted systems of Chinese map services."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.geo.datums import Datum, from_wgs84, to_wgs84
from audit.geo.points import Point, distance_m

# 资阳市 as the map providers themselves give it in the three systems.
WGS84 = Point(104.6252411, 30.1317508)
GCJ02 = Point(104.6276449, 30.1289052)
BD09 = Point(104.6340814, 30.1351581)
SHIFTED = [(Datum.GCJ02, GCJ02), (Datum.BD09, BD09)]


@pytest.mark.parametrize(("datum", "given_as"), SHIFTED)
def test_ziyang_is_within_a_metre_of_what_providers_say(datum: Datum, given_as: Point) -> None:
    assert distance_m(from_wgs84(WGS84, datum), given_as) < 1
    assert distance_m(to_wgs84(given_as, datum), WGS84) < 1


def test_the_shift_at_ziyang_is_that_of_the_documents() -> None:
    assert distance_m(WGS84, from_wgs84(WGS84, Datum.GCJ02)) == pytest.approx(391, abs=2)
    assert distance_m(WGS84, from_wgs84(WGS84, Datum.BD09)) == pytest.approx(932, abs=2)


@given(st.sampled_from([Datum.GCJ02, Datum.BD09]), st.floats(73, 136), st.floats(2, 54))
def test_a_round_trip_is_exact_to_a_centimetre(datum: Datum, lon: float, lat: float) -> None:
    place = Point(lon, lat)
    assert distance_m(to_wgs84(from_wgs84(place, datum), datum), place) < 0.01


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize("place", [Point(2.35, 48.86), Point(-74, 40.7), Point(151.2, -33.9)])
def test_a_place_outside_china_stays_where_it_is(datum: Datum, place: Point) -> None:
    assert from_wgs84(place, datum) == place
    assert to_wgs84(place, datum) == place


def test_our_own_system_is_not_moved() -> None:
    assert from_wgs84(WGS84, Datum.WGS84) == to_wgs84(WGS84, Datum.WGS84) == WGS84
