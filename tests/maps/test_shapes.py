"""Lines and areas on the maps: what is drawn of them, for whom, and how much at most."""

import json
import math
from collections.abc import Callable

import pytest
from flask import Flask

from audit.facilities.rules import FacilityKind
from audit.geo.points import Point, moved
from audit.geo.polygons import metres_to, simplified
from audit.geo.shapes import Area, Line, Polygon, points_of
from audit.maps.queries import shapes
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory

SignIn = Callable[..., CarefulClient]
MIDDLE = Point(104.6276, 30.1222)
VIEW = "bbox=104.62,30.11,104.64,30.13&z=16"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[104.62, 30.12], [104.63, 30.12], [104.63, 30.13], [104.62, 30.12]]],
}


def line(*east_m: float) -> str:
    places = [moved(MIDDLE, east_m=one, north_m=0) for one in east_m]
    return json.dumps({"type": "LineString", "coordinates": [[one.lon, one.lat] for one in places]})


def road(make: Factory, shape: str, **facts: object) -> str:
    return str(make.facility(FacilityKind.ROAD, shape=shape, **facts))


def drawn(browser: CarefulClient, query: str = VIEW) -> dict[str, object]:
    found = browser.get(f"/map/shapes?{query}").get_json()
    return {one["id"]: one["places"] for one in found["items"]}


def test_lines_and_areas_in_view_are_drawn(make: Factory, signed_in: SignIn) -> None:
    street, park = road(make, line(0, 900)), road(make, json.dumps(SQUARE))
    make.toilet()
    browser = signed_in("coordinator")
    found = drawn(browser)
    assert set(found) == {street, park}
    assert found[street] == [[[30.1222, 104.6276], [30.1222, pytest.approx(104.63696, abs=2e-5)]]]
    assert drawn(browser, f"{VIEW}&kind=toilet") == {}
    assert drawn(browser, VIEW.replace("z=16", "z=11")) == {}


def test_a_line_comes_into_view_from_outside(make: Factory, signed_in: SignIn) -> None:
    away = moved(MIDDLE, east_m=-2500, north_m=0)
    street = road(make, line(-2500, 0), lon=away.lon, lat=away.lat)
    assert set(drawn(signed_in("coordinator"))) == {street}


def test_nobody_sees_the_lines_of_others(make: Factory, signed_in: SignIn) -> None:
    road(make, line(0, 900), district=ANYUE)
    assert drawn(signed_in("coordinator")) == {}
    assert len(drawn(signed_in("coordinator", district=None))) == 1


@pytest.mark.parametrize("query", ["", "bbox=1,2,3&z=9", f"{VIEW}&kind=castle", "bbox=a&z=99"])
def test_a_view_that_is_none_is_refused(signed_in: SignIn, query: str) -> None:
    assert signed_in("coordinator").get(f"/map/shapes?{query}").status_code == 404


def test_an_answer_has_an_upper_bound(
    make: Factory, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in("coordinator")
    wild = [[104.6276 + n / 1e6, 30.1222 + (n % 2) / 100] for n in range(4000)]
    road(make, json.dumps({"type": "LineString", "coordinates": wild}))
    found = browser.get(f"/map/shapes?{VIEW.replace('z=16', 'z=19')}").get_json()
    [[places]] = [one["places"] for one in found["items"]]
    assert 2 <= len(places) <= shapes.MOST_VERTICES and not found["truncated"]
    for bound, most in (("MOST_SIGNS", 10), ("MOST_SHAPES", 0)):
        with monkeypatch.context() as patch:
            patch.setattr(shapes, bound, most)
            road(make, line(0, 10))  # an act changes the answer's version
            cut = browser.get(f"/map/shapes?{VIEW}").get_json()
            assert cut == {"items": [], "truncated": True}


def test_an_unchanged_answer_is_not_sent_again(make: Factory, signed_in: SignIn) -> None:
    road(make, line(0, 900))
    browser = signed_in("coordinator")
    mark = browser.get(f"/map/shapes?{VIEW}").headers["ETag"]
    again = browser.get(f"/map/shapes?{VIEW}", headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")


def test_simplifying_keeps_the_course() -> None:
    round_about = Line((tuple(
        moved(MIDDLE, east_m=500 * math.cos(n / 50), north_m=500 * math.sin(n / 50))
        for n in range(300)
    ),))  # fmt: skip
    fewer = simplified(round_about, 5)
    assert 4 < len(points_of(fewer)) < 60
    assert all(metres_to(one, fewer) < 8 for one in points_of(round_about))
    speck = tuple(moved(MIDDLE, east_m=e, north_m=n) for e, n in ((0, 0), (1, 0), (1, 1), (0, 0)))
    assert simplified(Area((Polygon(speck),)), 1000) == Area((Polygon(speck),))


@pytest.mark.parametrize(
    ("shape", "said"),
    [(line(0, 900), "线，长约 900 米"), (line(0, 2340), "线，长约 2.3 公里"),
     (json.dumps(SQUARE), "面，约 53")],
)  # fmt: skip
def test_the_page_of_a_place_says_how_long_or_large_it_is(
    app: Flask, make: Factory, signed_in: SignIn, shape: str, said: str
) -> None:
    place = road(make, shape)
    assert said in signed_in("coordinator").get(f"/facilities/{place}").get_data(as_text=True)
