"""One picture from before beside one from after, large, on a page of their own."""

from uuid import UUID

from flask import Blueprint, render_template, request

from audit.core.actors import May
from audit.core.errors import NotFound
from audit.photos.rules import Size
from audit.web.access import current_actor, needs

from .. import queries
from .past import Past, Picture

bp = Blueprint("comparison", __name__, url_prefix="/findings")

CLOSER = "2"


@bp.get("/<number:number>/compare")
@needs(May.SEE_FINDINGS)
def show(number: str) -> str:
    """`before` and `after` name the pictures, else the first and the latest; `zoom=2` shows them
    twice as large. Raises `NotFound` also where there is no picture at all."""
    finding = queries.get_finding(number, current_actor())
    past = Past(finding)
    if not (past.before or past.after):
        raise NotFound
    return render_template(
        "findings/compare.html",
        finding=finding,
        past=past,
        before=_chosen("before", past.before),
        after=_chosen("after", past.after),
        closer=request.args.get("zoom") == CLOSER,
        size=Size.LARGE,
    )


def _chosen(side: str, pictures: list[Picture]) -> Picture | None:
    """Raises `NotFound` for a picture that is not of this side of this finding."""
    name = request.args.get(side, "")
    if not name:
        return pictures[0] if pictures else None
    try:
        wanted = UUID(name)
    except ValueError:
        raise NotFound from None
    for one in pictures:
        if one.photo.id == wanted:
            return one
    raise NotFound
