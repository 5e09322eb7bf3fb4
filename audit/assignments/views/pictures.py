"""Pictures that come by a link: kept at once, so that a problem in the form loses none."""

from dataclasses import dataclass, field
from uuid import UUID

from flask import request
from flask_babel import gettext as _

from audit.core.actors import Actor
from audit.core.db import transaction
from audit.core.errors import AuditError
from audit.core.settings import settings
from audit.findings.forms import pictures
from audit.findings.models import Finding
from audit.photos.actions import keep_photo, receive_photo
from audit.photos.forms import picture_id, told_capture, uuids
from audit.photos.queries import own_photos


@dataclass
class Pictures:
    """What this step may show by now, and what to say of what was not taken in."""

    ids: list[UUID] = field(default_factory=list)
    problem: str = ""


def take_in(finding: Finding, actor: Actor) -> Pictures:
    """Those named as sent before by this link, and the files of this request."""
    most, scope, district = settings().photos_per_item, finding.id, finding.district_code
    taken = Pictures(own_photos(uuids(request.form.getlist("kept"))[: most + 1], actor))
    for file in pictures(request.files):
        photo_id = picture_id(scope, str(actor.id), file)
        if photo_id in taken.ids:
            continue
        if len(taken.ids) >= most:
            taken.problem = _("最多 %(most)s 张照片，多出的没有收下。", most=most)
            break
        try:
            received = receive_photo(file.read(), actor)
            with transaction():
                told = told_capture(request.form)
                keep_photo(photo_id, received, actor, told=told, district=district)
        except AuditError as error:
            taken.problem = str(error.message)
            continue
        taken.ids.append(photo_id)
    return taken
