"""One facility turns out to be two: the new one is made from the old, and takes what is its own."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import object_session

from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Invalid
from audit.core.ids import new_id
from audit.findings.actions import move_findings
from audit.findings.models import Finding
from audit.findings.queries import findings_at
from audit.findings.rules import OPEN_STATES
from audit.inspections.actions import move_inspections
from audit.inspections.queries import (
    inspections_of,
    rechecks_among,
    still_applies,
    visit_numbers,
)
from audit.web.access import current_actor, needs
from audit.web.fields import paragraphs

from .. import actions, queries
from ..forms import FacilityForm, form_of, parse_facility
from ..models import Facility
from ..rules import KINDS, FacilityDraft, FacilityKind, Review
from .register import why_problems

bp = Blueprint("splitting", __name__)
OWN = ("name", "address", "lon", "lat")  # of the new one; the rest is as at the old one
ELSEWHERE = ("shape", "far", "far_known")


@bp.get("/facilities/<uuid:facility_id>/split")
@needs(May.EDIT_FACILITY)
def split(facility_id: UUID) -> ResponseReturnValue:
    facility = queries.get_facility(facility_id, current_actor(), May.EDIT_FACILITY)
    if not facility.active:
        where = url_for("facilities.show", facility_id=facility_id)
        return redirect(where, HTTPStatus.SEE_OTHER)
    form = form_of(facility)
    return _page(facility, form, new_id(), {})


@bp.post("/facilities/<uuid:facility_id>/split/<uuid:part_id>")
@needs(May.EDIT_FACILITY)
def split_off(facility_id: UUID, part_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    facility = queries.get_facility(facility_id, actor, May.EDIT_FACILITY)
    form = _read(facility)
    problems: dict[str, object] = {**form.problems}
    problems |= why_problems(paragraphs(request.form.get("why", "")))
    if problems or form.draft is None:
        return _page(facility, form, part_id, problems)
    try:
        with transaction():
            _split(facility_id, part_id, form.draft, actor)
    except Invalid as refused:
        facility = queries.get_facility(facility_id, actor, May.EDIT_FACILITY)
        return _page(facility, form, part_id, dict(refused.problems))
    flash(_("已拆成两处，历史都还在。请核对新的一处的资料。"), "success")
    return redirect(url_for("facilities.show", facility_id=part_id), HTTPStatus.SEE_OTHER)


def _split(facility_id: UUID, part_id: UUID, draft: FacilityDraft, actor: Actor) -> None:
    facility = queries.get_facility(facility_id, actor, May.EDIT_FACILITY)
    actions.check_on_register(facility)
    part = actions.add_facility(part_id, draft, actor, Review.ACCEPTED)
    if part.split_from_id is not None:  # sent twice
        return
    why = paragraphs(request.form.get("why", ""))
    actions.split_facility(facility, part, actor, why)
    wanted = set(request.form.getlist("finding"))
    moved = [one for one in findings_at(facility_id) if one.number in wanted]
    move_findings(moved, part, actor, why)
    _check_asked(moved)
    visits = set(request.form.getlist("visit"))
    chosen = [one for one in inspections_of(facility_id, actor) if str(one.id) in visits]
    move_inspections([*chosen, *rechecks_among(moved)], part, actor, why)


def _check_asked(moved: list[Finding]) -> None:
    """A re-check there could not judge what is not asked of such a place."""
    lost = []
    for finding in moved:
        session = object_session(finding)
        if session is not None:
            session.expire(finding, ["facility"])
        if finding.state in OPEN_STATES and finding.checklist_id and not still_applies(finding):
            lost.append(finding.number)
    if lost:
        problem = _(
            "这些问题在新的一处不会被问到：%(numbers)s。请不要选它们。", numbers="、".join(lost)
        )
        raise Invalid({"findings": problem})


def kinds_of_part(facility: Facility) -> list[FacilityKind]:
    """Such as have a place where the old one has one, and need nothing that it cannot tell."""
    own = KINDS[FacilityKind(facility.kind)]
    alike = [
        kind
        for kind, one in KINDS.items()
        if one.has_place == own.has_place and one.url == own.url and not one.required
    ]
    return sorted({FacilityKind(facility.kind), *alike}, key=list(FacilityKind).index)


def _read(facility: Facility) -> FacilityForm:
    """The new one as it was typed, over what the old one says of itself."""
    known = form_of(facility).typed.items()
    old = {name: text for name, text in known if name not in ELSEWHERE}
    typed = old | {name: request.form.get(name, "") for name in OWN}
    return parse_facility(_kind(facility), typed)


def _kind(facility: Facility) -> FacilityKind:
    asked = request.form.get("kind", "")
    known = {kind.value: kind for kind in kinds_of_part(facility)}
    return known.get(asked, FacilityKind(facility.kind))


def _page(
    facility: Facility, form: FacilityForm, part_id: UUID, problems: dict[str, object]
) -> ResponseReturnValue:
    visits = [one for one in inspections_of(facility.id, current_actor()) if one.round == 1]
    page = render_template(
        "facilities/split.html",
        facility=facility,
        form=form,
        part_id=part_id,
        kinds=[(kind, KINDS[kind]) for kind in kinds_of_part(facility)],
        has_place=KINDS[FacilityKind(facility.kind)].has_place,
        findings=findings_at(facility.id),
        visits=visits,
        numbers=visit_numbers(visits),
        chosen=request.form.getlist("finding"),
        chosen_visits=request.form.getlist("visit"),
        why=paragraphs(request.form.get("why", "")),
        problems={name: str(text) for name, text in problems.items()},
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
