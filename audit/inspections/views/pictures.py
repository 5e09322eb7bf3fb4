"""The pictures of one request: named, taken in, and tied to their items."""

from dataclasses import dataclass, field
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from audit.core.actors import Actor
from audit.core.db import transaction
from audit.core.errors import AuditError
from audit.core.settings import settings
from audit.photos.actions import ReceivedPhoto, keep_photo, receive_photo
from audit.photos.forms import picture_id, told_capture
from audit.photos.queries import photos_by_ids

from ..forms import InspectionForm, sent_photos
from .visit import Visit


@dataclass(frozen=True)
class SentPicture:
    item_id: str
    photo_id: UUID
    file: FileStorage


@dataclass
class Pictures:
    """What was sent, and by control name what to say of what was not taken in."""

    sent: list[SentPicture] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def keep_own(form: InspectionForm, actor: Actor) -> None:
    """Only photos that this person sent may be named as kept before, each for one item.

    Of each item one more is looked up than it may keep: enough to say that there are too many,
    and never so many names that the database refuses the question.
    """
    most = settings().photos_per_item
    named = {item_id: tuple(dict.fromkeys(ids))[: most + 1] for item_id, ids in form.kept.items()}
    known = photos_by_ids([photo for ids in named.values() for photo in ids])
    left = {row.id for row in known if row.uploaded_by_id == actor.id}
    for item_id, ids in named.items():
        form.kept[item_id] = tuple(one for one in ids if one in left)
        left -= set(ids)


def name_pictures(visit: Visit, form: InspectionForm, inspection_id: UUID) -> Pictures:
    """Give each picture its id, before anything is stored, and add it to what the form keeps."""
    pictures, most = Pictures(), settings().photos_per_item
    sent = sent_photos(request.files, visit.items)
    for item_id in {**form.kept, **sent}:
        kept = list(form.kept.get(item_id, ()))
        for file in sent.get(item_id, []):
            if len(kept) > most:
                break
            photo_id = picture_id(inspection_id, item_id, file)
            if photo_id not in kept:
                kept.append(photo_id)
                pictures.sent.append(SentPicture(item_id, photo_id, file))
        form.kept[item_id] = tuple(kept[:most])
        if len(kept) > most:
            pictures.refused[f"photos.{item_id}"] = _(
                "每项最多 %(most)s 张照片，多出的没有收下。", most=most
            )
    pictures.sent = [one for one in pictures.sent if one.photo_id in form.kept[one.item_id]]
    return pictures


def take_in(pictures: Pictures, form: InspectionForm, visit: Visit, actor: Actor) -> None:
    """Bytes first: every picture is decoded and on disk before any row speaks of it.

    What is refused is taken from the form again; what is kept is kept whatever else is wrong.
    """
    received: list[tuple[SentPicture, ReceivedPhoto]] = []
    for one in pictures.sent:
        try:
            received.append((one, receive_photo(one.file.read(), actor)))
        except AuditError as error:
            pictures.refused[f"photos.{one.item_id}"] = str(error.message)
            left = form.kept[one.item_id]
            form.kept[one.item_id] = tuple(photo for photo in left if photo != one.photo_id)
    if received:
        told, district = told_capture(request.form), visit.facility.district_code
        with transaction():
            for one, picture in received:
                keep_photo(one.photo_id, picture, actor, told=told, district=district)
    for item_id, ids in form.kept.items():
        form.typed[f"kept.{item_id}"] = [str(one) for one in ids]
