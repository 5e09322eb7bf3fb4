"""The city as data: the TOML files of `data/`, read once into frozen objects. Pure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from audit.accounts.rules import OrganisationKind
from audit.checklists.rules import FacilityFacts
from audit.checklists.rules.facts import FactValue
from audit.core.actors import Role
from audit.facilities.rules import FacilityKind
from audit.measures.rules import MeasureKind
from audit.photos.drawing import Scene

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class SampleOrganisation:
    """`district` left out: looked after by the city."""

    key: str
    name: str
    kind: OrganisationKind
    district: str | None = None


@dataclass(frozen=True)
class SamplePerson:
    """`districts` is empty for the whole city; `organisation` is a key."""

    login: str
    name: str
    role: Role
    districts: tuple[str, ...] = ()
    organisation: str = ""

    def covers(self, district: str) -> bool:
        return not self.districts or district in self.districts


@dataclass(frozen=True)
class SamplePlace:
    """`at`: WGS-84 lon, lat. `legs`: metres east and north from there, for a road.

    `owner` and `office` are keys of organisations; `found_by` is the login of the supervisor who
    registered it on the spot.
    """

    key: str
    kind: FacilityKind
    name: str
    district: str
    office: str
    owner: str = ""
    town: str | None = None
    address: str = ""
    at: tuple[float, float] | None = None
    legs: tuple[tuple[float, float], ...] = ()
    url: str | None = None
    built: date | None = None
    altered: date | None = None
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    found_by: str = ""
    duties: Mapping[str, str] = field(default_factory=dict)  # duty: organisation
    plan: Mapping[str, Any] | None = None  # a measure: kind, what, year, budget_yuan, substitute

    def judged_facts(self) -> FacilityFacts:
        return FacilityFacts(self.built, self.altered, {**self.facts, "kind": self.kind.value})


@dataclass(frozen=True)
class Fault:
    """One believable failure of one item; see `data/faults.toml`. `near`: what a re-check measures
    where the tool is too coarse to tell."""

    item: str
    answer: object
    note: str
    scene: Scene
    reading: str = ""
    fixed: object | None = None
    near: object | None = None
    fix: str = "已按要求整改。"


@dataclass(frozen=True)
class Usual:
    """One believable answer of a sound place: a value, or why there is none."""

    value: object | None = None
    na: str = ""
    unchecked: str = ""
    weight: int = 1
    branch: tuple[str, ...] = ()
    storeys: tuple[int, int] | None = None

    def fits(self, facts: FacilityFacts) -> bool:
        floors = facts.get("storeys")
        return (not self.branch or facts.get("branch") in self.branch) and (
            self.storeys is None
            or (isinstance(floors, int) and self.storeys[0] <= floors <= self.storeys[1])
        )


@cache
def organisations() -> tuple[SampleOrganisation, ...]:
    rows = _read("people")["organisation"]
    return tuple(SampleOrganisation(**{**row, "kind": _kind(row)}) for row in rows)


def _kind(row: Mapping[str, str]) -> OrganisationKind:
    return OrganisationKind(row["kind"])


@cache
def people() -> tuple[SamplePerson, ...]:
    return tuple(
        SamplePerson(**{**row, "role": Role(row["role"]), "districts": _tuple(row, "districts")})
        for row in _read("people")["person"]
    )


@cache
def places() -> tuple[SamplePlace, ...]:
    """In the order of the file, kind by kind."""
    tables = _read("places")
    return tuple(_place(kind, row) for kind in FacilityKind for row in tables.get(kind.value, ()))


def _place(kind: FacilityKind, row: dict[str, Any]) -> SamplePlace:
    at = row.get("at")
    legs = tuple((float(east), float(north)) for east, north in row.get("legs", ()))
    plan = row.get("plan")
    if plan:
        plan = {**plan, "kind": MeasureKind(plan["kind"])}
    return SamplePlace(
        **{**row, "kind": kind, "at": tuple(at) if at else None, "legs": legs, "plan": plan}
    )


@cache
def faults() -> tuple[Fault, ...]:
    return tuple(Fault(**{**row, "scene": Scene(row["scene"])}) for row in _read("faults")["fault"])


@cache
def usual() -> Mapping[str, tuple[Usual, ...]]:
    """What sound places answer, by item id."""
    return {
        item: tuple(_usual(row) for row in table["usual"]) for item, table in _read("usual").items()
    }


def _usual(row: dict[str, Any]) -> Usual:
    storeys = tuple(row["storeys"]) if "storeys" in row else None
    return Usual(**{**row, "branch": _tuple(row, "branch"), "storeys": storeys})


def _tuple(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found: Sequence[str] = row.get(name, ())
    return tuple(found)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))
