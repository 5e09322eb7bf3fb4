"""Between WGS-84, which we store, and the shifted systems of Chinese map services.

GCJ-02 (高德, 腾讯) moves a place by some hundred metres, BD-09 (百度) moves it once more. The shift
is a published formula; the way back is found by iteration, so that a round trip is exact to far
less than a millimetre. 天地图 and a browser's own position are not shifted.

Places outside the rectangle in which those services shift stay as they are.
"""

import math
from collections.abc import Callable
from enum import Enum

from audit.geo.points import Box, Point

_SHIFTED_AREA = Box(72.004, 0.8293, 137.8347, 55.8271)
_SEMI_MAJOR_M = 6_378_245.0  # Krasovsky 1940, on which the shift is defined
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_PI = math.pi * 3000 / 180
_ROUNDS = 30
_CLOSE_ENOUGH_DEG = 1e-12


class Datum(Enum):
    """In which system somebody's coordinates are."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(point: Point, datum: Datum) -> Point:
    """A place given in the named system, as we store it."""
    return _TO_WGS84[datum](point)


def from_wgs84(point: Point, datum: Datum) -> Point:
    """A stored place, as the named system has it."""
    return _FROM_WGS84[datum](point)


def _unchanged(point: Point) -> Point:
    return point


def _wgs_to_gcj(point: Point) -> Point:
    return _shift(point) if _SHIFTED_AREA.holds(point) else point


def _gcj_to_wgs(point: Point) -> Point:
    return _inverse(_shift, point) if _SHIFTED_AREA.holds(point) else point


def _wgs_to_bd(point: Point) -> Point:
    return _gcj_to_bd(_wgs_to_gcj(point)) if _SHIFTED_AREA.holds(point) else point


def _bd_to_wgs(point: Point) -> Point:
    if not _SHIFTED_AREA.holds(point):
        return point
    return _inverse(_shift, _inverse(_gcj_to_bd, point))


def _shift(point: Point) -> Point:
    """WGS-84 to GCJ-02 without asking where the place is."""
    x, y = point.lon - 105, point.lat - 35
    root = math.sqrt(abs(x))
    ripple = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    return _offset(point, east, north)


def _offset(point: Point, east_m: float, north_m: float) -> Point:
    lat = math.radians(point.lat)
    bulge = 1 - _ECCENTRICITY_SQUARED * math.sin(lat) ** 2
    meridian_m = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / (bulge * math.sqrt(bulge))
    parallel_m = _SEMI_MAJOR_M / math.sqrt(bulge) * math.cos(lat)
    return Point(
        point.lon + math.degrees(east_m / parallel_m),
        point.lat + math.degrees(north_m / meridian_m),
    )


def _gcj_to_bd(point: Point) -> Point:
    radius = math.hypot(point.lon, point.lat) + 0.00002 * math.sin(point.lat * _BD_PI)
    angle = math.atan2(point.lat, point.lon) + 0.000003 * math.cos(point.lon * _BD_PI)
    return Point(radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006)


def _inverse(forward: Callable[[Point], Point], target: Point) -> Point:
    """The place that `forward` moves to the target, by correcting a guess until it hits."""
    guess = target
    for _ in range(_ROUNDS):
        landed = forward(guess)
        off_lon, off_lat = target.lon - landed.lon, target.lat - landed.lat
        guess = Point(guess.lon + off_lon, guess.lat + off_lat)
        if max(abs(off_lon), abs(off_lat)) < _CLOSE_ENOUGH_DEG:
            break
    return guess


_TO_WGS84: dict[Datum, Callable[[Point], Point]] = {
    Datum.WGS84: _unchanged,
    Datum.GCJ02: _gcj_to_wgs,
    Datum.BD09: _bd_to_wgs,
}
_FROM_WGS84: dict[Datum, Callable[[Point], Point]] = {
    Datum.WGS84: _unchanged,
    Datum.GCJ02: _wgs_to_gcj,
    Datum.BD09: _wgs_to_bd,
}
