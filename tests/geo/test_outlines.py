"""In which county a place is, on the shipped outlines."""

from pathlib import Path

import pytest

from audit.geo.geojson import Feature, read_geojson
from audit.geo.outlines import Outlines
from audit.geo.points import Point, distance_m
from audit.geo.polygons import as_shapely
from audit.geo.shapes import Area, area_m2

DATA = Path(__file__).parents[2] / "audit/districts/data"
YANJIANG, ANYUE, LEZHI = "512002", "512021", "512022"


def _features(name: str) -> tuple[Feature, ...]:
    reading = read_geojson((DATA / name).read_bytes())
    assert reading.problems == reading.warnings == ()
    return reading.features


def _areas(name: str, key: str) -> dict[str, Area]:
    shapes = {feature.text(key): feature.shape for feature in _features(name)}
    return {code: shape for code, shape in shapes.items() if isinstance(shape, Area)}


COUNTIES = _areas("ziyang-counties.geojson", "adcode")
ZONES = _areas("sample-zones.geojson", "code")


@pytest.fixture(scope="module")
def outlines() -> Outlines:
    return Outlines(COUNTIES)


@pytest.mark.parametrize(
    ("place", "county"),
    [
        (Point(104.6252, 30.1318), YANJIANG),  # seat of the city
        (Point(105.3360, 30.0990), ANYUE),  # county town of Anyue
        (Point(105.0310, 30.2760), LEZHI),  # county town of Lezhi
    ],
)
def test_a_county_town_is_in_its_county(outlines: Outlines, place: Point, county: str) -> None:
    assert outlines.find_at(place) == county


@pytest.mark.parametrize(
    ("here", "in_here", "there", "in_there"),
    [
        (YANJIANG, Point(104.8080, 30.2432), LEZHI, Point(104.8227, 30.2559)),
        (YANJIANG, Point(104.9118, 30.1619), LEZHI, Point(104.9118, 30.1799)),
        (YANJIANG, Point(105.0455, 30.0760), LEZHI, Point(105.0602, 30.0633)),
        (YANJIANG, Point(105.0219, 30.0583), ANYUE, Point(105.0219, 30.0403)),
        (YANJIANG, Point(104.9646, 30.0192), ANYUE, Point(104.9646, 30.0013)),
        (LEZHI, Point(105.2507, 30.2775), ANYUE, Point(105.2507, 30.2595)),
        (LEZHI, Point(105.2172, 30.1604), ANYUE, Point(105.2172, 30.1784)),
        (LEZHI, Point(105.1833, 30.0898), ANYUE, Point(105.1833, 30.0718)),
    ],
)
def test_places_a_kilometre_each_side_of_a_border_are_told_apart(
    outlines: Outlines, here: str, in_here: Point, there: str, in_there: Point
) -> None:
    assert (outlines.find_at(in_here), outlines.find_at(in_there)) == (here, there)


def test_a_place_on_a_shared_vertex_belongs_to_both_and_the_first_wins(outlines: Outlines) -> None:
    shared = Point(104.865349, 30.1934)
    assert outlines.all_at(shared) == (YANJIANG, LEZHI)
    assert outlines.find_at(shared) == YANJIANG


def test_a_place_in_another_city_is_in_no_county(outlines: Outlines) -> None:
    assert outlines.find_at(Point(104.0657, 30.6574)) is None


def test_no_outlines_give_no_answer() -> None:
    assert Outlines({}).find_at(Point(104, 30)) is None


@pytest.mark.parametrize(("code", "official_km2"), [(YANJIANG, 1633), (ANYUE, 2690), (LEZHI, 1424)])
def test_the_outlines_are_in_the_right_system_and_size(code: str, official_km2: float) -> None:
    assert area_m2(COUNTIES[code]) / 1e6 == pytest.approx(official_km2, rel=0.01)


def test_the_outlines_have_not_been_moved_to_a_shifted_system() -> None:
    city = _areas("ziyang-city.geojson", "adcode")["512000"]
    centroid = as_shapely(city).centroid
    assert distance_m(Point(centroid.x, centroid.y), Point(105.1148, 30.1006)) < 50


def test_the_city_is_the_sum_of_its_counties() -> None:
    city = _areas("ziyang-city.geojson", "adcode")["512000"]
    assert area_m2(city) == pytest.approx(sum(area_m2(a) for a in COUNTIES.values()), rel=1e-3)


def test_sample_zones_say_so_and_lie_in_yanjiang_apart_from_each_other() -> None:
    features = _features("sample-zones.geojson")
    assert len(features) == 2
    for feature in features:
        assert feature.text("name").endswith("示例片区")
        assert feature.text("name_en").endswith("sample zone")
        assert feature.properties["sample"] is True
        assert feature.text("within") == YANJIANG
    county = as_shapely(COUNTIES[YANJIANG])
    first, second = (as_shapely(area) for area in ZONES.values())
    assert county.contains(first)
    assert county.contains(second)
    assert not first.intersects(second)


def test_a_place_can_be_in_a_county_and_in_a_zone() -> None:
    both = Outlines({**COUNTIES, **ZONES})
    assert both.all_at(Point(104.645, 30.165)) == (YANJIANG, "Z-gaoxin")
