"""Files of places from strangers."""

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.geo.geojson import MAX_BYTES, MAX_VERTICES, Reading, read_geojson, shape_of
from audit.geo.points import Box, Point
from audit.geo.problems import Fault
from audit.geo.shapes import Area, Line

RING = [[104.6, 30.1], [104.7, 30.1], [104.7, 30.2], [104.6, 30.1]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}


def _read(document: object, **options: bool) -> Reading:
    return read_geojson(json.dumps(document).encode(), **options)


def _feature(geometry: object, properties: object = None) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(*features: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)}


def _faults(reading: Reading) -> list[Fault]:
    assert reading.features == ()
    return [problem.fault for problem in reading.problems]


def test_features_come_back_as_shapes_with_their_plain_values() -> None:
    reading = _read(
        _collection(
            _feature(
                {"type": "Point", "coordinates": [104.6, 30.1, 340]}, {"name": "坡道", "n": 2}
            ),
            _feature({"type": "LineString", "coordinates": RING[:2]}, {"tags": {"a": 1}}),
            _feature(POLYGON),
        )
    )
    assert reading.problems == reading.warnings == ()
    point, line, area = reading.features
    assert point.shape == Point(104.6, 30.1)
    assert (point.text("name"), point.text("n"), point.text("absent")) == ("坡道", "2", "")
    assert isinstance(line.shape, Line)
    assert line.properties == {}
    assert isinstance(area.shape, Area)


def test_a_bare_geometry_and_a_single_feature_are_files_too() -> None:
    assert len(_read(POLYGON).features) == len(_read(_feature(POLYGON)).features) == 1


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert read_geojson(b"\xef\xbb\xbf" + json.dumps(POLYGON).encode()).features


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b" " * (MAX_BYTES + 1), Fault.TOO_BIG),
        ("多边形".encode("gb18030"), Fault.NOT_UTF8),
        (b"{", Fault.NOT_JSON),
        (b"", Fault.NOT_JSON),
        (b"[" * 200_000, Fault.TOO_DEEP),
        (b'{"type":"Feature","properties":' + b'{"a":' * 40 + b"1" + b"}" * 41, Fault.TOO_DEEP),
        (b'{"type":"Point","coordinates":[NaN,30]}', Fault.NOT_FINITE),
        (b'{"type":"Point","coordinates":[Infinity,30]}', Fault.NOT_FINITE),
        (b'{"type":"Point","coordinates":[1e999,30]}', Fault.NOT_FINITE),
        (b'{"type":"Point","coordinates":[1' + b"0" * 400 + b",30]}", Fault.NOT_FINITE),
        (b'{"type":"Point","coordinates":[1' + b"0" * 5000 + b",30]}", Fault.NOT_JSON),
        (b"[]", Fault.NOT_GEOJSON),
        (b"null", Fault.NOT_GEOJSON),
        (b'{"type":"FeatureCollection"}', Fault.NOT_GEOJSON),
        (b'{"type":"FeatureCollection","features":[]}', Fault.EMPTY),
    ],
)
def test_a_broken_file_is_refused_with_its_reason(raw: bytes, fault: Fault) -> None:
    assert _faults(read_geojson(raw)) == [fault]


@pytest.mark.parametrize(
    ("geometry", "fault"),
    [
        (None, Fault.NOT_GEOJSON),
        ({"type": "GeometryCollection", "geometries": []}, Fault.UNKNOWN_KIND),
        ({"type": "MultiPoint", "coordinates": [[104.6, 30.1]]}, Fault.UNKNOWN_KIND),
        ({"type": ["x"], "coordinates": []}, Fault.UNKNOWN_KIND),
        ({"type": "Point"}, Fault.BAD_POSITION),
        ({"type": "Point", "coordinates": [104.6]}, Fault.BAD_POSITION),
        ({"type": "Point", "coordinates": [True, 30]}, Fault.BAD_POSITION),
        ({"type": "Point", "coordinates": ["104.6", "30.1"]}, Fault.BAD_POSITION),
        ({"type": "Point", "coordinates": {"lon": 104}}, Fault.BAD_POSITION),
        ({"type": "Point", "coordinates": [200, 95]}, Fault.OFF_GLOBE),
        ({"type": "LineString", "coordinates": RING[:1]}, Fault.SHORT_LINE),
        ({"type": "Polygon", "coordinates": []}, Fault.BAD_POSITION),
        ({"type": "Polygon", "coordinates": [RING[:3]]}, Fault.OPEN_RING),
        ({"type": "Polygon", "coordinates": [[*RING[:3], [104.61, 30.1]]]}, Fault.OPEN_RING),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
            Fault.BAD_POLYGON,
        ),
    ],
)
def test_a_broken_shape_is_refused_with_its_reason(geometry: object, fault: Fault) -> None:
    assert _faults(_read(_feature(geometry))) == [fault]


def test_each_broken_shape_is_named_by_its_number_and_nothing_is_taken() -> None:
    broken = _feature({"type": "LineString", "coordinates": RING[:1]})
    reading = _read(_collection(_feature(POLYGON), broken, _feature(POLYGON), broken))
    assert [problem.where for problem in reading.problems] == [2, 4]
    assert reading.features == ()
    assert reading.problems[0].zh == "第 2 个图形：线至少要有两个点。"
    assert reading.problems[0].en == "Shape 2: A line needs at least two points."


def test_a_file_full_of_faults_names_only_the_first() -> None:
    broken = _feature({"type": "LineString", "coordinates": []})
    assert len(_read(_collection(*[broken] * 300)).problems) == 50


def test_swapped_axes_are_noticed_and_can_be_swapped_back() -> None:
    swapped = {"type": "Polygon", "coordinates": [[[lat, lon] for lon, lat in RING]]}
    assert _faults(_read(swapped)) == [Fault.SWAPPED]
    again = _read(swapped, swap=True)
    assert again.features == _read(POLYGON).features


def test_swapped_axes_are_noticed_where_both_readings_are_on_the_globe() -> None:
    raw = b'{"type":"Point","coordinates":[30.1,80.0]}'
    xinjiang_and_more = Box(75, 26, 109, 48)
    assert read_geojson(raw, expected=xinjiang_and_more).problems[0].fault is Fault.SWAPPED


def test_places_outside_sichuan_are_a_warning_only() -> None:
    reading = _read(_collection(_feature({"type": "Point", "coordinates": [116.4, 39.9]})))
    assert len(reading.features) == 1
    assert [(w.fault, w.detail) for w in reading.warnings] == [(Fault.OUTSIDE_EXPECTED, "1")]


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:EPSG::4490", "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"]
)
def test_a_file_may_name_a_system_equal_to_ours(name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    assert _read({**_collection(_feature(POLYGON)), "crs": crs}).features


def test_a_file_in_metres_is_refused() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    assert _faults(_read({**_collection(_feature(POLYGON)), "crs": crs})) == [Fault.OTHER_SYSTEM]


def test_too_many_vertices_are_refused_quickly() -> None:
    line = {"type": "LineString", "coordinates": [[104.6, 30.1]] * (MAX_VERTICES + 1)}
    assert Fault.TOO_MANY_VERTICES in _faults(_read(line))


def test_the_work_grows_with_the_vertices_and_no_faster() -> None:
    """For the worst polygon that is allowed."""
    half, whole = _work_of_a_comb(MAX_VERTICES // 2), _work_of_a_comb(MAX_VERTICES)
    assert half < whole < 2.1 * half


def _work_of_a_comb(vertices: int) -> int:
    """How many functions are called to read a comb with so many vertices."""
    comb = [[104 + i * 1e-5, 30 + (i % 2)] for i in range(vertices - 2)]
    raw = json.dumps({"type": "Polygon", "coordinates": [[*comb, [104, 29.9], comb[0]]]}).encode()
    calls = 0

    def count(_frame: object, event: str, _what: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        reading = read_geojson(raw)
    finally:
        sys.setprofile(None)
    assert reading.features or reading.problems
    return calls


def test_texts_are_cut_and_can_be_written_to_any_database() -> None:
    raw = json.dumps(_feature(POLYGON, {"name": "\ud800" + "长" * 900, "x": 1})).encode()
    name = read_geojson(raw).features[0].text("name")
    assert len(name) == 500
    assert name.encode("utf-8").startswith(b"?")


def test_an_infinite_property_is_left_out() -> None:
    raw = b'{"type":"Feature","properties":{"a":1e999,"b":2},"geometry":' + (
        json.dumps(POLYGON).encode() + b"}"
    )
    assert read_geojson(raw).features[0].properties == {"b": 2}


places = st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(list)


@given(st.lists(st.lists(places, min_size=2), min_size=1))
def test_a_stored_line_comes_back_point_by_point(parts: list[list[list[float]]]) -> None:
    line = shape_of({"type": "MultiLineString", "coordinates": parts})
    assert isinstance(line, Line)
    assert [[[one.lon, one.lat] for one in part] for part in line.parts] == parts


def test_a_stored_area_comes_back_as_it_was_read() -> None:
    assert shape_of(POLYGON) == _read(_feature(POLYGON)).features[0].shape


def test_a_stored_geometry_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="cannot be used"):
        shape_of({"type": "Circle"})


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["Point", "Polygon"]),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "features", "geometry", "properties", "crs"]),
            inner,
        )
    ),
)


@given(json_values)
def test_any_json_is_read_or_refused_but_never_breaks(document: object) -> None:
    reading = _read(document)
    assert bool(reading.features) != bool(reading.problems)


@given(st.binary())
def test_any_bytes_are_read_or_refused_but_never_break(raw: bytes) -> None:
    reading = read_geojson(raw)
    assert bool(reading.features) != bool(reading.problems)
