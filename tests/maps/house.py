"""A coordinator's and a supervisor's city for the browser: streets full of findings whose words
are attacks, on the product's server."""

import json
import random
from dataclasses import dataclass

from flask import Flask

from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.actions import Failure, close_by_rescan, open_findings
from audit.findings.models import Finding
from audit.findings.rules import Source
from audit.geo.points import moved
from tests.factories import GONE, YANJIANG, Factory, session_cookie
from tests.maps.land import PLACED, SEATS

HOSTILE = [
    "<img src=x onerror=window.broken.push(1)>",
    "${window.broken.push(2)}`+window.broken.push(3)+`",
    "{{ 7919*7927 }}{% for x in y %}",
    "</script><script>window.broken.push(4)</script>",
    "'\"><svg/onload=window.broken.push(5)>&lt;",
]
SPOT = SEATS[YANJIANG]
AT_THE_SPOT = f"#map=17/{SPOT.lat:.5f}/{SPOT.lon:.5f}"
PLACES, ON_ONE_SPOT, FINDINGS = 24, 12, 60
WATCH = """
window.broken = []; window.drawn = 0;
addEventListener("securitypolicyviolation", (e) => broken.push(e.violatedDirective + e.blockedURI));
addEventListener("error", (e) => broken.push(e.message ?? e.target.src), true);
addEventListener("drawn", (e) => { window.drawn += 1; window.last = e.detail; });
"""


@dataclass
class House:
    """Where it is, and the cookies of two people who have signed in."""

    url: str
    make: Factory
    coordinator: str
    supervisor: str

    def close_one(self, dice: random.Random) -> None:
        with self.make.app.app_context(), transaction():
            query = db.select(Finding).where(Finding.state == "reported").order_by(Finding.number)
            close_by_rescan(dice.choice(db.session.scalars(query).all()), new_id(), GONE)


def build(app: Flask, url: str) -> House:
    make = Factory(app)
    _fill(make, random.Random(6))

    def signed_in(role: str, district: str | None) -> str:
        return session_cookie(app, make.session_of(make.person(role, district=district)))

    return House(url, make, signed_in("coordinator", None), signed_in("supervisor", YANJIANG))


def _fill(make: Factory, dice: random.Random) -> None:
    """Facilities in the streets of the seat, the first with a dozen findings on one spot."""
    actor = make.actor("coordinator", district=None)
    left = FINDINGS
    for serial in range(PLACES):
        east, north = (0.0, 0.0) if serial == 0 else (dice.gauss(0, 900), dice.gauss(0, 900))
        spot = moved(SPOT, east_m=east, north_m=north)
        place = make.facility(
            PLACED[serial % 3], name=f"{HOSTILE[serial % 5]} {serial}", lon=spot.lon, lat=spot.lat,
            shape=None if serial else _course(),
        )  # fmt: skip
        count = ON_ONE_SPOT if serial == 0 else min(left, 1 + serial % 3)
        count = left if serial == PLACES - 1 else count
        left -= count
        failures = [_failure(HOSTILE[(serial + n) % 5], n, dice) for n in range(count)]
        with make.app.app_context(), transaction():
            open_findings(db.session.get_one(Facility, place), failures, actor, new_id())
    make.facility(FacilityKind.WEBSITE, name="门户网站")


def _course() -> str:
    east = moved(SPOT, east_m=150, north_m=20)
    ends = [[SPOT.lon, SPOT.lat], [east.lon, east.lat]]
    return json.dumps({"type": "LineString", "coordinates": ends})


def _failure(title: str, rule: int, dice: random.Random) -> Failure:
    return Failure(
        source=Source.INSPECTION,
        rule_id=f"rule-{rule}",
        title=Text(title, title),
        severity=dice.choice(["S1", "S2", "S3", "S4"]),
        defect="functional",
        outcome="breach",
        note=title,
    )
