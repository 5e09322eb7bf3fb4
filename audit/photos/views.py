from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import May
from audit.core.db import transaction
from audit.core.errors import Conflict, Invalid, NotAllowed, NotFound
from audit.findings import queries as findings
from audit.inspections import queries as inspections
from audit.web.access import current_actor, needs, signed_in
from audit.web.editing import SHOWN

from .actions import release_original
from .covering import cover_photo, prepare_cover, suggest_faces
from .faces import may_suggest_faces
from .forms import accepted_boxes, boxes_typed, read_boxes, typed_boxes
from .models import Photo
from .queries import covers_of, get_photo
from .rules import Box, Size
from .serving import original_answer, photo_answer


class Suggestion(NamedTuple):
    """A place to cover, in thousandths and in the percentages that a person reads."""

    box: Box
    row: dict[str, str]


bp = Blueprint("photos", __name__, url_prefix="/photos")


@bp.get("/<uuid:photo_id>/<any(large, medium, small):size>.jpg")
@signed_in
def show(photo_id: UUID, size: str) -> Response:
    """A derivative, to those who may see the inspection or finding that holds it."""
    return photo_answer(_visible(photo_id), Size[size.upper()])


@bp.route("/<uuid:photo_id>/original", methods=["GET", "POST"])
@needs(May.OPEN_ORIGINALS)
def original(photo_id: UUID) -> ResponseReturnValue:
    """Ask for a reason; with one, journal it and hand out the bytes as received."""
    photo = _visible(photo_id)
    if not current_actor().may(May.OPEN_ORIGINALS, photo.district_code):
        raise NotAllowed
    if request.method == "GET":
        return _original_page(photo)
    reason = request.form.get("reason", "")
    try:
        with transaction():
            release_original(photo, current_actor(), reason)
    except Invalid as error:
        page = _original_page(photo, reason, str(error.problems["reason"]))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return original_answer(photo)


@bp.route("/<uuid:photo_id>/cover", methods=["GET", "POST"])
@needs(May.COVER_PHOTOS)
def cover(photo_id: UUID) -> ResponseReturnValue:
    """Cover faces and number plates in what is shown; the original stays sealed."""
    photo = _visible(photo_id)
    if not current_actor().may(May.COVER_PHOTOS, photo.district_code):
        raise NotAllowed
    if request.method == "GET":
        latest = next(iter(covers_of(photo_id)), None)
        typed = boxes_typed(latest.boxes if latest else [])
        wanted = "suggest" in request.args
        return _cover_page(photo, typed, suggested=_suggested(photo) if wanted else None)
    typed = typed_boxes(request.form) + accepted_boxes(request.form)
    reason = request.form.get("reason", "")
    boxes, problems = read_boxes(typed)
    if not problems:
        try:
            made = prepare_cover(photo, boxes, current_actor(), reason)
            with transaction():
                _expect_no_other_cover(photo_id)
                cover_photo(get_photo(photo_id), made, current_actor(), reason)
        except (Invalid, Conflict) as error:
            return _cover_page(photo, typed, reason, _problems_of(error)), error.status
    if problems:
        return _cover_page(photo, typed, reason, problems), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("已更新，别人看到的就是现在这样。"), "success")
    return redirect(url_for(".cover", photo_id=photo_id), HTTPStatus.SEE_OTHER)


def _expect_no_other_cover(photo_id: UUID) -> None:
    """A cover states every box anew: what another has covered meanwhile would be laid open."""
    if request.form.get(SHOWN, "") != str(len(covers_of(photo_id))):
        raise Conflict(
            _(
                "您打开之后，别人改过遮盖的地方，见下面的遮盖记录。核对后再保存一次，就以您填的为准。"
            )
        )


def _problems_of(error: Invalid | Conflict) -> dict[str, str]:
    if isinstance(error, Invalid):
        return {name: str(text) for name, text in error.problems.items()}
    return {"boxes": str(error.message)}


def _suggested(photo: Photo) -> list[Suggestion]:
    boxes = suggest_faces(photo, current_actor())
    return [Suggestion(box, row) for box, row in zip(boxes, boxes_typed(boxes), strict=True)]


def _cover_page(
    photo: Photo,
    typed: list[dict[str, str]],
    reason: str = "",
    problems: Mapping[str, str] = MappingProxyType({}),
    suggested: list[Suggestion] | None = None,
) -> str:
    return render_template(
        "photos/cover.html",
        photo=photo,
        typed=typed,
        reason=reason,
        problems=problems,
        shown=Size.LARGE,
        covers=covers_of(photo.id),
        suggested=suggested,
        may_suggest=may_suggest_faces(),
    )


def _original_page(photo: Photo, reason: str = "", problem: str = "") -> str:
    return render_template(
        "photos/original.html", photo=photo, reason=reason, problem=problem, shown=Size.MEDIUM
    )


def _visible(photo_id: UUID) -> Photo:
    """Raises `NotFound` also for a photo of a visit or finding that this person may not see."""
    photo, actor = get_photo(photo_id), current_actor()
    if not (inspections.may_see_photo(photo, actor) or findings.may_see_photo(photo_id, actor)):
        raise NotFound
    return photo
