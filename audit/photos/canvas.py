"""A surface to draw sample pictures on: 1000 wide and 750 high, y downwards, at any size."""

import random
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1000, 750
HORIZON = 250
Point = tuple[float, float]
Colour = tuple[int, int, int]


class Canvas:
    """Shapes may be mirrored left to right by the seed; writing never is."""

    def __init__(self, pixels: tuple[int, int], chance: random.Random, mirror: bool) -> None:
        self.chance = chance
        self._mirror = mirror
        self._scale = (pixels[0] / WIDTH, pixels[1] / HEIGHT)
        self.image = Image.new("RGB", pixels)
        self._pen = ImageDraw.Draw(self.image, "RGBA")

    def poly(self, points: Sequence[Point], fill: Colour, alpha: int = 255) -> None:
        self._pen.polygon(self._all(points), fill=(*fill, alpha))

    def box(self, x: float, y: float, wide: float, high: float, fill: Colour) -> None:
        self.poly([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float = 3) -> None:
        self._pen.line(self._all(points), fill=fill, width=self._thick(width), joint="curve")
        if width > 5:
            for x, y in (points[0], points[-1]):
                self.disc(x, y, width / 2, fill)

    def disc(self, x: float, y: float, radius: float, fill: Colour, squash: float = 1) -> None:
        self._pen.ellipse(self._around(x, y, radius, squash), fill=fill)

    def ring(
        self, x: float, y: float, radius: float, colour: Colour, width: float, squash: float = 1
    ) -> None:
        box = self._around(x, y, radius, squash)
        self._pen.ellipse(box, outline=colour, width=self._thick(width))

    def rounded(
        self, x: float, y: float, wide: float, high: float, radius: float, fill: Colour
    ) -> None:
        (x1, y1), (x2, y2) = self._all([(x, y), (x + wide, y + high)])
        self._pen.rounded_rectangle(
            (min(x1, x2), y1, max(x1, x2), y2), self._thick(radius), fill=fill
        )

    def shade(self, y: float, high: float, top: Colour, bottom: Colour) -> None:
        """A band over the whole width, from one colour to another."""
        first, last = round(y * self._scale[1]), round((y + high) * self._scale[1])
        ramp = Image.linear_gradient("L").resize((self.image.width, max(1, last - first)))
        over, under = (Image.new("RGB", ramp.size, colour) for colour in (bottom, top))
        self.image.paste(Image.composite(over, under, ramp), (0, first))

    def write(self, x: float, y: float, text: str, height: float, fill: Colour) -> None:
        """Centred on the point. Plain letters and digits only: the built-in font has no more."""
        font = ImageFont.load_default(height * self._scale[1])
        self._pen.text(self._all([(x, y)])[0], text, fill=fill, font=font, anchor="mm")

    def ground(self, across: float, away: float) -> Point:
        """A point on flat ground: `across` from the middle in metres, `away` from us in metres."""
        depth = 1.9 + away
        return WIDTH / 2 + across * 560 / depth, HORIZON + 920 / depth

    def away(self, y: float) -> float:
        """How many metres away the ground is that is seen at this height."""
        return 920 / (y - HORIZON) - 1.9

    def slab(self, left: float, right: float, near: float, far: float, fill: Colour) -> None:
        """A rectangle lying on the ground, in metres."""
        corners = ((left, near), (right, near), (right, far), (left, far))
        self.poly([self.ground(*corner) for corner in corners], fill)

    def jitter(self, colour: Colour, amount: int = 8) -> Colour:
        shift = self.chance.randint(-amount, amount)
        red, green, blue = (max(0, min(255, part + shift)) for part in colour)
        return red, green, blue

    def _all(self, points: Iterable[Point]) -> list[Point]:
        across, down = self._scale
        return [((WIDTH - x if self._mirror else x) * across, y * down) for x, y in points]

    def _around(
        self, x: float, y: float, radius: float, squash: float
    ) -> tuple[float, float, float, float]:
        ((middle, level),) = self._all([(x, y)])
        wide, high = radius * self._scale[0], radius * self._scale[0] * squash
        return middle - wide, level - high, middle + wide, level + high

    def _thick(self, width: float) -> int:
        return max(1, round(width * self._scale[0]))
