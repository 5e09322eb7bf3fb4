"""A picture as an answer: one type, no page, for our own pages only."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from audit.core.actors import Actor
from audit.core.db import transaction
from audit.core.ids import new_id
from audit.photos.actions import keep_photo, photo_storage, receive_photo, release_original
from audit.photos.queries import get_photo
from audit.photos.rules import Size, derivative_key
from audit.photos.serving import original_answer, photo_answer
from audit.web.access import public

from .pictures import jpeg

pytestmark = pytest.mark.own_app


@pytest.fixture
def site(app: Flask, supervisor: Actor, coordinator: Actor) -> Flask:
    """A room above this one, with one picture and an address for each way to see it."""
    data, name = jpeg(comment=b"<script>alert(1)</script>"), new_id()
    with app.app_context():
        received = receive_photo(data, supervisor)
        with transaction():
            keep_photo(name, received, supervisor, district="512002")
    app.config.update(PHOTO=name, DATA=data)

    @app.get("/photo/<int:size>")
    @public
    def show(size: int):
        return photo_answer(get_photo(name), Size(size))

    @app.get("/original")
    @public
    def original():
        photo = get_photo(name)
        with transaction():
            release_original(photo, coordinator, "核对位置")
        return original_answer(photo)

    return app


def get(site: Flask, path: str, **headers: str) -> TestResponse:
    return site.test_client().get(path, headers=headers)


@pytest.mark.parametrize("size", list(Size))
def test_a_derivative_is_answered_as_a_jpeg_and_nothing_else(site: Flask, size: Size) -> None:
    answer = get(site, f"/photo/{size.value}", Accept="text/html")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xff\xd8\xff")
    assert b"script" not in answer.data
    headers = answer.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, max-age=3600"
    name = f"{site.config['PHOTO']}-{size.value}.jpg"
    assert headers["Content-Disposition"] == f"inline; filename={name}"


def test_an_original_is_answered_whole_as_a_file_and_never_stored(site: Flask) -> None:
    answer = get(site, "/original")
    assert answer.data == site.config["DATA"]
    headers = answer.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Content-Disposition"] == f"attachment; filename={site.config['PHOTO']}.jpg"
    assert int(headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("path", ["/photo/640", "/original"])
@pytest.mark.parametrize("origin", ["cross-site", "same-site", "anything"])
def test_a_page_of_another_site_gets_no_picture(site: Flask, path: str, origin: str) -> None:
    assert get(site, path, **{"Sec-Fetch-Site": origin}).status_code == 403


@pytest.mark.parametrize("origin", ["same-origin", "none"])
def test_our_own_pages_get_it(site: Flask, origin: str) -> None:
    assert get(site, "/photo/640", **{"Sec-Fetch-Site": origin}).status_code == 200


def test_a_browser_that_has_it_is_not_sent_it_again(site: Flask) -> None:
    tag = get(site, "/photo/640").headers["ETag"]
    again = get(site, "/photo/640", **{"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert get(site, "/photo/240", **{"If-None-Match": tag}).status_code == 200


def test_a_part_of_a_picture_is_not_served(site: Flask) -> None:
    assert get(site, "/photo/640", Range="bytes=0-10").status_code == 200


def test_a_missing_file_is_not_found_rather_than_an_error(site: Flask) -> None:
    with site.app_context():
        sha256 = get_photo(site.config["PHOTO"]).sha256
        photo_storage().delete(derivative_key(sha256, Size.MEDIUM))
    assert get(site, "/photo/640").status_code == 404
