"""Each person sees on the map what is theirs to see, and learns nothing of the rest."""

import random

import pytest
from flask import Flask

from audit.core.db import db
from audit.facilities.models import Facility
from audit.findings.models import Finding
from audit.geo.points import Box
from tests.factories import ANYUE, YANJIANG
from tests.maps.asking import (
    Asker,
    Pairs,
    asker_for,
    bbox,
    expected_in,
    in_tiles,
    random_box,
    severities_in,
)
from tests.maps.land import Land


@pytest.mark.parametrize("zoom", [6, 10, 15, 17])
def test_who_must_fix_something_elsewhere_sees_it_too(
    app: Flask, land: Land, askers: list[Asker], few: int, zoom: int
) -> None:
    asker, elsewhere = askers[3], askers[0]
    box = Box(104.3, 29.7, 105.8, 30.7) if zoom < 15 else Box(104.63, 30.10, 104.67, 30.14)
    where = [("bbox", bbox(box)), ("z", str(zoom))]
    for district in (ANYUE, YANJIANG):  # what is both theirs and in their district counts once
        land.dispatch_one(district, land.organisations[0])
    with app.app_context():
        expected = expected_in(land, asker.person, [], box, zoom)
        mine = db.select(Finding).where(
            Finding.organisation_id == asker.person.organisation_id, Finding.district_code != ANYUE
        )
        beyond = [one for one in db.session.scalars(mine) if in_tiles(one.cell, box, zoom)]
    answer = asker.ask("findings", where)
    assert severities_in(answer) == expected
    assert 0 < len(beyond) <= expected.total() < elsewhere.ask("findings", where)["total"]


def test_nobody_learns_of_another_county(app: Flask, land: Land) -> None:
    """Whatever a person of Anyue asks about Yanjiang's streets, the answer is nothing."""
    asker = asker_for(app, land.make, land.make.person("supervisor", district=ANYUE))
    dice = random.Random(4)
    with app.app_context():
        mine = {row.number for row in db.session.scalars(
            db.select(Finding).where(Finding.district_code == ANYUE)
        )}  # fmt: skip
        places = {str(row) for row in db.session.scalars(
            db.select(Facility.id).where(Facility.district_code == ANYUE)
        )}  # fmt: skip
        theirs = db.session.scalars(
            db.select(Finding).where(Finding.district_code != ANYUE).order_by(Finding.number)
        ).all()
        tricks: list[Pairs] = [
            [("district", YANJIANG)],
            [("district", "512000")],
            [("organisation", str(land.organisations[0]))],
            [("facility", str(theirs[0].facility_id))],
            [("q", theirs[0].number)],
            [("state", "open"), ("severity", "S1")],
            [],
        ]
    seen = 0
    for trick in tricks:
        for zoom in (0, 6, 10, 14, 17, 20):
            for mode in ("", "points"):
                box = random_box(dice) if zoom else Box(-180, -89, 180, 89)
                query = [*trick, ("bbox", bbox(box)), ("z", str(zoom)), ("mode", mode)]
                answer = asker.ask("findings", query)
                assert answer["total"] <= len(mine)
                if trick[:1] == [("district", YANJIANG)]:
                    assert answer["total"] == 0 and answer["items"] == []
                if answer["mode"] == "points":
                    assert {item["id"] for item in answer["items"]} <= mine
                    seen += len(answer["items"])
                known = asker.ask("facilities", [("bbox", bbox(box)), ("z", str(zoom))])
                assert known["total"] <= len(places)
                assert {item["id"] for item in known["items"] if "id" in item} <= places
    assert seen > 20


def test_a_person_without_a_district_of_theirs_gets_nothing(app: Flask, land: Land) -> None:
    asker = asker_for(app, land.make, land.make.person("supervisor", district="512022001"))
    query = [("bbox", "104,29,106,31"), ("z", "9")]
    assert asker.ask("findings", query)["total"] == 0
    assert asker.ask("facilities", query)["total"] == 0
