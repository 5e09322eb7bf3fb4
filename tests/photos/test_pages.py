"""Who sees a picture at its address, and how an original is asked for."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from audit.checklists.loader import get_checklist
from audit.checklists.rules import Answer
from audit.core.actors import SYSTEM
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.inspections.actions import Filing, file_inspection
from audit.journal.queries import entries_about
from audit.photos.actions import destroy_original, keep_photo, receive_photo
from audit.photos.queries import get_photo
from tests.careful import CarefulClient
from tests.factories import Factory

from .pictures import YANJIANG, exif, jpeg

SignIn = Callable[..., CarefulClient]
DATA = jpeg(exif=exif(gps=YANJIANG))


@pytest.fixture
def photo_id(app: Flask, make: Factory) -> UUID:
    """A picture of a narrow stall, filed in 雁江区."""
    place, inspector, name = make.toilet(), make.actor("supervisor"), new_id()
    with app.app_context():
        received = receive_photo(DATA, inspector)
        with transaction():
            keep_photo(name, received, inspector, district="512002")
            filing = Filing(
                id=new_id(),
                facility=db.session.get_one(Facility, place),
                checklist=get_checklist("public-toilet"),
                answers={"wc-stall-width": Answer.of(1400)},
                started_at=now(),
                photos={"wc-stall-width": (name,)},
            )
            file_inspection(filing, inspector)
    return name


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_who_may_see_the_visit_sees_its_picture(
    signed_in: SignIn, photo_id: UUID, size: str
) -> None:
    answer = signed_in("coordinator").get(f"/photos/{photo_id}/{size}.jpg")
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("path", ["small.jpg", "original"])
def test_who_may_not_see_the_visit_is_told_nothing_of_its_picture(
    signed_in: SignIn, photo_id: UUID, path: str
) -> None:
    stranger = signed_in("coordinator", district="512021")
    assert stranger.get(f"/photos/{photo_id}/{path}").status_code == 404
    assert stranger.get(f"/photos/{new_id()}/{path}").status_code == 404


def test_nobody_sees_a_picture_without_signing_in(client: CarefulClient, photo_id: UUID) -> None:
    for path in ("small.jpg", "large.jpg", "original"):
        assert client.get(f"/photos/{photo_id}/{path}").status_code == 303


@pytest.mark.parametrize(
    "name", ["huge.jpg", "640.jpg", "small.png", "../small.jpg", "small.jpg/x"]
)
def test_an_address_that_names_no_size_is_not_found(
    signed_in: SignIn, photo_id: UUID, name: str
) -> None:
    assert signed_in("coordinator").get(f"/photos/{photo_id}/{name}").status_code == 404


def test_an_original_is_handed_out_for_a_reason_and_only_then(
    app: Flask, signed_in: SignIn, photo_id: UUID
) -> None:
    browser, where = signed_in("coordinator"), f"/photos/{photo_id}/original"
    page = browser.get(where).get_data(as_text=True)
    assert "打开照片原件" in page
    refused = browser.send(where, {"reason": " "})
    assert refused.status_code == 422
    assert "请写明理由" in refused.get_data(as_text=True)
    with app.app_context():
        assert [entry.verb for entry in entries_about("photo", photo_id)] == ["keep"]
    given = browser.send(where, {"reason": "核对拍摄位置"})
    assert given.data == DATA
    assert given.headers["Content-Disposition"].startswith("attachment")
    with app.app_context():
        newest = entries_about("photo", photo_id)[0]
        assert (newest.verb, newest.why) == ("open_original", "核对拍摄位置")


@pytest.mark.parametrize("role", ["supervisor", "department", "planner", "administrator"])
def test_most_roles_may_not_open_an_original(signed_in: SignIn, photo_id: UUID, role: str) -> None:
    assert signed_in(role).get(f"/photos/{photo_id}/original").status_code == 403


def test_a_destroyed_original_is_said_to_be_gone(
    app: Flask, signed_in: SignIn, photo_id: UUID
) -> None:
    with app.app_context(), transaction():
        destroy_original(get_photo(photo_id), SYSTEM, "保存期满")
    page = signed_in("coordinator").get(f"/photos/{photo_id}/original").get_data(as_text=True)
    assert "原件已销毁" in page
    assert 'name="reason"' not in page
