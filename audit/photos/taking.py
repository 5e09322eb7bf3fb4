"""Pictures that come with a form: kept at once, so that a problem in the form loses none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from audit.core.actors import Actor
from audit.core.db import transaction
from audit.core.errors import AuditError
from audit.core.settings import settings

from .actions import keep_photo, receive_photo
from .queries import own_photos
from .rules import Capture


@dataclass
class Pictures:
    """What this form may show by now, and what to say of what was not taken in."""

    ids: list[UUID] = field(default_factory=list)
    problem: str = ""


def take_in(
    kept: Sequence[UUID],
    files: Sequence[tuple[UUID, FileStorage]],
    told: Capture,
    actor: Actor,
    district: str,
) -> Pictures:
    """`kept`: pictures that came with an earlier try of the same form, where this actor sent them;
    `files`: those of this one, each under its id. As `forms.sent_pictures` reads them."""
    most = settings().photos_per_item
    taken = Pictures(own_photos(kept[: most + 1], actor))
    for photo_id, file in files:
        if photo_id in taken.ids:
            continue
        if len(taken.ids) >= most:
            taken.problem = _("最多 %(most)s 张照片，多出的没有收下。", most=most)
            break
        try:
            received = receive_photo(file.read(), actor)
            with transaction():
                keep_photo(photo_id, received, actor, told=told, district=district)
        except AuditError as error:
            taken.problem = str(error.message)
            continue
        taken.ids.append(photo_id)
    return taken
