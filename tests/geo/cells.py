"""Where a cell lies, found bit by bit: another way than the product's."""

import math

from audit.geo.points import Point


def centre_of(cell: int, zoom: int = 21) -> Point:
    """The middle of a tile of this zoom; of a group `parent_cell(cell, z)` it is z + 2."""
    x = sum((cell >> 2 * bit & 1) << bit for bit in range(zoom))
    y = sum((cell >> 2 * bit + 1 & 1) << bit for bit in range(zoom))
    across, down = (x + 0.5) / (1 << zoom), (y + 0.5) / (1 << zoom)
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))
    return Point(across * 360 - 180, lat)
