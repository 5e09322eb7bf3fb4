"""Questions about shapes that need real geometry: is it valid, which point stands for it.

Shapely stays behind this module and `outlines`; callers see our own types.
"""

from typing import TYPE_CHECKING

from audit.geo.points import Point, distance_m
from audit.geo.shapes import Area, Line, Polygon, Shape, area_m2, midpoint, nearest_on_line

if TYPE_CHECKING:  # slow to load (numpy): only when a shape is looked at, not at the start
    from shapely import MultiPolygon
    from shapely import Polygon as ShapelyPolygon

MIN_AREA_M2 = 1.0
METRES_PER_DEGREE = 111_320.0


def fault_of(area: Area) -> str | None:
    """Why the area cannot be used, in the words of the geometry library; None when it can.

    Crossing edges, holes outside their ring, polygons that overlap each other, nothing inside.
    """
    if area_m2(area) < MIN_AREA_M2:
        return "the area is empty"
    from shapely import is_valid_reason

    reason = is_valid_reason(as_shapely(area))
    return None if reason == "Valid Geometry" else str(reason)


def representative_point(shape: Shape) -> Point:
    """A place that lies on the line or inside the area, for a marker or to find its district."""
    if isinstance(shape, Point):
        return shape
    if isinstance(shape, Line):
        return midpoint(shape)
    largest = max(shape.polygons, key=lambda polygon: area_m2(Area((polygon,))))
    inside = _one(largest).representative_point()
    return Point(inside.x, inside.y)


def metres_to(point: Point, shape: Shape) -> float:
    """From a point to the nearest place of the shape; 0 inside an area."""
    if isinstance(shape, Point):
        return distance_m(point, shape)
    if isinstance(shape, Line):
        return nearest_on_line(point, shape)[1]
    from shapely import Point as ShapelyPoint

    if as_shapely(shape).covers(ShapelyPoint(point.lon, point.lat)):
        return 0.0
    rings = [ring for polygon in shape.polygons for ring in (polygon.outer, *polygon.holes)]
    return nearest_on_line(point, Line(tuple(rings)))[1]


def simplified(shape: Shape, off_m: float) -> Shape:
    """The line or area with fewer corners, none of them further off than about so many metres; for
    drawing, not for measuring. What would vanish stays as it is."""
    if isinstance(shape, Point):
        return shape
    off = off_m / METRES_PER_DEGREE
    if isinstance(shape, Line):
        return Line(tuple(_fewer(part, off) for part in shape.parts))
    return Area(
        tuple(
            Polygon(_fewer(one.outer, off), tuple(_fewer(hole, off) for hole in one.holes))
            for one in shape.polygons
        )
    )


def _fewer(places: tuple[Point, ...], off: float) -> tuple[Point, ...]:
    from shapely import LineString

    is_ring = places[0] == places[-1]
    kept = LineString([(one.lon, one.lat) for one in places]).simplify(off).coords
    if len(kept) < (4 if is_ring else 2):
        return places if len(places) < 50 else places[:: len(places) // 12] + places[-1:]
    return tuple(Point(lon, lat) for lon, lat in kept)


def as_shapely(area: Area) -> "MultiPolygon":
    """In degrees."""
    from shapely import MultiPolygon

    return MultiPolygon([_one(polygon) for polygon in area.polygons])


def _one(polygon: Polygon) -> "ShapelyPolygon":
    from shapely import Polygon as ShapelyPolygon

    rings = [[(p.lon, p.lat) for p in r] for r in (polygon.outer, *polygon.holes)]
    return ShapelyPolygon(rings[0], rings[1:])
