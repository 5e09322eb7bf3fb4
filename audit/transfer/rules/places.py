"""Where the rows of a file lie, and whether its axes or its datum seem to be others than said."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from audit.geo.datums import Datum, from_wgs84, to_wgs84
from audit.geo.points import Box, Point, distance_m

MOST = 0.9  # of the rows
FEWEST_PAIRS = 3
SAME_PLACE_M = 80  # two people who mark one toilet
SHIFTED_M = 200  # GCJ-02 lies 300 to 700 m off in China, BD-09 further

Pair = tuple[float, float]


def number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def placed(lon: float, lat: float, datum: Datum, swap: bool) -> Point | None:
    """In WGS-84; None where it is nowhere on the globe."""
    try:
        return to_wgs84(Point(lat, lon) if swap else Point(lon, lat), datum)
    except ValueError:
        return None


def moved_shape(text: str, datum: Datum, swap: bool) -> str:
    """A GeoJSON geometry with every position in WGS-84; text that is none stays as it is."""
    if datum is Datum.WGS84 and not swap:
        return text
    return _with_positions(text, lambda lon, lat: placed(lon, lat, datum, swap))


def reshaped(text: str, datum: Datum) -> str:
    """A stored geometry in the named system."""
    if datum is Datum.WGS84 or not text:
        return text
    return _with_positions(text, lambda lon, lat: from_wgs84(Point(lon, lat), datum))


def _with_positions(text: str, move: Callable[[float, float], Point | None]) -> str:
    try:
        geometry = json.loads(text)
        geometry["coordinates"] = _moved(geometry["coordinates"], move)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return text
    return json.dumps(geometry)


def _moved(value: Any, move: Callable[[float, float], Point | None]) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], list):
        return [_moved(one, move) for one in value]
    point = move(float(value[0]), float(value[1]))
    return [round(point.lon, 7), round(point.lat, 7)] if point else value


def seem_swapped(pairs: Sequence[Pair], expected: Box) -> bool:
    """Most pairs (as they will be read, lon and lat) lie in the city only the other way round."""
    straight = inside_of(expected, pairs)
    turned = inside_of(expected, [(lat, lon) for lon, lat in pairs])
    return turned > straight and turned >= MOST * len(pairs)


def likely_datum(
    raw: Sequence[Pair], known: Sequence[Point], said: Datum, swap: bool
) -> Datum | None:
    """Another datum under which rows fall on the places of the same name that are on the register.

    `raw[i]` is a row's pair, `known[i]` where the register has that name. None where the datum
    said fits as well, or where too few rows are known.
    """
    if len(raw) < FEWEST_PAIRS:
        return None
    off = {datum: _median_m(raw, known, datum, swap) for datum in Datum}
    best = min(off, key=lambda datum: off[datum])
    fits = off[best] <= SAME_PLACE_M and off[said] >= SHIFTED_M
    return best if fits and best is not said else None


def likelier_datums(inside: Mapping[Datum, int], total: int, said: Datum) -> list[Datum]:
    """Those under which more rows than under the datum said lie where they say that they lie.

    For a first file, when nothing on the register is of the same name: a wrong datum carries rows
    near a border across it, so only a border's rows tell. At least half of those outside must
    come in, three at least, and nearly all must be inside then. Several where they fit as well.
    """
    most = max(inside.values(), default=0)
    outside, left = total - inside.get(said, 0), total - most
    if most < MOST * total or most - inside.get(said, 0) < FEWEST_PAIRS or left * 2 > outside:
        return []
    return [datum for datum in Datum if inside.get(datum) == most]


def _median_m(raw: Sequence[Pair], known: Sequence[Point], datum: Datum, swap: bool) -> float:
    return median(
        distance_m(point, where) if (point := placed(*pair, datum, swap)) else math.inf
        for pair, where in zip(raw, known, strict=True)
    )


def inside_of(box: Box, pairs: Sequence[Pair]) -> int:
    """How many."""
    return sum(box.west <= lon <= box.east and box.south <= lat <= box.north for lon, lat in pairs)
