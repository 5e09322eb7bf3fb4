"""Pictures from before and after side by side, and two of them large on a page of their own."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.findings import actions
from audit.findings.models import Finding, FindingEvent
from audit.findings.rules import Verb
from audit.photos.queries import get_photo
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory
from tests.inspections.conftest import Visitor, picture, visitor

SignIn = Callable[..., CarefulClient]
Come = Callable[..., Visitor]
__all__ = ["visitor"]
STALLS = {"wc-provision": ["male_stall", "female_stall"]}
STALL, WIDE = "wc-stall-width", "1500"


@pytest.fixture
def owner(make: Factory) -> UUID:
    return make.organisation()


@pytest.fixture
def number(app: Flask, make: Factory, visitor: Come, owner: UUID) -> str:
    """Found with a picture, said to be fixed with one, re-checked with one."""
    place = make.toilet(built_on=date(2023, 5, 1))
    visitor().file(place, {**STALLS, STALL: "1400", f"photos.{STALL}": [picture(1)]})
    office, department = make.actor("coordinator"), make.actor("department")
    fixer = make.actor("organisation", organisation=owner)
    photo = make.photo(fixer, 2)
    with app.app_context():
        found = str(db.session.scalars(db.select(Finding.number)).one())
        for step in (
            lambda one: actions.act(one, Verb.CONFIRM, office),
            lambda one: actions.dispatch(one, department, owner),
            lambda one: actions.report_fixed(one, fixer, "已拓宽", [photo]),
        ):
            with transaction():
                step(make.finding_named(found))
    answer = visitor().recheck(found, {STALL: WIDE, f"photos.{STALL}": [picture(3)]})
    assert answer.status_code == 303
    return found


@pytest.fixture
def pictures(app: Flask, number: str) -> dict[Verb, UUID]:
    with app.app_context():
        events = db.session.scalars(db.select(FindingEvent)).all()
        return {one.verb: link.photo_id for one in events for link in one.photos}


def read(browser: CarefulClient, where: str) -> str:
    answer = browser.get(where)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def names(html: str) -> list[str]:
    return re.findall(r'<img[^>]*photo__image[^>]* alt="(整改[^"]*)"', html)


def test_each_picture_says_of_which_side_and_step_it_is(
    signed_in: SignIn, number: str, pictures: dict[Verb, UUID]
) -> None:
    html = read(signed_in("coordinator"), f"/findings/{number}")
    assert names(html) == [
        "整改前，发现了问题：照片 1",
        "整改后，复查合格，已销号：照片 1",
        "整改后，报告已经改好：照片 2",
    ]
    for role in ("检查人：", "整改单位：", "复查人："):
        assert role in html
    assert f"/findings/{number}/compare" in html


def test_the_page_shows_the_first_and_the_latest_and_others_when_asked(
    signed_in: SignIn, number: str, pictures: dict[Verb, UUID]
) -> None:
    browser, where = signed_in("coordinator"), f"/findings/{number}/compare"
    html = read(browser, where)
    assert names(html) == ["整改前，发现了问题：照片 1", "整改后，复查合格，已销号：照片 1"]
    assert html.index('id="before-heading"') < html.index('id="after-heading"')
    reported = pictures[Verb.REPORT_FIXED]
    html = read(browser, f"{where}?after={reported}&zoom=2")
    assert names(html)[1] == "整改后，报告已经改好：照片 2"
    assert html.count('tabindex="0" role="region"') == 2
    assert f'value="{reported}" selected' in html


def test_a_picture_of_the_other_side_or_of_nothing_is_not_found(
    signed_in: SignIn, number: str, pictures: dict[Verb, UUID]
) -> None:
    browser, where = signed_in("coordinator"), f"/findings/{number}/compare"
    for wrong in (pictures[Verb.OPEN], uuid4(), "../x", "1"):
        assert browser.get(f"{where}?after={wrong}").status_code == 404


def test_how_far_away_is_for_those_who_may_open_originals(
    app: Flask, signed_in: SignIn, number: str, pictures: dict[Verb, UUID], owner: UUID
) -> None:
    with app.app_context(), transaction():
        place = db.session.scalars(db.select(Finding)).one().facility
        photo = get_photo(pictures[Verb.PASS_RECHECK])
        photo.lon, photo.lat, photo.place_source = place.lon, place.lat + 0.001, "phone"
    for where in (f"/findings/{number}", f"/findings/{number}/compare"):
        assert "约 111 米" in read(signed_in("coordinator"), where)
        for other in (signed_in("organisation", organisation=owner), signed_in("supervisor")):
            assert "约 111 米" not in read(other, where)


def test_who_may_not_see_the_finding_sees_no_comparison(
    make: Factory, signed_in: SignIn, number: str
) -> None:
    where = f"/findings/{number}/compare"
    assert signed_in("coordinator", district=ANYUE).get(where).status_code == 404
    stranger = signed_in("organisation", organisation=make.organisation(name="别的单位"))
    assert stranger.get(where).status_code == 404
    assert signed_in("security").get(where).status_code == 403


def test_without_pictures_there_is_nothing_to_compare_and_with_one_side_it_says_so(
    make: Factory, signed_in: SignIn, owner: UUID
) -> None:
    bare = make.finding()
    browser = signed_in("coordinator")
    assert browser.get(f"/findings/{bare}/compare").status_code == 404
    fixed = make.fixed(owner)
    assert "并排放大对比" not in read(browser, f"/findings/{fixed}")
    assert "还没有整改前的照片" in read(browser, f"/findings/{fixed}/compare")
