"""What was made on the spot and turns out to be no facility."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import May
from audit.core.db import transaction
from audit.core.errors import Invalid
from audit.facilities.models import Facility
from audit.facilities.queries import get_facility, twins_of
from audit.facilities.rules import Review
from audit.findings.forms import why
from audit.findings.queries import open_findings_of
from audit.findings.rules import State
from audit.web.access import current_actor, needs

from .. import actions

bp = Blueprint("review", __name__)


@bp.route("/facilities/<uuid:facility_id>/refuse", methods=["GET", "POST"])
@needs(May.CONFIRM)
def refuse(facility_id: UUID) -> ResponseReturnValue:
    """It leaves the register, and what was reported there is not accepted, for one reason."""
    actor = current_actor()
    facility = get_facility(facility_id, actor, May.CONFIRM)
    if request.method == "GET":
        if facility.review is not Review.WAITING or not facility.active:
            where = url_for("facilities.show", facility_id=facility_id)
            return redirect(where, HTTPStatus.SEE_OTHER)
        return _page(facility, {})
    try:
        with transaction():
            facility = get_facility(facility_id, actor, May.CONFIRM)
            actions.refuse(facility, actor, why(request.form))
    except Invalid as refused:
        return _page(get_facility(facility_id, actor, May.CONFIRM), refused.problems)
    flash(_("已记为不予登记，检查和问题的历史都还在。"), "success")
    return redirect(url_for("facilities.show", facility_id=facility_id), HTTPStatus.SEE_OTHER)


def _page(facility: Facility, problems: Mapping[str, object]) -> ResponseReturnValue:
    found = open_findings_of(facility.id)
    page = render_template(
        "register/refuse.html",
        facility=facility,
        reported=[one for one in found if one.state is State.REPORTED],
        under_way=[one for one in found if one.state is not State.REPORTED],
        twins=twins_of(facility, current_actor()),
        why=why(request.form),
        problems={name: str(text) for name, text in problems.items()},
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
