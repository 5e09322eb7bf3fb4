"""Lines and areas made of points, and how long or how large they are on the ground."""

import math
from dataclasses import dataclass
from itertools import pairwise

from audit.geo.points import EARTH_RADIUS_M, Box, Point, box_around, distance_m


@dataclass(frozen=True, slots=True)
class Line:
    """One or more strings of at least two points, such as a pavement with a gap."""

    parts: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Polygon:
    """Rings are closed: their last point repeats the first."""

    outer: tuple[Point, ...]
    holes: tuple[tuple[Point, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """One or more polygons that belong together, such as a county with an exclave."""

    polygons: tuple[Polygon, ...]


Shape = Point | Line | Area


def length_m(line: Line) -> float:
    """Metres along the line; gaps between its parts do not count."""
    return sum(distance_m(a, b) for part in line.parts for a, b in pairwise(part))


def area_m2(area: Area) -> float:
    """Square metres on the sphere, holes taken out; the winding of the rings does not matter."""
    return sum(
        _ring_m2(polygon.outer) - sum(_ring_m2(hole) for hole in polygon.holes)
        for polygon in area.polygons
    )


def points_of(shape: Shape) -> list[Point]:
    """Every vertex, in order; outer rings before their holes."""
    if isinstance(shape, Point):
        return [shape]
    if isinstance(shape, Line):
        return [point for part in shape.parts for point in part]
    rings = [ring for p in shape.polygons for ring in (p.outer, *p.holes)]
    return [point for ring in rings for point in ring]


def box_of(shape: Shape) -> Box:
    """The smallest box that holds the shape."""
    return box_around(points_of(shape))


def nearest_on_line(point: Point, line: Line) -> tuple[Point, float]:
    """The place on the line that is closest to the point, and the metres to it."""
    steps = [_nearest_on_step(point, a, b) for part in line.parts for a, b in pairwise(part)]
    return min(((place, distance_m(point, place)) for place in steps), key=lambda found: found[1])


def midpoint(line: Line) -> Point:
    """Half-way along the longest part, so that it lies on the line."""
    longest = max(line.parts, key=lambda part: length_m(Line((part,))))
    remaining_m = length_m(Line((longest,))) / 2
    for a, b in pairwise(longest):
        step_m = distance_m(a, b)
        if step_m >= remaining_m:
            return _between(a, b, remaining_m / step_m if step_m else 0)
        remaining_m -= step_m
    return longest[-1]


def _ring_m2(ring: tuple[Point, ...]) -> float:
    """Exact for a ring of short edges on a sphere (Chamberlain and Duquette, JPL 07-03)."""
    twice = sum(
        math.radians(b.lon - a.lon)
        * (2 + math.sin(math.radians(a.lat)) + math.sin(math.radians(b.lat)))
        for a, b in pairwise(ring)
    )
    return abs(twice) * EARTH_RADIUS_M**2 / 2


def _nearest_on_step(point: Point, a: Point, b: Point) -> Point:
    """On a plane that touches the globe at the point; good for steps of some kilometres."""
    shrink = math.cos(math.radians(point.lat))
    step_x, step_y = (b.lon - a.lon) * shrink, b.lat - a.lat
    to_x, to_y = (point.lon - a.lon) * shrink, point.lat - a.lat
    square = step_x * step_x + step_y * step_y
    share = (to_x * step_x + to_y * step_y) / square if square else 0.0
    return _between(a, b, max(0.0, min(1.0, share)))


def _between(a: Point, b: Point, share: float) -> Point:
    return Point(a.lon + (b.lon - a.lon) * share, a.lat + (b.lat - a.lat) * share)
