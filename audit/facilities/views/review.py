"""What was made on the spot and turns out to be no facility."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Invalid
from audit.findings.actions import reject_all_at
from audit.findings.queries import open_findings_of
from audit.findings.rules import State
from audit.web.access import current_actor, needs
from audit.web.fields import paragraphs

from .. import actions, queries
from ..models import Facility
from ..rules import Review
from .register import why_problems

bp = Blueprint("review", __name__)


@bp.route("/facilities/<uuid:facility_id>/refuse", methods=["GET", "POST"])
@needs(May.CONFIRM)
def refuse(facility_id: UUID) -> ResponseReturnValue:
    """It leaves the register, and what was reported there is not accepted, for one reason."""
    actor = current_actor()
    facility = queries.get_facility(facility_id, actor, May.CONFIRM)
    if request.method == "GET":
        if facility.review is not Review.WAITING or not facility.active:
            where = url_for("facilities.show", facility_id=facility_id)
            return redirect(where, HTTPStatus.SEE_OTHER)
        return _page(facility, "", {})
    why = paragraphs(request.form.get("why", ""))
    problems: dict[str, object] = dict(why_problems(why))
    if not problems:
        try:
            _refuse(facility_id, actor, why)
        except Invalid as refused:
            problems = dict(refused.problems)
    if problems:
        return _page(queries.get_facility(facility_id, actor, May.CONFIRM), why, problems)
    flash(_("已记为不予登记，检查和问题的历史都还在。"), "success")
    return redirect(url_for("facilities.show", facility_id=facility_id), HTTPStatus.SEE_OTHER)


def _refuse(facility_id: UUID, actor: Actor, why: str) -> None:
    with transaction():
        facility = queries.get_facility(facility_id, actor, May.CONFIRM)
        actions.refuse_facility(facility, actor, why)
        reject_all_at(facility, actor, why)


def _page(facility: Facility, why: str, problems: dict[str, object]) -> ResponseReturnValue:
    found = open_findings_of(facility.id)
    page = render_template(
        "facilities/refuse.html",
        facility=facility,
        reported=[one for one in found if one.state is State.REPORTED],
        under_way=[one for one in found if one.state is not State.REPORTED],
        twins=queries.twins_of(facility, current_actor()),
        why=why,
        problems={name: str(text) for name, text in problems.items()},
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
