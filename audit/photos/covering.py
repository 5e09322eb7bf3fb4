"""Parts of a picture that show who is in it, or a number plate, are covered in all that is shown.

The sealed original stays as it is, behind its own door.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import after_commit, db
from audit.core.errors import NotAllowed, NotFound
from audit.core.ids import new_id
from audit.journal.actions import record

from .actions import discard, note_hashes, photo_limits, photo_storage, reason_of
from .faces import may_suggest_faces
from .gate import gate
from .models import Photo, PhotoCover
from .queries import is_shown
from .rules import Box, Size, derivative_key, original_key, shown_name


@dataclass(frozen=True)
class Covered:
    """Derivatives that are on disk, but which no row names yet."""

    boxes: tuple[Box, ...]
    name: str
    derivatives: Mapping[Size, bytes]


def suggest_faces(photo: Photo, actor: Actor) -> tuple[Box, ...]:
    """Where faces may still be seen in what is shown; nothing is covered by it.

    Raises `NotAllowed`, `NotFound` where the library is not installed, and as `prepare_cover`.
    """
    _check(photo, actor)
    if not may_suggest_faces():
        raise NotFound
    key = derivative_key(photo.shown, Size.LARGE)
    db.session.rollback()
    with photo_storage().open(key) as file:
        content = file.read()
    return gate(photo_limits()).decode(content, replace(photo_limits(), find_faces=True)).faces


def prepare_cover(photo: Photo, boxes: Sequence[Box], actor: Actor, reason: str) -> Covered:
    """Make the derivatives anew, before `transaction()`: it takes a fifth of a second.

    Who may not, or gives no reason, is refused before a file is written.

    Where the original is gone after retention, from the largest derivative; what was covered in
    it then stays covered. Raises what `receive_photo` raises.
    """
    _check(photo, actor)
    reason_of(reason)
    storage, chosen = photo_storage(), tuple(boxes)
    gone = photo.original_gone_at is not None
    source = derivative_key(photo.shown, Size.LARGE) if gone else original_key(photo.sha256)
    name = shown_name(f"{photo.shown} again" if gone else photo.sha256, chosen)
    db.session.rollback()  # no lock is held while a bucket answers and the child works
    with storage.open(source) as file:
        content = file.read()
    limits = replace(photo_limits(), covered=chosen)
    picture = gate(photo_limits()).decode(content, limits)
    for size, derivative in picture.derivatives.items():
        storage.put(derivative_key(name, size), derivative)
    return Covered(chosen, name, picture.derivatives)


def cover_photo(photo: Photo, made: Covered, actor: Actor, reason: str) -> None:
    """From now on this is what people see; what they saw before is deleted after the commit.

    Raises `NotAllowed`, `Invalid` without a reason.
    """
    _check(photo, actor)
    why = reason_of(reason)
    before = photo.shown
    photo.shown_sha256 = None if made.name == photo.sha256 else made.name
    db.session.add(
        PhotoCover(
            id=new_id(),
            photo_id=photo.id,
            boxes=[list(box) for box in made.boxes],
            why=why,
            covered_at=now(),
            covered_by_id=actor.id,
            covered_by_name=actor.name,
        )
    )
    db.session.flush()
    note_hashes(made.name, made.derivatives)
    detail = {"boxes": len(made.boxes)}
    record(actor, "cover", "photo", photo.id, district=photo.district_code, why=why, detail=detail)
    if before != photo.shown and not is_shown(before):
        keys = [derivative_key(before, size) for size in Size]
        after_commit(lambda: discard(keys))


def _check(photo: Photo, actor: Actor) -> None:
    if not actor.may(May.COVER_PHOTOS, photo.district_code):
        raise NotAllowed
