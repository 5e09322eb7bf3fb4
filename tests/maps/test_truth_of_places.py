"""What the map says of facilities is what is there."""

import random
from collections import Counter
from uuid import UUID

from flask import Flask

from audit.core.db import db
from audit.facilities.queries import FacilityFilter, list_facilities
from audit.facilities.rules import FacilityKind
from audit.findings.actions import miscounted
from audit.findings.models import Finding
from audit.findings.rules import OPEN_STATES
from audit.geo.points import Point
from tests.maps.asking import (
    Asker,
    asked_box,
    asker_for,
    bbox,
    in_tiles,
    random_box,
)
from tests.maps.land import ON_MAP, PLACED, SEATS, Land

QUESTIONS = 40


def test_facilities_on_the_map_are_those_of_the_list(
    app: Flask, land: Land, askers: list[Asker], few: int
) -> None:
    dice, modes = random.Random(11), Counter[str]()
    for _ in range(QUESTIONS):
        asker, box, zoom = dice.choice(askers), asked_box(random_box(dice)), dice.randrange(21)
        kind = dice.choice([None, *PLACED])
        words, district = dice.choice(["", "", "甲", "设施 乙"]), dice.choice(["", *SEATS])
        asked = [("kind", kind or ""), ("q", words), ("district", district)]
        answer = asker.ask("facilities", [*asked, ("bbox", bbox(box)), ("z", str(zoom))])
        with app.app_context():
            actor = land.make.actor_of(asker.person)
            rows, total = list_facilities(actor, FacilityFilter(words, kind, district))
            assert total == len(rows)  # one page holds them all
            inside = [one for one in rows if in_tiles(one.cell, box, zoom)]
            expected = Counter(FacilityKind(one.kind) for one in inside)
        counts = Counter[str]()
        for item in answer["items"]:
            if answer["mode"] == "cells":
                counts.update(dict(zip(ON_MAP, item["n"], strict=True)))
            else:
                counts[item["mark"]] += 1
        assert answer["total"] == len(inside)
        assert +counts == expected
        modes[answer["mode"]] += 1
    assert modes["cells"] and modes["points"]


def test_a_facility_says_how_many_of_its_findings_are_open(
    app: Flask, land: Land, askers: list[Asker]
) -> None:
    answer = askers[0].ask("facilities", [("bbox", "104,29,106,31"), ("z", "9")])
    with app.app_context():
        counts = Counter(
            str(row.facility_id)
            for row in db.session.scalars(
                db.select(Finding).where(Finding.state.in_(sorted(OPEN_STATES)))
            )
        )
    assert len(answer["items"]) == len(land.facilities)
    for item in answer["items"]:
        count = counts[item["id"]]
        assert item["status"] == (f"未销号的问题：{count} 个" if count else "没有未销号的问题")
        assert item["url"] == f"/facilities/{UUID(item['id'])}"


def test_a_moved_facility_takes_its_findings_along(app: Flask, land: Land) -> None:
    asker = asker_for(app, land.make, land.make.person("coordinator", district=None))
    around = [("bbox", "105.89,30.89,105.91,30.91"), ("z", "15"), ("state", "all")]
    assert asker.ask("findings", around)["total"] == 0
    land.find()
    with app.app_context():
        moving = db.session.scalars(db.select(Finding.facility_id).order_by(Finding.number)).first()
        total = db.select(db.func.count()).where(Finding.facility_id == moving)
        expected = db.session.scalar(total)
    land.facilities, land.place_near = [moving], lambda _district: Point(105.9, 30.9)  # type: ignore[list-item, method-assign]
    land.move()
    assert asker.ask("findings", around)["total"] == expected > 0
    with app.app_context():
        assert miscounted() == 0
