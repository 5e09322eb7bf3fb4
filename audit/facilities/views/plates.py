"""A place's plate, and where its code leads."""

from http import HTTPStatus
from uuid import UUID

import segno
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from audit.core.actors import May
from audit.core.errors import NotFound
from audit.web.access import current_actor, needs
from audit.web.addresses import is_local, own_address

from .. import queries
from ..rules import KINDS, FacilityKind

bp = Blueprint("plates", __name__)


@bp.get("/f/<string(maxlength=24):plate_number>")
@needs(May.SEE_FACILITIES)
def by_number(plate_number: str) -> ResponseReturnValue:
    """The address on a plate. One that was merged leads to where it went."""
    found = queries.find_by_number(plate_number, current_actor())
    if found is None:
        raise NotFound
    where = found.merged_into_id or found.id
    return redirect(url_for("facilities.show", facility_id=where), HTTPStatus.SEE_OTHER)


@bp.get("/facilities/<uuid:facility_id>/plate")
@needs(May.SEE_FACILITIES)
def plate(facility_id: UUID) -> str:
    """A sign to print and fix at the place."""
    facility = queries.get_facility(facility_id, current_actor())
    address = own_address() + url_for(".by_number", plate_number=facility.number)
    code = segno.make(address, error="q", micro=False)
    return render_template(
        "facilities/plate.html",
        facility=facility,
        kind=KINDS[FacilityKind(facility.kind)],
        address=address,
        is_local=is_local(address),
        code=Markup(code.svg_inline(border=4, omitsize=True)),  # noqa: S704 drawn by segno
    )
