"""Pictures of findings: where else they were used, and who may see them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from audit.core.actors import Actor
from audit.core.db import db
from audit.photos.models import Photo

from ..models import Finding, FindingEvent, FindingPhoto
from .filtering import visible_to


def earlier_uses(photo_ids: Collection[UUID]) -> dict[UUID, str]:
    """Findings, with their numbers, to one of whose steps a picture with the same bytes as one of
    these belongs. Of pictures that belong to no step yet, these are earlier uses."""
    if not photo_ids:
        return {}
    same = select(Photo.sha256).where(Photo.id.in_(photo_ids))
    rows = db.session.execute(
        select(Finding.id, Finding.number)
        .join(FindingEvent, FindingEvent.finding_id == Finding.id)
        .join(FindingPhoto, FindingPhoto.event_id == FindingEvent.id)
        .join(Photo, Photo.id == FindingPhoto.photo_id)
        .where(Photo.sha256.in_(same))
        .distinct()
    )
    return dict(rows.all())


def may_see_photo(photo_id: UUID, actor: Actor) -> bool:
    """Whether a photo belongs to a finding that this person may see."""
    hit = (
        select(FindingPhoto.photo_id)
        .join(FindingEvent, FindingEvent.id == FindingPhoto.event_id)
        .join(Finding, Finding.id == FindingEvent.finding_id)
        .where(FindingPhoto.photo_id == photo_id, visible_to(actor))
        .limit(1)
    )
    return db.session.scalar(hit) is not None
