"""Pictures from a device, each by its SHA-256 and in pieces."""

import re
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import NotFound
from audit.facilities.queries import get_facility
from audit.inspections.forms import uuid_or_none
from audit.photos.actions import keep_photo, receive_photo
from audit.photos.forms import told_capture
from audit.photos.queries import own_photos
from audit.photos.uploads import DIGEST, Upload, WrongOffset, sent_photo_id
from audit.web.access import current_actor, needs

from .reading import Unreadable, check_sender, read_json

bp = Blueprint("sync_photos", __name__, url_prefix="/capture/photos")
LENGTH = re.compile(r"\d{1,10}", re.ASCII)


@bp.get("/<string(length=64):digest>")
@needs(May.INSPECT, May.RECHECK)
def state(digest: str) -> ResponseReturnValue:
    """Whether it is here, and if not, from which byte on it is wanted."""
    actor = current_actor()
    if not DIGEST.fullmatch(digest):
        raise NotFound
    photo_id = sent_photo_id(actor, digest)
    if own_photos([photo_id], actor):
        return _told("here", 0)
    return _told("wanted", Upload(actor, digest).offset)


@bp.patch("/<string(length=64):digest>")
@needs(May.INSPECT, May.RECHECK)
def append(digest: str) -> ResponseReturnValue:
    """One piece, from `Upload-Offset` on, of `Upload-Length` bytes. With the last one the picture
    is kept: bytes on disk, then its row, then this answer."""
    actor = current_actor()
    if not DIGEST.fullmatch(digest):
        raise NotFound
    photo_id = sent_photo_id(actor, digest)
    if own_photos([photo_id], actor):
        return _told("here", 0)
    offset, size, upload = _number("Upload-Offset"), _number("Upload-Length"), Upload(actor, digest)
    check_sender(actor)
    told, district = _about(actor)
    try:
        here = upload.append(offset, request.get_data(), size)
    except WrongOffset as wrong:
        return _told("wanted", upload.offset), wrong.status, dict(wrong.headers)
    if here < size:
        return _told("wanted", here)
    _keep(photo_id, upload, actor, told, district)
    return _told("here", 0), 201


def _keep(
    photo_id: UUID, upload: Upload, actor: Actor, told: dict[str, str], district: str
) -> None:
    received = receive_photo(upload.whole(), actor)
    with transaction():
        keep_photo(photo_id, received, actor, told=told_capture(told), district=district)
    upload.drop()


def _about(actor: Actor) -> tuple[dict[str, str], str]:
    """What the device says of time and place, which stand in no address and so in no log; and the
    district of the facility, which must be one of the person's."""
    try:
        told = read_json(request.headers.get("Photo-About", "").encode("latin-1"))
    except UnicodeEncodeError as error:
        raise Unreadable from error
    plain = {name: str(value) for name, value in told.items() if value is not None}
    facility = uuid_or_none(plain.get("facility", ""))
    if facility is None:
        raise NotFound
    place = get_facility(facility, actor)
    if not any(actor.may(what, place.district_code) for what in (May.INSPECT, May.RECHECK)):
        raise NotFound
    return plain, place.district_code


def _number(name: str) -> int:
    text = request.headers.get(name, "")
    if not LENGTH.fullmatch(text):
        raise Unreadable
    return int(text)


def _told(what: str, offset: int) -> Response:
    answer = jsonify({"state": what, "offset": offset})
    answer.headers["Upload-Offset"] = str(offset)
    return answer
