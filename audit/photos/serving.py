"""Pictures as HTTP answers. The room that holds the picture decides first who may see it."""

import logging

from flask import Response, request

from audit.core.db import db
from audit.core.errors import NotAllowed, NotFound

from .actions import photo_storage
from .models import Photo
from .rules import Kind, Size, derivative_key, original_key

log = logging.getLogger(__name__)

OURS = ("same-origin", "none", "")  # "": a browser from before 2020, which does not say
AN_HOUR = 3600
ENDINGS = {Kind.JPEG: "jpg", Kind.PNG: "png", Kind.WEBP: "webp"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def photo_answer(photo: Photo, size: Size) -> Response:
    """A derivative. Browsers keep it an hour at most, so that a withdrawn right, or a
    cover, takes effect.

    Raises `NotAllowed` when another site's page asks, `NotFound` when the file is missing,
    `StorageAway`.
    """
    _only_for_our_pages()
    name, shown = f"{photo.id}-{size.value}.jpg", photo.shown
    answer = Response(mimetype="image/jpeg")
    answer.set_etag(f"{shown}-{size.value}")
    answer.headers["Cache-Control"] = f"private, max-age={AN_HOUR}"
    if not request.if_none_match.contains_weak(f"{shown}-{size.value}"):
        answer.set_data(_content(derivative_key(shown, size)))
    _finish(answer, f"inline; filename={name}")
    answer.make_conditional(request)
    return answer


def original_answer(photo: Photo) -> Response:
    """What `release_original` has journaled, as a file to save: a browser never shows it as a
    page. Raises as `photo_answer` does."""
    _only_for_our_pages()
    name = f"{photo.id}.{ENDINGS[Kind(photo.kind)]}"
    answer = Response(mimetype=f"image/{photo.kind}")
    answer.set_data(_content(original_key(photo.sha256)))
    _finish(answer, f"attachment; filename={name}")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _content(key: str) -> bytes:
    """The whole file. Ends what the request has read so far: a bucket may take seconds, and a
    reader that long in the database would make every writer wait."""
    db.session.rollback()
    try:
        with photo_storage().open(key) as file:
            return file.read()
    except FileNotFoundError as error:
        log.error("a picture has no file %s", key)
        raise NotFound from error


def _only_for_our_pages() -> None:
    if request.headers.get("Sec-Fetch-Site", "") not in OURS:
        raise NotAllowed


def _finish(answer: Response, disposition: str) -> None:
    answer.headers.update(HEADERS)
    answer.headers["Content-Disposition"] = disposition
