"""Load the shipped districts of Ziyang; safe to run again."""

import csv
import json
from pathlib import Path

from audit.core.actors import SYSTEM
from audit.core.db import db
from audit.journal.actions import record

from .models import District
from .rules import Level

DATA = Path(__file__).parent / "data"
CITY = ("512000", "资阳市", "Ziyang")
NOT_A_PLACE = {"512002400"}  # a statistical unit in the code list


def load_districts() -> int:
    """Add what is missing from the shipped files. Returns how many districts were added."""
    known = set(db.session.scalars(db.select(District.code)))
    fresh = [row for row in [*_outlined(), *_towns()] if row.code not in known]
    for row in fresh:  # parents stand first in the list, and each flush keeps that order
        db.session.add(row)
        db.session.flush()
    if fresh:
        record(SYSTEM, "load", "district", CITY[0], detail={"added": len(fresh)})
    return len(fresh)


def _features(name: str) -> list[dict[str, dict[str, object]]]:
    features: list[dict[str, dict[str, object]]] = json.loads(
        (DATA / name).read_text(encoding="utf-8")
    )["features"]
    return features


def _outlined() -> list[District]:
    city = _features("ziyang-city.geojson")[0]
    rows = [_district(CITY[0], CITY[1], CITY[2], Level.CITY, None, city["geometry"])]
    for feature in _features("ziyang-counties.geojson"):
        facts = feature["properties"]
        rows.append(
            _district(
                str(facts["adcode"]), str(facts["name"]), str(facts["name_en"]),
                Level.COUNTY, CITY[0], feature["geometry"],
            )
        )  # fmt: skip
    for feature in _features("sample-zones.geojson"):
        facts = feature["properties"]
        zone = _district(
            str(facts["code"]), str(facts["name"]), str(facts["name_en"]),
            Level.ZONE, CITY[0], feature["geometry"],
        )  # fmt: skip
        zone.sample = True
        rows.append(zone)
    return rows


def _towns() -> list[District]:
    with (DATA / "ziyang-towns.csv").open(encoding="utf-8", newline="") as file:
        return [
            _district(row["code"], row["name"], "", Level.TOWN, row["county_code"], None)
            for row in csv.DictReader(file)
            if row["code"] not in NOT_A_PLACE
        ]


def _district(
    code: str, name: str, name_en: str, level: Level, parent: str | None, geometry: object
) -> District:
    return District(
        code=code,
        name=name,
        name_en=name_en,
        level=level,
        parent_code=parent,
        boundary=json.dumps(geometry) if geometry else None,
        sample=False,
    )
