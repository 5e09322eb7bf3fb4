"""What columns mean, where rows lie, and which places are one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.geo.datums import Datum, from_wgs84
from audit.geo.points import Box, Point, distance_m
from audit.geo.points import moved as stepped
from audit.transfer.rules.columns import FIELDS, Plan, guessed, guessed_datum
from audit.transfer.rules.places import (
    likelier_datums,
    likely_datum,
    moved_shape,
    placed,
    reshaped,
    seem_swapped,
)
from audit.transfer.rules.reading import read_file
from audit.transfer.rules.twins import Known, Register

CITY = Box(104, 29, 106, 31)
HERE = Point(104.6276, 30.1222)


def test_columns_are_known_by_what_people_call_them() -> None:
    columns = ["序号", "设施名称", "类型", "经度 (gcj02)", "纬度 (gcj02)", "竣工日期"]
    assert guessed(columns) == {"name": 1, "kind": 2, "lon": 3, "lat": 4, "built_on": 5}
    assert guessed_datum(columns) is Datum.GCJ02


def test_our_own_titles_are_known_in_both_languages() -> None:
    for language in ("zh", "en"):
        titles = [one.title.in_(language) for one in FIELDS.values()]
        assert guessed(titles) == {name: place for place, name in enumerate(FIELDS)}


def test_a_plan_comes_back_as_it_was_kept() -> None:
    plan = Plan({"name": 1}, "toilet", "512002", Datum.BD09, swap=True)
    assert Plan.of(json.loads(json.dumps(plan.kept()))) == plan
    assert Plan.of({}) == Plan()


@given(st.sampled_from(list(Datum)), st.booleans())
def test_a_place_is_read_back_within_a_centimetre(datum: Datum, swap: bool) -> None:
    told = from_wgs84(HERE, datum)
    pair = (told.lat, told.lon) if swap else (told.lon, told.lat)
    read = placed(*pair, datum, swap)
    assert read is not None
    assert distance_m(read, HERE) < 0.01


def test_a_line_is_moved_point_by_point() -> None:
    line = json.dumps({"type": "LineString", "coordinates": [[104.1, 30.1], [104.2, 30.2]]})
    there = reshaped(line, Datum.GCJ02)
    assert there != line
    back = json.loads(moved_shape(there, Datum.GCJ02, swap=False))
    for was, now in zip(json.loads(line)["coordinates"], back["coordinates"], strict=True):
        assert distance_m(Point(*was), Point(*now)) < 0.05


@pytest.mark.parametrize(
    "text", ["", "no json", "[1]", '{"coordinates": {}}', '{"coordinates": [[1]]}']
)
def test_what_is_no_shape_is_left_for_the_form_to_refuse(text: str) -> None:
    assert moved_shape(text, Datum.GCJ02, swap=True) == text


def test_swapped_axes_are_noticed_by_where_the_city_is() -> None:
    assert seem_swapped([(30.1, 104.6)] * 9 + [(104.6, 30.1)], CITY)
    assert not seem_swapped([(104.6, 30.1)] * 9, CITY)
    assert not seem_swapped([(10.0, 50.0)] * 9, CITY)  # elsewhere either way round


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_a_wrong_datum_is_noticed_by_places_of_the_same_name(datum: Datum) -> None:
    known = [stepped(HERE, east_m=700 * i, north_m=300 * i) for i in range(4)]
    told = [from_wgs84(point, datum) for point in known]
    pairs = [(point.lon, point.lat) for point in told]
    assert likely_datum(pairs, known, Datum.WGS84, swap=False) is datum
    assert likely_datum(pairs, known, datum, swap=False) is None
    assert likely_datum(pairs[:2], known[:2], Datum.WGS84, swap=False) is None  # too few to say


@pytest.mark.parametrize(
    ("wgs84", "gcj02", "bd09", "said", "likelier"),
    [
        (80, 100, 91, "wgs84", ["gcj02"]),
        (80, 100, 100, "wgs84", ["gcj02", "bd09"]),  # they fit as well: people know which
        (80, 100, 91, "gcj02", []),
        (98, 100, 99, "wgs84", []),  # two rows may be two mistakes
        (80, 89, 80, "wgs84", []),  # the file is of somewhere else, or careless
        (85, 92, 85, "wgs84", []),  # most of those outside stay outside
        (0, 0, 0, "wgs84", []),
    ],
)
def test_a_wrong_datum_is_noticed_by_rows_that_leave_their_district(
    wgs84: int, gcj02: int, bd09: int, said: str, likelier: list[str]
) -> None:
    inside = {Datum.WGS84: wgs84, Datum.GCJ02: gcj02, Datum.BD09: bd09}
    assert likelier_datums(inside, 100, Datum(said)) == [Datum(one) for one in likelier]


def place(name: str, east_m: float = 0, kind: str = "toilet", who: object = 1) -> Known:
    return Known(who, kind, name, stepped(HERE, east_m=east_m, north_m=0))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "east_m", "is_twin"),
    [
        ("市民广场公共厕所", 0, True),
        ("市民广场公厕", 60, True),
        ("市民广场公共厕所", 99, True),
        ("市民广场公共厕所", 140, False),
        ("滨江路公厕", 60, False),
        ("滨江路公厕", 5, True),  # one door has one toilet
        ("市民广场2号公共厕所", 60, False),
        ("市民广场东公共厕所", 60, False),
    ],
)
def test_one_place_is_known_by_its_name_and_where_it_lies(
    name: str, east_m: float, is_twin: bool
) -> None:
    register = Register()
    register.add(place("市民广场公共厕所"))
    assert (register.find_twin(place(name, east_m, who=2)) is not None) is is_twin


def test_another_kind_at_the_same_spot_is_another_place() -> None:
    register = Register()
    register.add(place("市民广场"))
    assert register.find_twin(place("市民广场", kind="building")) is None


def test_a_site_is_known_by_its_address() -> None:
    register = Register()
    register.add(Known(1, "website", "市政府", url="https://www.ziyang.gov.cn/"))
    assert register.find_twin(Known(2, "website", "资阳", url="http://ziyang.gov.cn")) is not None
    assert register.find_twin(Known(2, "website", "市政府", url="http://ziyang.gov.cn/en")) is None


def test_geojson_becomes_rows_with_their_place_as_written() -> None:
    line = {"type": "LineString", "coordinates": [[104.1, 30.1], [104.2, 30.2], [104.3, 30.3]]}
    features = [
        {"type": "Feature", "properties": {"名称": "甲", "层数": 2, "x": None},
         "geometry": {"type": "Point", "coordinates": [104.6, 30.1]}},
        {"type": "Feature", "properties": {"名称": "乙", "深": {"a": 1}}, "geometry": line},
        {"type": "Feature", "properties": None, "geometry": None},
        {"type": "Feature", "properties": {"名称": "丁"}, "geometry": {"type": "Point",
                                                                    "coordinates": ["a", []]}},
    ]  # fmt: skip
    raw = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    table = read_file(raw)
    assert table.columns == ("名称", "层数", "x", "深", "lon", "lat", "shape")
    assert table.rows[0].cells == ("甲", "2", "", "", "104.6", "30.1", "")
    assert table.rows[1].cells[4:6] == ("104.2", "30.2")
    assert json.loads(table.rows[1].cells[6]) == line
    assert table.rows[2].cells == ("",) * 7
    assert table.rows[3].cells[4:] == ("a", "", "")
