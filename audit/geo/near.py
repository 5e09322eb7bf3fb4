"""Which of many places lie near each other. Shapely finds them; callers see our own types."""

import math
from collections.abc import Iterator, Sequence

from .points import Point, distance_m

METRES_PER_DEGREE = 111_195.1  # of the mean radius: what `distance_m` gives for one of latitude
HAIR = 1.001  # more than what the flat plane takes off a distance of some kilometres


def pairs_within(points: Sequence[Point], metres: float) -> Iterator[tuple[int, int, float]]:
    """Each two places at most so far apart: their positions in the list, the lesser first, and the
    metres between them. Each pair once, in no order. Cost grows with the pairs, not with the
    square of the places; not across the date line, nor at the poles."""
    if len(points) < 2:
        return
    import shapely  # slow to load (numpy)

    # where a degree of longitude is shortest: no pair looks farther apart than it is
    width = math.cos(max(abs(math.radians(one.lat)) for one in points))
    flat = shapely.points(
        [[one.lon * width * METRES_PER_DEGREE, one.lat * METRES_PER_DEGREE] for one in points]
    )
    found = shapely.STRtree(flat).query(flat, predicate="dwithin", distance=metres * HAIR)
    for one, other in zip(*(half.tolist() for half in found), strict=True):
        if one < other:
            apart = distance_m(points[one], points[other])
            if apart <= metres:
                yield one, other, apart


def bearing_deg(a: Point, b: Point) -> float:
    """Where `b` lies as seen from `a`: 0 is north, 90 east; 0 for the same place."""
    lat_a, lat_b, more = math.radians(a.lat), math.radians(b.lat), math.radians(b.lon - a.lon)
    east = math.sin(more) * math.cos(lat_b)
    north = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(more)
    return math.degrees(math.atan2(east, north)) % 360
