"""GeoJSON from strangers into shapes, and shapes into GeoJSON.

Follows RFC 7946: longitude first, WGS-84. What is refused and why is in `problems.Fault`.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from audit.geo.points import Box, Point
from audit.geo.polygons import fault_of
from audit.geo.problems import Fault, Problem
from audit.geo.shapes import Area, Line, Polygon, Shape, points_of

MAX_BYTES = 5_000_000
MAX_VERTICES = 50_000
MAX_DEPTH = 16
MAX_PROBLEMS = 50
SICHUAN = Box(97.34, 26.04, 108.55, 34.32)

_KNOWN_SYSTEMS = ("CRS84", "4326", "4490")
_MAX_TEXT = 500

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Feature:
    """A shape and the plain values that came with it; texts are untrusted and cut at 500."""

    shape: Shape
    properties: Mapping[str, Scalar] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A property as text; empty when it is absent."""
        value = self.properties.get(key)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Reading:
    """Features when nothing is wrong, else problems and no features. Warnings stop nothing."""

    features: tuple[Feature, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class GeojsonRefusedError(Exception):
    """The file, or the feature in hand, cannot be used."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(fault.name)
        self.fault = fault
        self.detail = detail

    @property
    def problem(self) -> Problem:
        return Problem(self.fault, 0, self.detail)


def read_geojson(raw: bytes, *, swap: bool = False, expected: Box = SICHUAN) -> Reading:
    """Read a whole file.

    `swap` accepts the offer that goes with `Fault.SWAPPED`: latitude comes first in this file.
    Points outside `expected` give a warning.
    """
    try:
        document = _load(raw)
        parts = list(_parts(document))
    except GeojsonRefusedError as refused:
        return Reading(problems=(Problem(refused.fault, 0, refused.detail),))
    reader = _Reader(swap)
    for number, (geometry, properties) in enumerate(parts, start=1):
        reader.add(number, geometry, properties)
        if len(reader.problems) >= MAX_PROBLEMS or reader.vertices > MAX_VERTICES:
            break
    return reader.result(expected)


def features_as_written(raw: bytes, most_bytes: int) -> list[tuple[object, object]]:
    """Geometry and properties of each feature, unread: what is wrong with one stops no other.

    Raises `GeojsonRefusedError` where the whole file is no use.
    """
    return list(_parts(_load(raw, most_bytes)))


def shape_of(geometry: Mapping[str, object]) -> Shape:
    """A stored geometry back as a shape. Raises ValueError when it is none."""
    try:
        return _Reader(swap=False).shape(geometry)
    except GeojsonRefusedError as refused:
        raise ValueError(Problem(refused.fault, 0, refused.detail).en) from refused


def _load(raw: bytes, most_bytes: int = MAX_BYTES) -> Any:
    if len(raw) > most_bytes:
        raise GeojsonRefusedError(Fault.TOO_BIG, str(most_bytes // 1_000_000))
    try:
        document = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise GeojsonRefusedError(Fault.NOT_UTF8) from error
    except RecursionError as error:
        raise GeojsonRefusedError(Fault.TOO_DEEP) from error
    except ValueError as error:
        raise GeojsonRefusedError(Fault.NOT_JSON, str(error)[:_MAX_TEXT]) from error
    _refuse_depth(document)
    return document


def _refuse_constant(_: str) -> None:
    raise GeojsonRefusedError(Fault.NOT_FINITE)


def _refuse_depth(document: object) -> None:
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise GeojsonRefusedError(Fault.TOO_DEEP)


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return [child for child in value.values() if isinstance(child, dict | list)]
    if isinstance(value, list):
        return [child for child in value if isinstance(child, dict | list)]
    return []


def _parts(document: object) -> Iterator[tuple[object, object]]:
    """Geometry and properties of each feature."""
    if not isinstance(document, dict):
        raise GeojsonRefusedError(Fault.NOT_GEOJSON)
    _refuse_other_system(document.get("crs"))
    if document.get("type") != "FeatureCollection":
        yield _part(document)
        return
    features = document.get("features")
    if not isinstance(features, list):
        raise GeojsonRefusedError(Fault.NOT_GEOJSON)
    if not features:
        raise GeojsonRefusedError(Fault.EMPTY)
    yield from (_part(feature) for feature in features)


def _part(document: object) -> tuple[object, object]:
    if isinstance(document, dict) and document.get("type") == "Feature":
        return document.get("geometry"), document.get("properties")
    return document, None


def _refuse_other_system(crs: object) -> None:
    if crs is None:
        return
    words = json.dumps(crs, ensure_ascii=False)[:80]
    if not any(known in words for known in _KNOWN_SYSTEMS):
        raise GeojsonRefusedError(Fault.OTHER_SYSTEM, words)


class _Reader:
    """Turns geometries into shapes and remembers what was wrong on the way."""

    def __init__(self, swap: bool) -> None:
        self.swap = swap
        self.vertices = 0
        self.features: list[Feature] = []
        self.problems: list[Problem] = []
        self._off_globe: list[tuple[float, float]] = []

    def add(self, number: int, geometry: object, properties: object) -> None:
        try:
            self.features.append(Feature(self.shape(geometry), _scalars(properties)))
        except GeojsonRefusedError as refused:
            self.problems.append(Problem(refused.fault, number, refused.detail))

    def result(self, expected: Box) -> Reading:
        points = [point for feature in self.features for point in points_of(feature.shape)]
        pairs = [(p.lon, p.lat) for p in points] + self._off_globe
        if _looks_swapped(pairs, expected):
            return Reading(problems=(Problem(Fault.SWAPPED),))
        if self.problems:
            return Reading(problems=tuple(self.problems[:MAX_PROBLEMS]))
        outside = sum(not expected.holds(point) for point in points)
        warnings = (Problem(Fault.OUTSIDE_EXPECTED, 0, str(outside)),) if outside else ()
        return Reading(tuple(self.features), (), warnings)

    def shape(self, geometry: object) -> Shape:
        if not isinstance(geometry, dict):
            raise GeojsonRefusedError(Fault.NOT_GEOJSON)
        kind, coordinates = geometry.get("type"), geometry.get("coordinates")
        match kind:
            case "Point":
                return self._point(coordinates)
            case "LineString":
                return Line((self._string(coordinates),))
            case "MultiLineString":
                return Line(tuple(self._string(part) for part in _filled(coordinates)))
            case "Polygon":
                return _checked(Area((self._polygon(coordinates),)))
            case "MultiPolygon":
                return _checked(Area(tuple(self._polygon(p) for p in _filled(coordinates))))
        raise GeojsonRefusedError(Fault.UNKNOWN_KIND, str(kind)[:40])

    def _string(self, coordinates: object) -> tuple[Point, ...]:
        points = tuple(self._point(position) for position in _filled(coordinates))
        if len(points) < 2:
            raise GeojsonRefusedError(Fault.SHORT_LINE)
        return points

    def _polygon(self, coordinates: object) -> Polygon:
        rings = tuple(self._ring(ring) for ring in _filled(coordinates))
        return Polygon(rings[0], rings[1:])

    def _ring(self, coordinates: object) -> tuple[Point, ...]:
        points = tuple(self._point(position) for position in _filled(coordinates))
        if len(points) < 4 or points[0] != points[-1]:
            raise GeojsonRefusedError(Fault.OPEN_RING)
        return points

    def _point(self, position: object) -> Point:
        self.vertices += 1
        if self.vertices > MAX_VERTICES:
            raise GeojsonRefusedError(Fault.TOO_MANY_VERTICES, str(MAX_VERTICES))
        lon, lat = _two_numbers(position)
        if self.swap:
            lon, lat = lat, lon
        try:
            return Point(lon, lat)
        except ValueError as error:
            self._off_globe.append((lon, lat))
            raise GeojsonRefusedError(Fault.OFF_GLOBE, f"{lon:g}, {lat:g}") from error


def _checked(area: Area) -> Area:
    fault = fault_of(area)
    if fault:
        raise GeojsonRefusedError(Fault.BAD_POLYGON, fault)
    return area


def _filled(coordinates: object) -> list[object]:
    if not isinstance(coordinates, list) or not coordinates:
        raise GeojsonRefusedError(Fault.BAD_POSITION)
    return coordinates


def _two_numbers(position: object) -> tuple[float, float]:
    """Longitude and latitude; a height behind them is dropped."""
    if not isinstance(position, list) or not 2 <= len(position) <= 3:
        raise GeojsonRefusedError(Fault.BAD_POSITION)
    lon, lat = (_number(value) for value in position[:2])
    return lon, lat


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GeojsonRefusedError(Fault.BAD_POSITION)
    try:
        number = float(value)
    except OverflowError as error:
        raise GeojsonRefusedError(Fault.NOT_FINITE) from error
    if not math.isfinite(number):
        raise GeojsonRefusedError(Fault.NOT_FINITE)
    return number


def _looks_swapped(pairs: list[tuple[float, float]], expected: Box) -> bool:
    """Most pairs are where they should be only when read the other way round."""
    straight = sum(_inside(expected, a, b) for a, b in pairs)
    turned = sum(_inside(expected, b, a) for a, b in pairs)
    return turned > straight and turned >= 0.9 * len(pairs)


def _inside(box: Box, lon: float, lat: float) -> bool:
    return box.west <= lon <= box.east and box.south <= lat <= box.north


def _scalars(properties: object) -> dict[str, Scalar]:
    if not isinstance(properties, dict):
        return {}
    return {_text(key): _scalar(value) for key, value in properties.items() if _is_plain(value)}


def _is_plain(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, str | int)


def _scalar(value: Scalar) -> Scalar:
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    """Lone surrogates, which JSON can carry and no database can, become question marks."""
    return value[:_MAX_TEXT].encode("utf-8", "replace").decode("utf-8")
