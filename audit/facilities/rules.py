"""Kinds of facility and what must be known of each. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from audit.checklists.rules import FacilityFacts
from audit.checklists.rules.facts import FactValue
from audit.core.text import Text


class FacilityKind(StrEnum):
    TOILET = "toilet"
    ROAD = "road"
    BUILDING = "building"
    WEBSITE = "website"


class Review(StrEnum):
    """Places made on the spot wait until the office has looked at them."""

    ACCEPTED = "accepted"
    WAITING = "waiting"


@dataclass(frozen=True)
class KindFacts:
    """`code`: letters of its number; `facts`: names of the facts asked for, in order."""

    title: Text
    code: str
    facts: tuple[str, ...] = ()
    has_place: bool = True


KINDS: Mapping[FacilityKind, KindFacts] = {
    FacilityKind.TOILET: KindFacts(
        Text("公共厕所", "Public toilet"), "WC", ("host", "storeys", "crowded")
    ),
    FacilityKind.ROAD: KindFacts(Text("城市道路", "Road"), "RD", ("road_class", "crowded")),
    FacilityKind.BUILDING: KindFacts(
        Text("公共建筑", "Public building"), "PB", ("branch", "storeys", "crowded")
    ),
    FacilityKind.WEBSITE: KindFacts(Text("网站", "Website"), "WEB", has_place=False),
}


@dataclass(frozen=True)
class FacilityDraft:
    """What a person states about a facility. `shape` is a GeoJSON geometry as text (WGS-84
    lon, lat) for a line or an area; `lon`, `lat` is then a point on it. A website has a `url`
    and no place."""

    kind: FacilityKind
    name: str
    district_code: str
    address: str = ""
    town_code: str | None = None
    lon: float | None = None
    lat: float | None = None
    shape: str | None = None
    url: str | None = None
    organisation_id: UUID | None = None
    built_on: date | None = None
    altered_on: date | None = None
    facts: Mapping[str, FactValue] = field(default_factory=dict)


def facts_for_judging(
    built_on: date | None, altered_on: date | None, facts: Mapping[str, FactValue]
) -> FacilityFacts:
    return FacilityFacts(built_on=built_on, altered_on=altered_on, values=dict(facts))


def search_text(*parts: str) -> str:
    """What a search looks through: lower case, blanks folded."""
    return " ".join(" ".join(part.split()).lower() for part in parts if part)
