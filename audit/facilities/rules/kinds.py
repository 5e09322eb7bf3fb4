"""The kinds of facility, read from kinds.toml, and their drawings."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from audit.core.text import Text

REGISTER = Path(__file__).parents[1] / "kinds.toml"
SPRITE = Path(__file__).parents[3] / "static" / "img" / "kinds.svg"
SYMBOL = re.compile(r'<symbol id="([a-z_]+)"[^>]*>\s*(.*?)\s*</symbol>', re.DOTALL)


class FacilityKind(StrEnum):
    ROAD = "road"
    CROSSING = "crossing"
    BRIDGE = "bridge"
    TOILET = "toilet"
    BUILDING = "building"
    BUS_STOP = "bus_stop"
    PARKING = "parking"
    PARK = "park"
    RESIDENTIAL = "residential"
    VEHICLE = "vehicle"
    WEBSITE = "website"
    APP = "app"
    KIOSK = "kiosk"
    SERVICE = "service"
    EVENT = "event"
    SAMPLE = "sample"


class UrlRule(StrEnum):
    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class KindFacts:
    """One row of kinds.toml, whose head explains it. `drawing` is SVG, 24 × 24, of our own."""

    title: Text
    about: Text
    code: str
    drawing: str
    facts: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    has_place: bool = True
    has_shape: bool = False
    has_works: bool = False
    url: UrlRule = UrlRule.NONE


def _read(row: Mapping[str, Any], drawing: str) -> KindFacts:
    return KindFacts(
        title=Text(**row["title"]),
        about=Text(**row["about"]),
        code=row["code"],
        drawing=drawing,
        facts=tuple(row["facts"]),
        filters=tuple(row.get("filters", ())),
        required=tuple(row.get("required", ())),
        has_place=row.get("place", True),
        has_shape=row.get("shape", False),
        has_works=row.get("works", False),
        url=UrlRule(row.get("url", UrlRule.NONE)),
    )


def _read_all() -> dict[FacilityKind, KindFacts]:
    """A kind of the enum without row or drawing, or a row of no kind, keeps us from starting."""
    rows = tomllib.loads(REGISTER.read_text("utf-8"))
    drawings = dict(SYMBOL.findall(SPRITE.read_text("utf-8")))
    if list(rows) != [kind.value for kind in FacilityKind]:
        raise ValueError(f"{REGISTER} must hold the kinds of FacilityKind, in its order")
    return {FacilityKind(name): _read(row, drawings[name]) for name, row in rows.items()}


KINDS: Mapping[FacilityKind, KindFacts] = _read_all()
NARROWING = ("stage", "programmes")  # facts by which the lists of all kinds are narrowed


def narrowing_facts(kind: FacilityKind | None) -> tuple[str, ...]:
    """Facts by which a list is narrowed: of the kind chosen, then those of all kinds."""
    return (*(KINDS[kind].filters if kind else ()), *NARROWING)


def kinds_with(*, place: bool | None = None, url: UrlRule | None = None) -> list[str]:
    """Their ids, in the order of the register."""
    return [
        kind.value
        for kind, facts in KINDS.items()
        if place in (None, facts.has_place) and url in (None, facts.url)
    ]
