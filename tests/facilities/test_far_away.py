"""A place well outside the district that is to answer for it is asked about, never refused."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from audit.core.db import db
from audit.core.ids import new_id
from audit.districts.queries import Borders
from audit.facilities.models import Facility
from audit.geo.points import Point
from audit.journal.queries import entries_about
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory
from tests.unchanged import nothing_written

SignIn = Callable[..., CarefulClient]
NEW = "/facilities/new/toilet"
IN_ANYUE = {"lon": "105.336", "lat": "30.098"}
CHENGDU = {"lon": "104.066", "lat": "30.572"}
TYPED = {"name": "远处公厕", "district": YANJIANG, "address": "建设路 12 号"}


def answers(html: str) -> list[str]:
    return re.findall(r'name="far" value="([^"]+)"', html)


def verbs(app: Flask, place: UUID) -> list[str]:
    with app.app_context():
        return [entry.verb for entry in entries_about("facility", place)]


def test_a_far_place_is_asked_about_and_kept_when_somebody_says_so(
    app: Flask, signed_in: SignIn
) -> None:
    browser, place = signed_in("supervisor"), new_id()
    with nothing_written(app):
        asked = browser.send(f"{NEW}/{place}", TYPED | CHENGDU, NEW)
    html = asked.get_data(as_text=True)
    assert asked.status_code == 422
    assert re.search(r"这个位置在雁江区界外约 \d\d 公里。请核对", html)
    assert "建设路 12 号" in html and 'href="#far"' in html
    [key] = answers(html)
    kept = browser.send(f"{NEW}/{place}", TYPED | CHENGDU | {"far": key}, NEW)
    assert kept.status_code == 303
    assert verbs(app, place) == ["keep_far", "add"]
    assert "界外约" in browser.get(f"/facilities/{place}").get_data(as_text=True)


def test_an_answer_holds_for_one_place_only(app: Flask, signed_in: SignIn) -> None:
    browser, place = signed_in("supervisor"), new_id()
    html = browser.send(f"{NEW}/{place}", TYPED | CHENGDU, NEW).get_data(as_text=True)
    other = CHENGDU | {"lat": "31.5", "far": answers(html)[0]}
    assert browser.send(f"{NEW}/{place}", TYPED | other, NEW).status_code == 422


def test_the_district_where_it_lies_is_offered_to_who_answers_for_it(
    app: Flask, signed_in: SignIn, make: Factory
) -> None:
    city = signed_in("coordinator", district=None)
    place = new_id()
    html = city.send(f"{NEW}/{place}", TYPED | IN_ANYUE, NEW).get_data(as_text=True)
    assert "它在安岳县内。" in html and answers(html)[1:] == [ANYUE]
    turned = city.send(f"{NEW}/{place}", TYPED | IN_ANYUE | {"far": ANYUE}, NEW)
    assert turned.status_code == 303
    with app.app_context():
        assert db.session.get_one(Facility, place).district_code == ANYUE
    assert verbs(app, place) == ["add"]
    html = signed_in("supervisor").send(f"{NEW}/{new_id()}", TYPED | IN_ANYUE, NEW)
    assert len(answers(html.get_data(as_text=True))) == 1


def test_a_place_that_is_known_to_be_far_is_not_asked_about_again(
    app: Flask, signed_in: SignIn, make: Factory
) -> None:
    place = make.toilet(lon=104.066, lat=30.572)
    browser, page = signed_in("coordinator"), f"/facilities/{place}/edit"
    html = browser.get(page).get_data(as_text=True)
    known = re.search(r'name="far_known" value="([^"]+)"', html)[1]  # type: ignore[index]
    edited = TYPED | CHENGDU | {"far_known": known}
    assert browser.send(page, edited).status_code == 303
    assert browser.send(page, edited | {"lat": "30.61"}).status_code == 422
    assert verbs(app, place) == ["edit", "add"]


@pytest.mark.parametrize(
    ("lon", "is_far"), [(104.6276, False), (105.336, True)], ids=["inside", "next county"]
)
def test_borders_know_what_lies_where(app: Flask, lon: float, is_far: bool) -> None:
    with app.app_context():
        stray = Borders().find_stray(YANJIANG, Point(lon, 30.12))
        assert (stray is not None) is is_far
        assert Borders().find_stray("999999", Point(lon, 30.12)) is None


def test_near_a_border_a_persons_own_choice_wins(app: Flask) -> None:
    """The first place in 安岳县 eastward along a parallel is within the outlines' own error."""
    with app.app_context():
        borders = Borders()
        strays = [borders.find_stray(YANJIANG, Point(104.6 + n / 1000, 30.1)) for n in range(700)]
        first = next(stray for stray in strays if stray is not None)
        assert 2000 < first.metres < 2200
