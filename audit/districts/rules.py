from collections.abc import Iterable
from enum import StrEnum


class Level(StrEnum):
    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"  # drawn area of responsibility that may overlap counties
    TOWN = "town"


# the shipped outlines are generalised and off by up to 1.2 km (data/README.md): nearer than this to
# its border a place may well lie in the district
BORDER_M = 2000

RESPONSIBLE_LEVELS = (Level.COUNTY, Level.ZONE)


def below(code: str, parents: Iterable[tuple[str, str | None]]) -> frozenset[str]:
    """`code` and every district under it; `parents` are (code, parent code) of all districts."""
    children: dict[str | None, list[str]] = {}
    for child, parent in parents:
        children.setdefault(parent, []).append(child)
    found, waiting = {code}, [code]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)
