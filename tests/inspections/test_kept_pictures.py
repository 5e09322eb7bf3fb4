"""Pictures that a form names as sent before: how many of them, and whose."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask import Flask

from audit.core.db import db
from audit.core.ids import new_id
from audit.inspections.models import InspectionPhoto
from audit.photos.models import Photo
from tests.factories import Factory
from tests.inspections.conftest import Visitor, picture

Come = Callable[..., Visitor]
DOOR, TOO_MANY = {"wc-door-width": "900"}, "每项最多 6 张照片，多出的没有收下"


def sent_before(app: Flask, someone: Visitor, place: UUID, count: int) -> list[str]:
    """So many pictures of earlier visits by the same person."""
    for start in range(0, count, 6):
        photos = [picture(seed) for seed in range(start, min(start + 6, count))]
        someone.file(place, {**DOOR, "photos.wc-door-width": photos}, action="draft")
    with app.app_context():
        return [str(one) for one in db.session.scalars(db.select(Photo.id).order_by(Photo.id))]


@pytest.mark.parametrize("fresh", [0, 1])
def test_naming_kept_pictures_is_no_way_around_the_most(
    app: Flask, make: Factory, visitor: Come, fresh: int
) -> None:
    place, someone, inspection = make.toilet(), visitor(), new_id()
    kept = sent_before(app, someone, place, 8)

    def sent() -> dict[str, object]:
        photos = [picture(100 + seed) for seed in range(fresh)]
        return {**DOOR, "kept.wc-door-width": kept, "photos.wc-door-width": photos}

    answer = someone.file(place, sent(), inspection)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert TOO_MANY in html and html.count('name="kept.wc-door-width"') == 6
    saved = someone.file(place, sent(), inspection, action="draft")
    assert TOO_MANY in someone.browser.get(saved.headers["Location"]).get_data(as_text=True)
    with app.app_context():
        links = db.session.scalars(
            db.select(InspectionPhoto).where(InspectionPhoto.inspection_id == inspection)
        ).all()
        assert len(links) == 6
        assert db.session.scalar(db.select(db.func.count()).select_from(Photo)) == 8


def test_six_kept_pictures_named_twice_are_six(app: Flask, make: Factory, visitor: Come) -> None:
    place, someone, inspection = make.toilet(), visitor(), new_id()
    kept = sent_before(app, someone, place, 6)
    sent = {**DOOR, "kept.wc-door-width": kept * 2}
    assert someone.file(place, sent, inspection).status_code == 303
    with app.app_context():
        links = db.session.scalars(
            db.select(InspectionPhoto.photo_id)
            .where(InspectionPhoto.inspection_id == inspection)
            .order_by(InspectionPhoto.position)
        ).all()
        assert [str(one) for one in links] == kept


def test_a_form_that_names_seventy_thousand_pictures_is_answered(
    make: Factory, visitor: Come
) -> None:
    """PostgreSQL takes no more than 65,535 values in one question."""
    place, someone = make.toilet(), visitor()
    pairs = [
        ("csrf_token", someone.token), ("facility", str(place)), ("checklist", "public-toilet"),
        ("action", "file"), ("wc-door-width", "900"), ("no_photo_reason", "看不见"),
    ]  # fmt: skip
    pairs += [("kept.wc-door-width", UUID(int=number).hex) for number in range(70_000)]
    answer = someone.browser.post(
        f"/inspections/{new_id()}", data=urlencode(pairs),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert answer.status_code == 303
