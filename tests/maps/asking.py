"""Questions to the map with a dice, and their answers once more in plain Python."""

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.facilities.models import Facility
from audit.facilities.rules import search_text
from audit.findings.models import Finding
from audit.findings.rules import OPEN_STATES, State
from audit.geo.cells import cell_ranges
from audit.geo.points import Box, moved
from tests.careful import CarefulClient
from tests.factories import Factory, Person
from tests.maps.land import PLACED, SEATS, SEVERITIES, WORDS, Land

Pairs = list[tuple[str, str]]


@dataclass
class Asker:
    person: Person
    client: CarefulClient

    def ask(self, path: str, query: Pairs) -> dict[str, Any]:
        answer = self.client.get(f"/map/{path}?{urlencode(query)}")
        assert answer.status_code == 200, (path, query)
        found: dict[str, Any] = answer.get_json()
        return found


def asker_for(app: Flask, make: Factory, person: Person) -> Asker:
    client: CarefulClient = app.test_client()  # type: ignore[assignment]
    client.hold(make.session_of(person))
    return Asker(person, client)


def random_box(dice: random.Random) -> Box:
    """From a doorstep to a province, most around the seats; some on the far side of the earth."""
    if dice.random() < 0.05:
        return Box(-180, -89, 180, 89)
    seat = dice.choice(list(SEATS.values()))
    middle = moved(seat, east_m=dice.gauss(0, 3000), north_m=dice.gauss(0, 3000))
    reach = 10 ** dice.uniform(1, 5.3)
    low = moved(middle, east_m=-reach, north_m=-reach * 0.7)
    high = moved(middle, east_m=reach, north_m=reach * 0.7)
    return Box(low.lon, low.lat, high.lon, high.lat)


def random_filters(land: Land, dice: random.Random) -> Pairs:
    pairs: Pairs = []
    if dice.random() < 0.3:
        pairs.append(("district", dice.choice(list(SEATS))))
    if dice.random() < 0.4:
        some = [str(one) for one in dice.sample(list(State), 2)]
        states = dice.choice([["open"], ["all"], some])
        pairs += [("state", one) for one in states]
    if dice.random() < 0.3:
        pairs += [("severity", one) for one in dice.sample(SEVERITIES, dice.randrange(1, 4))]
    if dice.random() < 0.3:
        pairs.append(("kind", dice.choice(PLACED)))
    if dice.random() < 0.25:
        words = [*WORDS, "门", "RAMP", "设施 甲", "-0000", "%", "_", "不存在的词"]
        pairs.append(("q", dice.choice(words)))
    if dice.random() < 0.2:
        pairs.append(("organisation", str(dice.choice(land.organisations))))
    if dice.random() < 0.1:
        pairs.append(("facility", str(dice.choice(land.facilities))))
    return pairs


def _matches(finding: Finding, facility: Facility, asked: Pairs) -> bool:
    """The filter once more, in plain Python."""
    several: dict[str, list[str]] = {}
    for name, value in asked:
        several.setdefault(name, []).append(value)
    states = several.get("state", ["open"])
    wanted = {"open": OPEN_STATES, "all": set(State)}.get(states[0], set(states))
    words = search_text(several.get("q", [""])[0])
    texts = [finding.number, finding.title_zh, finding.title_en, facility.search]
    truths = [
        str(finding.state) in wanted,
        finding.severity in several.get("severity", [finding.severity]),
        several.get("district", [finding.district_code]) == [finding.district_code],
        several.get("kind", [facility.kind]) == [facility.kind],
        several.get("organisation", [str(finding.organisation_id)])
        == [str(finding.organisation_id)],
        several.get("facility", [str(facility.id)]) == [str(facility.id)],
        any(words in one.lower() for one in texts),
    ]
    return all(truths)


def _may_see(actor: Actor, finding: Finding) -> bool:
    codes = actor.districts_for(May.SEE_FINDINGS)
    mine = actor.organisation_id
    own = mine is not None and finding.organisation_id == mine
    return codes is None or finding.district_code in codes or own


def in_tiles(cell: int | None, box: Box, zoom: int) -> bool:
    return cell is not None and any(low <= cell <= high for low, high in cell_ranges(box, zoom))


def bbox(box: Box) -> str:
    return ",".join(f"{edge:.9f}" for edge in (box.west, box.south, box.east, box.north))


def asked_box(box: Box) -> Box:
    return Box(*(float(edge) for edge in bbox(box).split(",")))


def expected_in(land: Land, person: Person, asked: Pairs, box: Box, zoom: int) -> Counter[str]:
    """How many findings of each severity; within an app context."""
    actor = land.make.actor_of(person)
    rows = db.session.execute(
        db.select(Finding, Facility).join(Facility, Facility.id == Finding.facility_id)
    )
    return Counter(
        finding.severity
        for finding, facility in rows
        if in_tiles(finding.cell, box, zoom)
        and _matches(finding, facility, asked)
        and _may_see(actor, finding)
    )


def severities_in(answer: dict[str, Any]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for item in answer["items"]:
        if answer["mode"] == "cells":
            counts.update(dict(zip(SEVERITIES, item["n"], strict=True)))
        else:
            counts[item["mark"]] += 1
    return +counts
