"""Web-Mercator z-order cells: one sortable integer for a place, ranges of it for a view.

A cell is the tile of zoom 21 in which a place lies (about 17 m at Ziyang), its x and y bits
interleaved, y first. It has at most 42 bits and fits a BIGINT. Places near each other on the map
have cells near each other, so a plain B-tree answers "what is in this view".

A map drawn at zoom z groups findings in squares of 64 pixels. Such a square is a tile of zoom
z + 2, and its number is `parent_cell(cell, z)`.
"""

import math

from audit.geo.points import Box, Point

ZOOM = 21
MAX_GROUP_ZOOM = ZOOM - 2
MAX_RANGES = 40

_SIDE = 1 << ZOOM
_MAX_LAT = 85.0511287798066  # where the Web-Mercator square ends
_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def cell_of(lon: float, lat: float) -> int:
    """The zoom-21 cell of a place; latitudes beyond the Mercator square count as its edge."""
    x, y = _fractions(lon, lat)
    return _interleave(_column(x), _column(y))


def parent_cell(cell: int, zoom: int) -> int:
    """The 64-pixel group of a cell when the map is drawn at this zoom (0 to 19).

    Also turns either end of a `cell_ranges` pair of the same zoom into the end of a range of
    groups, because those pairs are whole tiles.
    """
    if not 0 <= zoom <= MAX_GROUP_ZOOM:
        raise ValueError(f"zoom {zoom} is not between 0 and {MAX_GROUP_ZOOM}")
    return cell >> 2 * (MAX_GROUP_ZOOM - zoom)


def cell_ranges(box: Box, zoom: int) -> list[tuple[int, int]]:
    """Pairs (lowest, highest), both inclusive, for `cell BETWEEN`; ascending and disjoint.

    They cover the tiles of this zoom that the box touches, so the answer is larger than the box;
    with more than 40 pairs the tiles are taken from a coarser zoom instead.
    """
    for tile_zoom in range(min(zoom, ZOOM), -1, -1):
        columns, rows = _tiles(box, tile_zoom)
        if len(columns) * len(rows) > MAX_RANGES * 4:
            continue
        tiles = sorted(_interleave(x, y) for x in columns for y in rows)
        ranges = _merged(tiles, 2 * (ZOOM - tile_zoom))
        if len(ranges) <= MAX_RANGES:
            return ranges
    raise ValueError(f"zoom {zoom} is negative")


def snapped(box: Box, zoom: int) -> Box:
    """The box rounded outwards to whole tiles, so that neighbouring views ask the same question."""
    columns, rows = _tiles(box, min(zoom, ZOOM))
    side = 1 << min(zoom, ZOOM)
    return Box(
        _lon(columns.start / side),
        _lat(rows.stop / side),
        _lon(columns.stop / side),
        _lat(rows.start / side),
    )


def _tiles(box: Box, zoom: int) -> tuple[range, range]:
    shift = ZOOM - zoom
    west, north = _fractions(box.west, box.north)
    east, south = _fractions(box.east, box.south)
    return (
        range(_column(west) >> shift, (_column(east) >> shift) + 1),
        range(_column(north) >> shift, (_column(south) >> shift) + 1),
    )


def _merged(tiles: list[int], shift: int) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for tile in tiles:
        low, high = tile << shift, ((tile + 1) << shift) - 1
        if ranges and ranges[-1][1] + 1 == low:
            ranges[-1] = (ranges[-1][0], high)
        else:
            ranges.append((low, high))
    return ranges


def _fractions(lon: float, lat: float) -> tuple[float, float]:
    place = Point(lon, lat)
    sine = math.sin(math.radians(max(-_MAX_LAT, min(_MAX_LAT, place.lat))))
    return (place.lon + 180) / 360, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def _column(fraction: float) -> int:
    return max(0, min(_SIDE - 1, int(fraction * _SIDE)))


def _lon(fraction: float) -> float:
    return fraction * 360 - 180


def _lat(fraction: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * fraction))))


def _interleave(x: int, y: int) -> int:
    return _spread(x) | _spread(y) << 1


def _spread(number: int) -> int:
    for shift, mask in _SPREAD:
        number = (number | number << shift) & mask
    return number
