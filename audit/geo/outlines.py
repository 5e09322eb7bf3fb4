"""Which named area a place is in: counties, and drawn zones that may overlap them."""

from collections.abc import Mapping

from audit.geo.points import Point
from audit.geo.polygons import as_shapely
from audit.geo.shapes import Area


class Outlines:
    """An index over named areas, built once and read by many threads.

    Its answers are as good as the outlines: near a border they are a suggestion.
    """

    def __init__(self, areas: Mapping[str, Area]) -> None:
        from shapely import STRtree  # slow to load (numpy): not at the start

        self._names = list(areas)
        self._tree = STRtree([as_shapely(area) for area in areas.values()])

    def all_at(self, point: Point) -> tuple[str, ...]:
        """Every area that holds the place, its border included, in the order they were given."""
        from shapely import Point as ShapelyPoint

        hits = self._tree.query(ShapelyPoint(point.lon, point.lat), predicate="intersects")
        return tuple(self._names[index] for index in sorted(hits))

    def find_at(self, point: Point) -> str | None:
        """The first area that holds the place; None when it is outside all of them."""
        names = self.all_at(point)
        return names[0] if names else None
