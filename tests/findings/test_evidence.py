"""Pictures as evidence: new ones, kept whatever else is wrong, told where they are used twice."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from audit.core.db import db, transaction
from audit.findings import actions
from audit.findings.models import FindingPhoto
from audit.findings.rules import Verb
from audit.photos.models import Photo
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory
from tests.inspections.conftest import picture

SignIn = Callable[..., CarefulClient]
USED = "这张照片在这个问题里已经用过"
SAME = "有照片与另一个问题的照片是同一张"
DOUBTS = "佐证待核对"


@pytest.fixture
def owner(make: Factory) -> UUID:
    return make.organisation()


@pytest.fixture
def fixer(signed_in: SignIn, owner: UUID) -> CarefulClient:
    return signed_in("organisation", organisation=owner)


def read(browser: CarefulClient, where: str) -> str:
    return browser.get(where).get_data(as_text=True)


def report(browser: CarefulClient, number: str, **sent: Any) -> TestResponse:
    page = f"/findings/{number}"
    return browser.send(f"{page}/report_fixed", {"why": "改好了", **sent}, page)


def kept_in(html: str) -> list[str]:
    return re.findall(r'name="kept" value="([^"]+)" checked', html)


def photos_of(app: Flask, make: Factory, number: str) -> int:
    with app.app_context():
        return len(make.finding_named(number).events[-1].photos)


def test_pictures_chosen_before_something_was_missing_are_still_there(
    app: Flask, make: Factory, owner: UUID, fixer: CarefulClient
) -> None:
    number = make.dispatched(owner)
    html = report(fixer, number, why="", photos=[picture(1), picture(2)]).get_data(as_text=True)
    kept = kept_in(html)
    assert len(kept) == 2 and "请写明情况或理由" in html
    again = report(fixer, number, why=" ", kept=kept, photos=picture(2)).get_data(as_text=True)
    assert kept_in(again) == kept, "the same one twice is one"
    assert report(fixer, number, kept=kept[:1], photos=picture(3)).status_code == 303
    assert photos_of(app, make, number) == 2, "one was taken out, one came"


def test_kept_pictures_and_new_ones_are_no_more_than_six(
    app: Flask, make: Factory, owner: UUID, fixer: CarefulClient
) -> None:
    number = make.dispatched(owner)
    five = [picture(seed) for seed in range(5)]
    kept = kept_in(report(fixer, number, why="", photos=five).get_data(as_text=True))
    more = [picture(5), picture(6)]
    html = report(fixer, number, kept=kept, photos=more).get_data(as_text=True)
    assert "最多 6 张照片，多出的没有收下" in html and len(kept_in(html)) == 6
    assert report(fixer, number, kept=kept_in(html)).status_code == 303
    assert photos_of(app, make, number) == 6


def test_nobody_shows_a_picture_that_another_person_sent(
    make: Factory, owner: UUID, fixer: CarefulClient
) -> None:
    number, theirs = make.dispatched(owner), make.photo(make.actor("supervisor"))
    html = report(fixer, number, kept=[str(theirs), "x", "'--"]).get_data(as_text=True)
    assert "请至少附一张照片" in html and kept_in(html) == []


def test_a_picture_of_this_finding_shows_nothing_new(
    app: Flask, make: Factory, owner: UUID, fixer: CarefulClient
) -> None:
    """After a failed re-check the picture of the first fix is no picture of the second."""
    number = make.dispatched(owner)
    assert report(fixer, number, photos=picture(4)).status_code == 303
    supervisor = make.actor("supervisor")
    with app.app_context(), transaction():
        seen = actions.Recheck(UUID(int=7), Verb.FAIL_RECHECK)
        actions.recheck(make.finding_named(number), supervisor, seen)
    answer = report(fixer, number, photos=[picture(4), picture(5)])
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and USED in html and "改好了" in html
    with app.app_context():
        used = set(db.session.scalars(db.select(FindingPhoto.photo_id)))
        fresh = [one for one in kept_in(html) if UUID(one) not in used]
    assert len(kept_in(html)) == 2
    assert report(fixer, number, kept=fresh).status_code == 303


def test_the_same_picture_for_two_findings_is_told_to_the_coordinator_alone(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID, fixer: CarefulClient
) -> None:
    first, second = make.dispatched(owner), make.dispatched(owner)
    for number in (first, second):
        assert report(fixer, number, photos=picture(4)).status_code == 303
    coordinator, page = signed_in("coordinator"), f"/findings/{second}"
    assert SAME in read(coordinator, page) and f'href="/findings/{first}"' in read(
        coordinator, page
    )
    assert SAME not in read(coordinator, f"/findings/{first}"), "it was the first use"
    assert f"{DOUBTS}（1）" in read(coordinator, "/")
    doubtful = read(coordinator, "/findings/?doubtful=1")
    assert second in doubtful and first not in doubtful
    for role, facts in (
        ("supervisor", {}), ("department", {}), ("organisation", {"organisation": owner}),
    ):  # fmt: skip
        other = signed_in(role, **facts)
        assert SAME not in read(other, page) and DOUBTS not in read(other, "/")
        assert second not in read(other, "/findings/?doubtful=1")
    assert DOUBTS not in read(signed_in("coordinator", district=ANYUE), "/")
    sent = {"why": "同一面墙上的两处，一张拍全了"}
    assert coordinator.send(f"{page}/trust", sent, page).status_code == 303
    assert SAME not in read(coordinator, page) and DOUBTS not in read(coordinator, "/")
    assert "核对了佐证，没有问题" in read(coordinator, page)


def test_a_doubt_ends_where_the_fix_is_refused(
    app: Flask, make: Factory, signed_in: SignIn, owner: UUID, fixer: CarefulClient
) -> None:
    first, second = make.dispatched(owner), make.dispatched(owner)
    for number in (first, second):
        report(fixer, number, photos=picture(4))
    supervisor = make.actor("supervisor")
    with app.app_context(), transaction():
        seen = actions.Recheck(UUID(int=7), Verb.FAIL_RECHECK)
        actions.recheck(make.finding_named(second), supervisor, seen)
    assert SAME not in read(signed_in("coordinator"), f"/findings/{second}")


def test_the_same_form_sent_twice_keeps_one_picture(
    app: Flask, make: Factory, owner: UUID, fixer: CarefulClient
) -> None:
    number = make.dispatched(owner)
    for _ in range(2):
        report(fixer, number, why="", photos=picture(1))
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Photo)) == 1
