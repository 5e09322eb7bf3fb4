from uuid import UUID

from flask import Blueprint, Response

from audit.core.errors import NotFound
from audit.findings import queries as findings
from audit.inspections import queries as inspections
from audit.web.access import current_actor, signed_in

from .queries import get_photo
from .rules import Size
from .serving import photo_answer

bp = Blueprint("photos", __name__, url_prefix="/photos")


@bp.get("/<uuid:photo_id>/<any(large, medium, small):size>.jpg")
@signed_in
def show(photo_id: UUID, size: str) -> Response:
    """A derivative, to those who may see the inspection or finding that holds it."""
    photo, actor = get_photo(photo_id), current_actor()
    if not (inspections.may_see_photo(photo, actor) or findings.may_see_photo(photo_id, actor)):
        raise NotFound
    return photo_answer(photo, Size[size.upper()])
