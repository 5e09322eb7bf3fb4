"""Into which finding another may be merged, by what is believed of both."""

import math
import random
from dataclasses import dataclass, field
from uuid import UUID

from tests.findings.beliefs import FINAL, Life

REACH_M, UNSURE_M = 250, 10  # the earth is no sphere
METRES_A_DEGREE = 111_200


@dataclass
class Merges:
    """`places`: lon and lat of each facility that has them."""

    dice: random.Random
    lives: dict[str, Life]
    places: dict[UUID, tuple[float, float]] = field(default_factory=dict)

    def main_for(self, life: Life, step: str, flaw: str) -> Life | None:
        """Mostly one that fits; none whose distance is too near the limit to tell."""
        if step != "merge" or flaw == "no_main":
            return None
        told = [one for one in self.lives.values() if not self._is_unsure(life, one)]
        fitting = [one for one in told if self.fits(life, one)]
        return self.dice.choice(fitting if fitting and self.dice.random() < 0.7 else told)

    def fits(self, life: Life, main: Life | None) -> bool:
        """Another that lives, close by; and nothing was merged into what is to be merged."""
        if main is None or main is life or main.state in FINAL:
            return False
        if any(one.main == life.number for one in self.lives.values()):
            return False
        return self._metres_between(life, main) <= REACH_M

    def believe(self, life: Life, step: str, who: UUID, main: Life | None) -> Life | None:
        """The other one that knows of it."""
        other = main
        if step == "unmerge" and life.main:
            other = self.lives[life.main]
        if other is not None:
            life.main = main.number if main else None
            other.go("take_in" if main else "let_go", "", who)
        return other

    def _is_unsure(self, life: Life, main: Life) -> bool:
        return abs(self._metres_between(life, main) - REACH_M) < UNSURE_M

    def _metres_between(self, one: Life, other: Life) -> float:
        if one.facility == other.facility:
            return 0
        if not {one.facility, other.facility} <= self.places.keys():
            return math.inf
        (lon, lat), (there_lon, there_lat) = self.places[one.facility], self.places[other.facility]
        east = (there_lon - lon) * math.cos(math.radians(lat))
        return math.hypot(east, there_lat - lat) * METRES_A_DEGREE
