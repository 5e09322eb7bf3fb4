"""A made-up Ziyang of any size, written in bulk: facilities where people live, their findings,
and the map's counts. Nothing here goes through the journal; only speed is measured on it."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask
from sqlalchemy import BigInteger, case, cast, func, insert, literal, select, text

from audit.accounts.actions import add_organisation
from audit.accounts.rules import OrganisationKind
from audit.checklists.loader import get_checklist
from audit.core.actors import SYSTEM
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.facilities.rules import KINDS, FacilityKind, Review, search_text
from audit.findings.actions.counts import ZOOMS
from audit.findings.models import Finding, MapCell
from audit.findings.rules import Source, State
from audit.geo.cells import cell_of
from audit.geo.points import Point, moved
from audit.maps.queries.grid import group_of

# county seat, share of all facilities, and how far its streets reach (metres, one deviation)
SEATS = [
    ("512002", Point(104.6502, 30.1222), 0.42, 2200),
    ("512021", Point(105.3358, 30.0992), 0.22, 1500),
    ("512022", Point(105.0203, 30.2759), 0.14, 1300),
]
TOWNS = 90  # the remaining facilities stand in so many small towns around the seats
TOWN_REACH_M, COUNTY_REACH_M = 350, 9_000
PER_FACILITY = 4
CHUNK = 5_000
STATES = [
    (State.REPORTED, 12), (State.CONFIRMED, 8), (State.DISPATCHED, 20), (State.FIXED, 9),
    (State.CLOSED, 41), (State.REOPENED, 4), (State.REJECTED, 6),
]  # fmt: skip
SEVERITIES = [("S1", 8), ("S2", 22), ("S3", 45), ("S4", 25)]
FACILITY_KINDS = [(FacilityKind.TOILET, 25), (FacilityKind.ROAD, 45), (FacilityKind.BUILDING, 30)]
CHECKLISTS = ("public-toilet", "road", "public-building")
STREETS = [
    "建设路",
    "人民路",
    "滨江大道",
    "和平路",
    "广场路",
    "车站街",
    "凤岭路",
    "仁德路",
    "外环路",
    "学府街",
]
Kind = TypeVar("Kind")
START = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Town:
    """Where its facilities stand, and who must fix them."""

    places: list[Point]
    organisations: list[UUID]


def build_town(app: Flask, count: int, dice: random.Random, *, analyse: bool = True) -> Town:
    """Write `count` findings, their facilities and the counts of the map."""
    with app.app_context():
        with transaction():
            owners = [
                add_organisation(f"维护单位 {n}", OrganisationKind.OWNER, SYSTEM).id
                for n in range(40)
            ]
        facilities = list(_facilities(max(1, count // PER_FACILITY), owners, dice))
        write(Facility, facilities)
        write(Finding, _findings(count, facilities, dice))
        with transaction():
            recount()
        if analyse:
            _analyse()
        return Town([Point(one["lon"], one["lat"]) for one in facilities], owners)


def recount() -> None:
    """Make the map's counts from the findings, all at once."""
    for zoom in ZOOMS:
        group = group_of(Finding.cell, zoom)
        severities = [
            func.sum(case((Finding.severity == name, 1), else_=0)) for name, _ in SEVERITIES
        ]
        places = [
            cast(func.sum(func.round(column * 1_000_000)), BigInteger)
            for column in (Finding.lon, Finding.lat)
        ]
        rows = (
            select(
                literal(zoom),
                group,
                Finding.district_code,
                Finding.kind,
                Finding.state,
                *severities,
                *places,
            )
            .where(Finding.cell.is_not(None))
            .group_by(group, Finding.district_code, Finding.kind, Finding.state)
        )
        names = [column.name for column in MapCell.__table__.columns]
        db.session.execute(insert(MapCell).from_select(names, rows))


def _analyse() -> None:
    """Planner's statistics, which a database of this size should have."""
    with transaction() as session:
        session.execute(text("ANALYZE"))


def write(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        with transaction():
            db.session.execute(insert(model), chunk)


def _facilities(count: int, owners: list[UUID], dice: random.Random) -> Iterator[dict[str, Any]]:
    towns = [_town(dice) for _ in range(TOWNS)]
    for serial in range(count):
        district, place = _place(towns, dice)
        kind = _one_of(FACILITY_KINDS, dice)
        number = f"ZY-{KINDS[kind].code}-{serial:07d}"
        street = dice.choice(STREETS)
        name = f"{street}{KINDS[kind].title.zh} {serial}"
        yield {
            "id": new_id(), "number": number, "kind": kind, "name": name,
            "address": f"{street} {dice.randrange(1, 400)} 号", "district_code": district,
            "lon": place.lon, "lat": place.lat, "cell": cell_of(place.lon, place.lat),
            "organisation_id": dice.choice(owners), "facts": {}, "review": Review.ACCEPTED,
            "active": True, "search": search_text(name, number), "created_at": START,
            "created_by_name": "system",
        }  # fmt: skip


def _town(dice: random.Random) -> tuple[str, Point]:
    code, seat, _, _ = dice.choice(SEATS)
    return code, _around(seat, COUNTY_REACH_M, dice)


def _place(towns: list[tuple[str, Point]], dice: random.Random) -> tuple[str, Point]:
    drawn = dice.random()
    for code, seat, share, reach in SEATS:
        if drawn < share:
            return code, _around(seat, reach, dice)
        drawn -= share
    code, middle = dice.choice(towns)
    return code, _around(middle, TOWN_REACH_M, dice)


def _around(middle: Point, reach_m: float, dice: random.Random) -> Point:
    there = moved(middle, east_m=dice.gauss(0, reach_m), north_m=dice.gauss(0, reach_m))
    return Point(round(there.lon, 6), round(there.lat, 6))


def _findings(
    count: int, facilities: list[dict[str, Any]], dice: random.Random
) -> Iterator[dict[str, Any]]:
    titles = [item.ask for name in CHECKLISTS for item in get_checklist(name).items]
    for serial in range(count):
        facility = facilities[serial % len(facilities)]
        title = titles[serial * 7919 % len(titles)]
        state = _one_of(STATES, dice)
        moment = START + timedelta(minutes=dice.randrange(500_000))
        yield {
            "id": new_id(), "number": f"ZY-2026-{serial:07d}", "facility_id": facility["id"],
            "kind": facility["kind"],
            "district_code": facility["district_code"], "source": Source.INSPECTION,
            "checklist_id": "public-toilet", "rule_id": f"item-{serial // len(facilities)}",
            "title_zh": title.zh, "title_en": title.en,
            "severity": _one_of(SEVERITIES, dice), "defect": "functional",
            "outcome": "breach", "groups": ["mobility"], "facts": {}, "unverified": False,
            "experience": False, "state": state, "lon": facility["lon"], "lat": facility["lat"],
            "cell": facility["cell"], "opened_at": moment, "changed_at": moment,
            "times_found": 1, "last_seq": 1,
            "organisation_id": None if state in (State.REPORTED, State.REJECTED)
            else facility["organisation_id"],
        }  # fmt: skip


def _one_of(weighted: list[tuple[Kind, int]], dice: random.Random) -> Kind:
    return dice.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]
