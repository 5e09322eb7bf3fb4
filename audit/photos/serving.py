"""Pictures as HTTP answers. The room that holds the picture decides first who may see it."""

import logging
from typing import BinaryIO

from flask import Response, request

from audit.core.errors import NotAllowed, NotFound

from .actions import photo_storage
from .models import Photo
from .rules import Kind, Size, derivative_key

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

    Raises `NotAllowed` when another site's page asks, `NotFound` when the file is missing.
    """
    _only_for_our_pages()
    try:
        with photo_storage().open(derivative_key(photo.shown, size)) as file:
            answer = Response(file.read(), mimetype="image/jpeg")
    except FileNotFoundError as error:
        log.error("photo %s has no derivative of %s px", photo.id, size.value)
        raise NotFound from error
    _finish(answer, f"inline; filename={photo.id}-{size.value}.jpg")
    answer.headers["Cache-Control"] = f"private, max-age={AN_HOUR}"
    answer.set_etag(f"{photo.shown}-{size.value}")
    answer.make_conditional(request)
    return answer


def original_answer(photo: Photo, original: BinaryIO) -> Response:
    """What `open_original` gave, as a file to save: a browser never shows it as a page."""
    with original:
        _only_for_our_pages()
        answer = Response(original.read(), mimetype=f"image/{photo.kind}")
    _finish(answer, f"attachment; filename={photo.id}.{ENDINGS[Kind(photo.kind)]}")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _only_for_our_pages() -> None:
    if request.headers.get("Sec-Fetch-Site", "") not in OURS:
        raise NotAllowed


def _finish(answer: Response, disposition: str) -> None:
    answer.headers.update(HEADERS)
    answer.headers["Content-Disposition"] = disposition
