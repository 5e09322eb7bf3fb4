"""What both layers share: the tiles of a view, its cells, and SQL that reads only those."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, cast

from audit.core.indexes import inside
from audit.geo.cells import MAX_GROUP_ZOOM, ZOOM, cell_ranges, parent_cell
from audit.geo.points import Box

MOST_POINTS = 300
MOST_TILES = 640  # about a screen of 8K; a larger box is answered in coarser cells
LOWEST_ZOOM = 6

Spot = TypeVar("Spot")


@dataclass(frozen=True)
class Grid:
    """The whole tiles that a box touches, as ranges of `cell` (both ends inclusive), and the zoom
    whose 64-pixel squares group what lies in them."""

    ranges: Sequence[tuple[int, int]]
    zoom: int


@dataclass(frozen=True)
class Cell:
    """The mean place (WGS-84) of what lies in one square, and how many there are of each mark."""

    lon: float
    lat: float
    n: tuple[int, ...]


@dataclass(frozen=True)
class View(Generic[Spot]):
    """What lies in a grid: `spots` or `cells`, never both. `total` counts all of them."""

    total: int
    spots: Sequence[Spot] = ()
    cells: Sequence[Cell] = ()
    truncated: bool = False


def grid_of(box: Box, zoom: int) -> Grid:
    """The tiles of this zoom, or of a coarser one where the box has too many of them."""
    ranges = cell_ranges(box, zoom)
    tiles = sum(high - low + 1 for low, high in ranges) >> 2 * (ZOOM - min(zoom, ZOOM))
    while tiles > MOST_TILES:
        tiles, zoom = tiles >> 2, zoom - 1
    return Grid(ranges, min(max(zoom, LOWEST_ZOOM), MAX_GROUP_ZOOM))


def total_of(cells: Sequence[Cell]) -> int:
    return sum(sum(cell.n) for cell in cells)


def group_of(cell: Any, zoom: int) -> ColumnElement[int]:
    """The number of the square in which a column's cell lies, as `parent_cell` has it."""
    bits = cast(2 * (MAX_GROUP_ZOOM - zoom), Integer)  # PostgreSQL shifts by an integer only
    return cast(cell.op(">>")(bits), BigInteger)


def inside_squares(square: Any, grid: Grid) -> ColumnElement[bool]:
    """Whether a column of squares of the grid's own zoom lies in its tiles. The span of them all
    is said as well: it is what SQLite looks for in the index."""
    ranges = [
        (parent_cell(low, grid.zoom), parent_cell(high, grid.zoom)) for low, high in grid.ranges
    ]
    return and_(square.between(ranges[0][0], ranges[-1][1]), inside(square, ranges))


def merged(rows: Iterable[Sequence[Any]], wanted: Sequence[bool]) -> list[Cell]:
    """Rows of square, how many, sum of longitudes, of latitudes, counts by mark; one square may
    stand in several. Marks that are not wanted count as none, and empty squares are left out."""
    sums: dict[int, list[float]] = {}
    for square, *values in rows:
        known = sums.setdefault(square, [0.0] * len(values))
        for at, value in enumerate(values):
            known[at] += float(value)
    found = []
    for _square, (every, east, north, *counts) in sorted(sums.items()):
        n = tuple(int(count) if use else 0 for count, use in zip(counts, wanted, strict=True))
        if any(n):
            found.append(Cell(east / every, north / every, n))
    return found
