"""Places as WGS-84 degrees, and what lies between two of them.

Axis order is longitude, latitude everywhere in this room. CGCS2000 coordinates may be used as
they are: the two systems differ by decimetres.
"""

import math
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_008.8  # mean radius of the WGS-84 ellipsoid


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place. Raises ValueError for NaN, infinity or degrees that are not on the globe."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180):
            raise ValueError(f"longitude {self.lon} is not between -180 and 180")
        if not (-90 <= self.lat <= 90):
            raise ValueError(f"latitude {self.lat} is not between -90 and 90")


@dataclass(frozen=True, slots=True)
class Box:
    """A view or an extent. It never crosses the date line."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        Point(self.west, self.south)
        Point(self.east, self.north)
        if self.west > self.east or self.south > self.north:
            raise ValueError("a box needs west <= east and south <= north")

    def holds(self, point: Point) -> bool:
        """Edges belong to the box."""
        return self.west <= point.lon <= self.east and self.south <= point.lat <= self.north

    @property
    def centre(self) -> Point:
        return Point((self.west + self.east) / 2, (self.south + self.north) / 2)


def distance_m(a: Point, b: Point) -> float:
    """Great-circle metres; within 0.5 % of the ellipsoid anywhere."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.lon - a.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


def moved(origin: Point, *, east_m: float, north_m: float) -> Point:
    """The place so many metres away; meant for steps of metres, not for journeys."""
    lat = origin.lat + math.degrees(north_m / EARTH_RADIUS_M)
    lon = origin.lon + math.degrees(east_m / (EARTH_RADIUS_M * math.cos(math.radians(origin.lat))))
    return Point(lon, lat)


def box_around(points: list[Point]) -> Box:
    """The smallest box that holds them all. Raises ValueError when there is none."""
    lons, lats = [p.lon for p in points], [p.lat for p in points]
    return Box(min(lons), min(lats), max(lons), max(lats))
