"""One facility turns out to be two: the new one is made from the old, and takes what is its own."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import May
from audit.core.db import transaction
from audit.core.errors import Invalid
from audit.core.ids import new_id
from audit.facilities.forms import FacilityForm, form_of, parse_facility
from audit.facilities.models import Facility
from audit.facilities.queries import get_facility
from audit.facilities.rules import KINDS, FacilityKind
from audit.findings.forms import why
from audit.findings.queries import findings_at
from audit.inspections.queries import inspections_of, visit_numbers
from audit.web.access import current_actor, needs

from .. import actions
from ..actions import Along
from ..queries import why_problems
from ..rules import kinds_of_part

bp = Blueprint("splitting", __name__)
OWN = ("name", "address", "lon", "lat")  # of the new one; the rest is as at the old one
ELSEWHERE = ("shape", "far", "far_known")


@bp.get("/facilities/<uuid:facility_id>/split")
@needs(May.EDIT_FACILITY)
def split(facility_id: UUID) -> ResponseReturnValue:
    facility = get_facility(facility_id, current_actor(), May.EDIT_FACILITY)
    if not facility.active:
        where = url_for("facilities.show", facility_id=facility_id)
        return redirect(where, HTTPStatus.SEE_OTHER)
    form = form_of(facility)
    return _page(facility, form, new_id(), {})


@bp.post("/facilities/<uuid:facility_id>/split/<uuid:part_id>")
@needs(May.EDIT_FACILITY)
def split_off(facility_id: UUID, part_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    facility = get_facility(facility_id, actor, May.EDIT_FACILITY)
    form = _read(facility)
    problems = {**form.problems, **why_problems(why(request.form))}
    if problems or form.draft is None:
        return _page(facility, form, part_id, problems)
    try:
        with transaction():
            whole = get_facility(facility_id, actor, May.EDIT_FACILITY)
            actions.split(whole, part_id, form.draft, actor, why(request.form), _along())
    except Invalid as refused:
        facility = get_facility(facility_id, actor, May.EDIT_FACILITY)
        return _page(facility, form, part_id, dict(refused.problems))
    flash(_("已拆成两处，历史都还在。请核对新的一处的资料。"), "success")
    return redirect(url_for("facilities.show", facility_id=part_id), HTTPStatus.SEE_OTHER)


def _along() -> Along:
    sent = request.form
    return Along(frozenset(sent.getlist("finding")), frozenset(sent.getlist("visit")))


def _read(facility: Facility) -> FacilityForm:
    """The new one as it was typed, over what the old one says of itself."""
    known = form_of(facility).typed.items()
    old = {name: text for name, text in known if name not in ELSEWHERE}
    typed = old | {name: request.form.get(name, "") for name in OWN}
    return parse_facility(_kind(facility), typed)


def _kind(facility: Facility) -> FacilityKind:
    asked = request.form.get("kind", "")
    known = {kind.value: kind for kind in kinds_of_part(facility.kind)}
    return known.get(asked, FacilityKind(facility.kind))


def _page(
    facility: Facility, form: FacilityForm, part_id: UUID, problems: dict[str, object]
) -> ResponseReturnValue:
    visits = [one for one in inspections_of(facility.id, current_actor()) if one.round == 1]
    page = render_template(
        "register/split.html",
        facility=facility,
        form=form,
        part_id=part_id,
        kinds=[(kind, KINDS[kind]) for kind in kinds_of_part(facility.kind)],
        has_place=KINDS[FacilityKind(facility.kind)].has_place,
        findings=findings_at(facility.id),
        visits=visits,
        numbers=visit_numbers(visits),
        chosen=request.form.getlist("finding"),
        chosen_visits=request.form.getlist("visit"),
        why=why(request.form),
        problems={name: str(text) for name, text in problems.items()},
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
