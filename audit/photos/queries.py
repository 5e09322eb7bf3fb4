from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from audit.core.actors import Actor
from audit.core.db import db
from audit.core.errors import NotFound

from .models import Photo, PhotoCover
from .rules import is_original


def get_photo(photo_id: UUID) -> Photo:
    """Raises `NotFound`. Who may see it is for the inspection or finding that holds it to say."""
    photo = db.session.get(Photo, photo_id)
    if photo is None:
        raise NotFound
    return photo


def photos_by_ids(photo_ids: Collection[UUID]) -> Sequence[Photo]:
    """Those of them that exist, oldest upload first."""
    if not photo_ids:
        return []
    return db.session.scalars(
        select(Photo).where(Photo.id.in_(photo_ids)).order_by(Photo.uploaded_at, Photo.id)
    ).all()


def own_photos(photo_ids: Sequence[UUID], actor: Actor) -> list[UUID]:
    """Those of them that this person has sent, in their order."""
    own = {row.id for row in photos_by_ids(photo_ids) if row.uploaded_by_id == actor.id}
    return [one for one in photo_ids if one in own]


def uploads_since(actor_id: UUID, moment: datetime) -> int:
    """How many pictures this person has sent since then."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Photo)
            .where(Photo.uploaded_by_id == actor_id, Photo.uploaded_at >= moment)
        )
        or 0
    )


def covers_of(photo_id: UUID) -> Sequence[PhotoCover]:
    """The latest first."""
    query = select(PhotoCover).where(PhotoCover.photo_id == photo_id)
    return db.session.scalars(
        query.order_by(PhotoCover.covered_at.desc(), PhotoCover.id.desc())
    ).all()


def is_shown(name: str) -> bool:
    """Whether any picture still shows the derivatives of this name."""
    plain = select(Photo.id).where(Photo.sha256 == name, Photo.shown_sha256.is_(None))
    covered = select(Photo.id).where(Photo.shown_sha256 == name)
    return db.session.scalar(select(or_(plain.exists(), covered.exists()))) or False


def originals_before(moment: datetime, most: int) -> Sequence[Photo]:
    """Pictures received before then whose originals are still kept, the oldest first."""
    query = select(Photo).where(Photo.uploaded_at < moment, Photo.original_gone_at.is_(None))
    return db.session.scalars(query.order_by(Photo.uploaded_at, Photo.id).limit(most)).all()


def is_original_needed(sha256: str) -> bool:
    """Whether any picture still keeps the original with these bytes."""
    kept = select(Photo.id).where(Photo.sha256 == sha256, Photo.original_gone_at.is_(None))
    return db.session.scalar(select(kept.exists())) or False


def was_destroyed(sha256: str) -> bool:
    """Whether retention has ended for any picture with these bytes."""
    gone = select(Photo.id).where(Photo.sha256 == sha256, Photo.original_gone_at.is_not(None))
    return db.session.scalar(select(gone.exists())) or False


def is_key_needed(key: str) -> bool:
    """Whether any row names this file: an original that is kept, or what is shown."""
    name = key.rsplit("/", 1)[1]
    return is_original_needed(name) if is_original(key) else is_shown(name.split("-")[0])
