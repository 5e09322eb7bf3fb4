"""Where the phone was at a re-check, beside where the facility stands: told, never in the way."""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.facilities.models import Facility
from audit.geo.points import Point, moved
from tests.careful import CarefulClient
from tests.factories import Factory
from tests.inspections.conftest import Visitor, picture

Come = Callable[..., Visitor]
SignIn = Callable[..., CarefulClient]
AWAY = "当时手机的位置离设施约"
TOILET = Point(104.6276, 30.1222)


def recheck_from(someone: Visitor, number: str, east_m: float, accuracy: str = "10") -> None:
    here = moved(TOILET, east_m=east_m, north_m=0)
    sent = {
        "wc-stall-width": "1500", "photos.wc-stall-width": picture(9),
        "lon": f"{here.lon:.6f}", "lat": f"{here.lat:.6f}", "accuracy_m": accuracy,
    }  # fmt: skip
    assert someone.recheck(number, sent).status_code == 303


def page(browser: CarefulClient, number: str) -> str:
    return browser.get(f"/findings/{number}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("east_m", "accuracy", "is_told"),
    [(2000, "10", True), (220, "10", True), (205, "10", False), (0, "10", False),
     (2000, "5000", False), (260, "", True)],
)  # fmt: skip
def test_a_recheck_from_far_away_closes_the_finding_and_is_told_to_the_coordinator(
    app: Flask, make: Factory, visitor: Come, signed_in: SignIn, east_m: float, accuracy: str,
    is_told: bool,
) -> None:  # fmt: skip
    number = make.fixed()
    recheck_from(visitor(), number, east_m, accuracy)
    with app.app_context():
        finding = make.finding_named(number)
        assert (finding.state, finding.doubtful) == ("closed", is_told)
    assert (AWAY in page(signed_in("coordinator"), number)) is is_told
    assert AWAY not in page(signed_in("supervisor"), number)


def test_the_limit_is_a_setting(app: Flask, make: Factory, visitor: Come) -> None:
    chosen = app.config["SETTINGS"].model_copy(update={"recheck_far_m": 3000})
    app.config["SETTINGS"] = chosen
    number = make.fixed()
    recheck_from(visitor(), number, 2000)
    with app.app_context():
        assert not make.finding_named(number).doubtful


@pytest.mark.parametrize("geometry", ["LineString", "Polygon"])
def test_anywhere_along_a_line_or_within_an_area_is_at_the_facility(
    app: Flask, make: Factory, visitor: Come, geometry: str
) -> None:
    number = make.fixed()
    ends = [moved(TOILET, east_m=east, north_m=0) for east in (-100, 3000)]
    along = [[one.lon, one.lat] for one in ends]
    beyond = [[one.lon, one.lat + 0.01] for one in reversed(ends)]
    ring = [[*along, *beyond, along[0]]]
    shape = {"type": geometry, "coordinates": along if geometry == "LineString" else ring}
    with app.app_context(), transaction():
        place = make.finding_named(number).facility_id
        db.session.get_one(Facility, place).shape = json.dumps(shape)
    recheck_from(visitor(), number, 2000)
    with app.app_context():
        assert not make.finding_named(number).doubtful
        facility = db.session.get_one(Facility, place)
        off = facility.metres_from(moved(TOILET, east_m=1000, north_m=-500))
        assert off == pytest.approx(500, rel=0.02)


def test_without_a_position_nothing_is_told(app: Flask, make: Factory, visitor: Come) -> None:
    number = make.fixed()
    sent = {"wc-stall-width": "1500", "photos.wc-stall-width": picture(9), "lon": "", "lat": "x"}
    assert visitor().recheck(number, sent).status_code == 303
    with app.app_context():
        assert not make.finding_named(number).doubtful


def test_the_picture_of_the_fix_is_no_picture_of_the_recheck(
    app: Flask, make: Factory, visitor: Come
) -> None:
    number, someone = make.fixed(), visitor()
    sent = {"wc-stall-width": "1500", "note": "量过了", "photos.wc-stall-width": picture(1)}
    answer = someone.recheck(number, sent)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "这张照片在这个问题里已经用过" in html and 'href="#photos.wc-stall-width"' in html
    assert "量过了" in html and 'value="1500"' in html
    with app.app_context():
        assert make.finding_named(number).state == "fixed"
