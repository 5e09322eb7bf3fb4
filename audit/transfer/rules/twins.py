"""Whether a place stands on the register already: by its name and where it lies."""

import math
from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from difflib import SequenceMatcher

from audit.geo.points import Point, distance_m

NEAR_M = 100  # with a name that is alike
SAME_SPOT_M = 8  # whatever the name: as near as two surveys of one door
ALIKE = 0.75
_TELLING = "一二三四五六七八九十东南西北"
_SQUARE_DEG = 0.0015  # about 145 × 165 m: a neighbour within NEAR_M lies in one of nine


@dataclass(frozen=True, slots=True)
class Known:
    """A place, or a site by its address; `who` is its id or its line in the file."""

    who: Hashable
    kind: str
    name: str
    point: Point | None = None
    url: str = ""


class Register:
    """Places to compare with; holds one kind apart from another."""

    def __init__(self) -> None:
        self._squares: dict[tuple[str, int, int], list[Known]] = defaultdict(list)
        self._sites: dict[tuple[str, str], Known] = {}

    def add(self, one: Known) -> None:
        if one.point is not None:
            self._squares[one.kind, *_square(one.point)].append(one)
        elif one.url:
            self._sites.setdefault((one.kind, _site(one.url)), one)

    def find_twin(self, one: Known) -> Known | None:
        """The likeliest, or None."""
        if one.point is None:
            return self._sites.get((one.kind, _site(one.url)))
        near = [other for other in self._around(one) if _are_one(one, other)]
        return max(near, key=lambda other: likeness(one.name, other.name), default=None)

    def _around(self, one: Known) -> list[Known]:
        x, y = _square(one.point or Point(0, 0))
        return [
            other
            for east in (-1, 0, 1)
            for north in (-1, 0, 1)
            for other in self._squares.get((one.kind, x + east, y + north), ())
        ]


def likeness(a: str, b: str) -> float:
    """From 0 to 1; 第一公厕 and 第二公厕 are two places however alike the words."""
    if _digits(a) != _digits(b):
        return 0.0
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _are_one(one: Known, other: Known) -> bool:
    apart = distance_m(one.point, other.point) if one.point and other.point else math.inf
    if apart > NEAR_M:
        return False
    return apart <= SAME_SPOT_M or likeness(one.name, other.name) >= ALIKE


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit() or sign in _TELLING)


def _square(point: Point) -> tuple[int, int]:
    return math.floor(point.lon / _SQUARE_DEG), math.floor(point.lat / _SQUARE_DEG)


def _site(url: str) -> str:
    return (
        url.lower()
        .removeprefix("https://")
        .removeprefix("http://")
        .removeprefix("www.")
        .rstrip("/")
    )
