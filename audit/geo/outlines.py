"""Which named area a place is in: counties, and drawn zones that may overlap them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from shapely import Point as ShapelyPoint
from shapely import STRtree
from shapely.ops import nearest_points

from audit.geo.points import Point, box_around, distance_m
from audit.geo.polygons import as_shapely
from audit.geo.shapes import Area, box_of


@dataclass(frozen=True, slots=True)
class Nearest:
    """The closest outline and the metres to it; 0 when the place is inside."""

    name: str
    distance_m: float


class Outlines:
    """An index over named areas, built once and read by many threads.

    Its answers are as good as the outlines: near a border they are a suggestion.
    """

    def __init__(self, areas: Mapping[str, Area]) -> None:
        self._names = list(areas)
        self._lon_scale = _lon_scale(areas)
        self._shapes = [as_shapely(area, self._lon_scale) for area in areas.values()]
        self._tree = STRtree(self._shapes)

    def all_at(self, point: Point) -> tuple[str, ...]:
        """Every area that holds the place, its border included, in the order they were given."""
        hits = self._tree.query(self._flat(point), predicate="intersects")
        return tuple(self._names[index] for index in sorted(hits))

    def find_at(self, point: Point) -> str | None:
        """The first area that holds the place; None when it is outside all of them."""
        names = self.all_at(point)
        return names[0] if names else None

    def find_nearest(self, point: Point) -> Nearest | None:
        """The area that holds the place, else the closest one; None when there are no areas."""
        inside = self.find_at(point)
        if inside is not None:
            return Nearest(inside, 0.0)
        index = self._tree.nearest(self._flat(point))
        if index is None:
            return None
        name = self._names[int(index)]
        return Nearest(name, self.distance_m(name, point))

    def distance_m(self, name: str, point: Point) -> float:
        """Metres from the place to the named area, 0 inside. Raises ValueError when unknown."""
        shape = self._shapes[self._names.index(name)]
        closest, _ = nearest_points(shape, self._flat(point))
        return distance_m(point, Point(closest.x / self._lon_scale, closest.y))

    def _flat(self, point: Point) -> ShapelyPoint:
        return ShapelyPoint(point.lon * self._lon_scale, point.lat)


def _lon_scale(areas: Mapping[str, Area]) -> float:
    """How much shorter a degree of longitude is than one of latitude in the middle of them all."""
    if not areas:
        return 1.0
    boxes = [box_of(area) for area in areas.values()]
    corners = [Point(b.west, b.south) for b in boxes] + [Point(b.east, b.north) for b in boxes]
    return math.cos(math.radians(box_around(corners).centre.lat))
