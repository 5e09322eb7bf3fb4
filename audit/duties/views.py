from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.queries import choosable
from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Invalid
from audit.facilities.models import Facility
from audit.facilities.queries import get_facility
from audit.web.access import current_actor, needs

from . import actions, queries
from .forms import DutyForm, parse_duty
from .rules import DUTIES

bp = Blueprint("duties", __name__, url_prefix="/facilities")


@bp.get("/<uuid:facility_id>/organisations")
@needs(May.EDIT_FACILITY)
def index(facility_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    return _page(get_facility(facility_id, actor, May.EDIT_FACILITY), actor, DutyForm())


@bp.post("/<uuid:facility_id>/organisations")
@needs(May.EDIT_FACILITY)
def add(facility_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    facility = get_facility(facility_id, actor, May.EDIT_FACILITY)
    form = parse_duty(request.form, [one.id for one in choosable(actor, May.SEE_ORGANISATIONS)])
    if form.duty is None or form.organisation_id is None:
        return _page(facility, actor, form)
    try:
        with transaction():
            place = get_facility(facility_id, actor, May.EDIT_FACILITY)
            note = form.value("note")
            actions.give_duty(place, form.organisation_id, form.duty, note, actor)
    except Invalid as error:
        form.problems.update({name: str(text) for name, text in error.problems.items()})
        return _page(get_facility(facility_id, actor, May.EDIT_FACILITY), actor, form)
    flash(_("已登记。"), "success")
    return redirect(url_for(".index", facility_id=facility_id), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:facility_id>/organisations/<uuid:duty_id>/remove")
@needs(May.EDIT_FACILITY)
def remove(facility_id: UUID, duty_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        place = get_facility(facility_id, actor, May.EDIT_FACILITY)
        actions.end_duty(place, queries.get_duty(place, duty_id), actor)
    flash(_("已取消，修改记录里仍看得到。"), "success")
    return redirect(url_for(".index", facility_id=facility_id), HTTPStatus.SEE_OTHER)


def _page(facility: Facility, actor: Actor, form: DutyForm) -> ResponseReturnValue:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.problems else HTTPStatus.OK
    page = render_template(
        "duties/index.html",
        facility=facility,
        form=form,
        duties=queries.duties_of(facility.id),
        titles=DUTIES,
        organisations=choosable(actor, May.SEE_ORGANISATIONS),
    )
    return page, status
