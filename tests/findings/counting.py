"""The map's counts once more, by two ways that share nothing with `audit.findings.actions.counts`:
plain SQL over the findings' cells, and plain Python over their longitudes and latitudes."""

import math
from collections import Counter

from sqlalchemy import text

from audit.core.db import db

ZOOMS = range(6, 17)
ONE_ZOOM = """
SELECT cell >> :shift AS square, district_code, kind, state,
       sum(CASE WHEN severity = 'S1' THEN 1 ELSE 0 END) AS n1,
       sum(CASE WHEN severity = 'S2' THEN 1 ELSE 0 END) AS n2,
       sum(CASE WHEN severity = 'S3' THEN 1 ELSE 0 END) AS n3,
       sum(CASE WHEN severity = 'S4' THEN 1 ELSE 0 END) AS n4,
       sum(CAST(round(lon * 1000000) AS BIGINT)) AS east,
       sum(CAST(round(lat * 1000000) AS BIGINT)) AS north
FROM finding WHERE lon IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
KEPT = """
SELECT cell, district_code, kind, state, n1, n2, n3, n4, east, north FROM map_cell
WHERE zoom = :zoom AND (n1 <> 0 OR n2 <> 0 OR n3 <> 0 OR n4 <> 0 OR east <> 0 OR north <> 0)
ORDER BY 1, 2, 3, 4
"""


def assert_counts_are_true() -> None:
    """At every zoom each square holds what the findings say, and there is no zoom besides."""
    for zoom in ZOOMS:
        kept = _rows(KEPT, zoom=zoom)
        assert kept == _rows(ONE_ZOOM, shift=2 * (19 - zoom)), f"zoom {zoom}"
        squares = Counter({(row[0], row[1]): 0 for row in kept})
        for cell, district, _kind, _state, *counts in kept:
            squares[cell, district] += sum(counts[:4])
        assert squares == _by_mercator(zoom), f"zoom {zoom}"
    zooms = db.session.scalars(text("SELECT DISTINCT zoom FROM map_cell")).all()
    assert set(zooms) <= set(ZOOMS)


def _rows(query: str, **named: int) -> list[tuple[object, ...]]:
    found = db.session.execute(text(query), named)
    return [(row[0], str(row[1]), str(row[2]), str(row[3]), *map(int, row[4:])) for row in found]


def _by_mercator(zoom: int) -> Counter[tuple[int, str]]:
    """How many findings lie in each 64-pixel square, from the projection's own formula."""
    found: Counter[tuple[int, str]] = Counter()
    places = text("SELECT lon, lat, district_code FROM finding WHERE lon IS NOT NULL")
    side = 2 ** (zoom + 2)
    for lon, lat, district in db.session.execute(places):
        column = int((lon + 180) / 360 * side)
        row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)
        found[_woven(row, column), district] += 1
    return found


def _woven(row: int, column: int) -> int:
    """The bits of both numbers in turn, the row's first."""
    pairs = zip(format(row, "032b"), format(column, "032b"), strict=True)
    return int("".join(one + other for one, other in pairs), 2)
