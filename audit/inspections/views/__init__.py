from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.checklists.loader import checklists_for, get_checklist
from audit.checklists.rules import Checklist, Item, is_relevant
from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import AuditError, Invalid, NotFound
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.facilities.models import Facility
from audit.facilities.queries import get_facility
from audit.findings.models import Finding
from audit.findings.queries import get_finding, open_findings_of
from audit.photos.actions import ReceivedPhoto, keep_photo, receive_photo
from audit.photos.forms import told_capture
from audit.photos.queries import photos_by_ids
from audit.web.access import current_actor, needs

from .. import queries
from ..actions import Filing, file_inspection, keep_draft
from ..forms import (
    InspectionForm,
    check_inspection,
    parse_inspection,
    sent_photos,
    started_at,
    uuid_or_none,
)
from ..models import Inspection
from .page import FormPage

bp = Blueprint("inspections", __name__, url_prefix="/inspections")


@dataclass(frozen=True)
class Visit:
    """What is inspected: a place with a checklist, and for a re-check the finding."""

    facility: Facility
    checklist: Checklist
    verifies: Finding | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        if self.verifies is not None:
            return (self.checklist.item(self.verifies.rule_id),)
        facts = self.facility.judged_facts()
        return tuple(item for item in self.checklist.items if _may_be_asked(item, facts))


@dataclass
class Pictures:
    """Photos of one request: received files that wait for their row, and refusals."""

    received: dict[str, list[tuple[UUID, ReceivedPhoto]]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


@bp.get("/")
@needs(May.SEE_INSPECTIONS)
def index() -> str:
    actor, page = current_actor(), request.args.get("page", 1, type=int)
    mine = request.args.get("mine") == "1"
    rows, total = queries.list_inspections(actor, mine=mine, page=page)
    pages = -(-total // queries.PER_PAGE)
    return render_template(
        "inspections/index.html", rows=rows, total=total, page=page, pages=pages, mine=mine
    )


@bp.get("/new")
@needs(May.INSPECT)
def new() -> ResponseReturnValue:
    """A blank form for `facility`, with the only checklist of its kind or the one named."""
    visit = _visit_of_facility(_uuid(request.args.get("facility", "")), current_actor())
    return _form_page(visit, new_id(), InspectionForm(typed={}))


@bp.get("/recheck/<number:number>")
@needs(May.RECHECK)
def recheck(number: str) -> ResponseReturnValue:
    """A blank form with the one item of the finding to re-check."""
    visit = _visit_of_finding(number, current_actor())
    return _form_page(visit, new_id(), InspectionForm(typed={}))


@bp.get("/<uuid:inspection_id>/edit")
@needs(May.INSPECT, May.RECHECK)
def edit(inspection_id: UUID) -> ResponseReturnValue:
    """Go on with a draft of one's own."""
    actor = current_actor()
    draft = queries.get_inspection(inspection_id, actor)
    if draft.inspector_id != actor.id:
        raise NotFound
    if draft.filed_at is not None:
        return redirect(url_for(".show", inspection_id=inspection_id), HTTPStatus.SEE_OTHER)
    return _form_page(_visit_of_draft(draft, actor), inspection_id, _form_of_draft(draft))


@bp.get("/<uuid:inspection_id>")
@needs(May.SEE_INSPECTIONS)
def show(inspection_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    inspection = queries.get_inspection(inspection_id, actor)
    if inspection.filed_at is None:
        return redirect(url_for(".edit", inspection_id=inspection_id), HTTPStatus.SEE_OTHER)
    checklist = get_checklist(inspection.checklist_id, inspection.edition)
    photos: dict[str, list[object]] = {}
    for link in inspection.photos:
        photos.setdefault(link.item_id, []).append(link.photo)
    return render_template(
        "inspections/show.html", inspection=inspection, checklist=checklist, photos=photos
    )


@bp.post("/<uuid:inspection_id>")
@needs(May.INSPECT, May.RECHECK)
def save(inspection_id: UUID) -> ResponseReturnValue:
    """Keep as a draft or file. Photos are kept first, so that none is lost to a problem."""
    actor = current_actor()
    visit = _sent_visit(actor)
    form = parse_inspection(request.form, visit.items)
    pictures = _receive(visit, actor)
    form.problems.update(pictures.refused)
    _keep(pictures, form, visit, actor)
    if request.form.get("action") == "draft":
        return _save_draft(visit, inspection_id, form, actor)
    check_inspection(form, visit.checklist, visit.facility.judged_facts(), form.kept)
    if form.problems:
        return _form_page(visit, inspection_id, form)
    try:
        with transaction():
            file_inspection(_filing(visit, inspection_id, form), actor)
    except Invalid as error:
        form.problems.update({name: str(text) for name, text in error.problems.items()})
        return _form_page(visit, inspection_id, form)
    flash(_("检查已提交。"), "success")
    return redirect(url_for(".show", inspection_id=inspection_id), HTTPStatus.SEE_OTHER)


def _save_draft(
    visit: Visit, inspection_id: UUID, form: InspectionForm, actor: Actor
) -> ResponseReturnValue:
    with transaction():
        keep_draft(_filing(visit, inspection_id, form), dict(form.typed), actor)
    flash(_("草稿已保存，可以稍后继续。"), "success")
    return redirect(url_for(".edit", inspection_id=inspection_id), HTTPStatus.SEE_OTHER)


def _filing(visit: Visit, inspection_id: UUID, form: InspectionForm) -> Filing:
    told = told_capture(request.form)
    return Filing(
        id=inspection_id,
        facility=visit.facility,
        checklist=visit.checklist,
        answers=form.answers,
        started_at=started_at(request.form),
        photos=form.kept,
        note=form.note,
        no_photo_reason=form.no_photo_reason,
        lon=told.lon,
        lat=told.lat,
        accuracy_m=told.accuracy_m,
        verifies=visit.verifies,
    )


def _receive(visit: Visit, actor: Actor) -> Pictures:
    """Bytes first: every picture is decoded and on disk before any row speaks of it."""
    pictures, most = Pictures(), settings().photos_per_item
    for item_id, files in sent_photos(request.files, visit.items).items():
        for file in files[:most]:
            try:
                received = receive_photo(file.read(), actor)
            except AuditError as error:
                pictures.refused[f"photos.{item_id}"] = str(error.message)
                continue
            pictures.received.setdefault(item_id, []).append((new_id(), received))
    return pictures


def _keep(pictures: Pictures, form: InspectionForm, visit: Visit, actor: Actor) -> None:
    """Only photos that this person sent may be named as kept before."""
    named = [photo for ids in form.kept.values() for photo in ids]
    own = {row.id for row in photos_by_ids(named) if row.uploaded_by_id == actor.id}
    form.kept = {
        item: left
        for item, ids in form.kept.items()
        if (left := tuple(one for one in ids if one in own))
    }
    if not pictures.received:
        return
    told, district = told_capture(request.form), visit.facility.district_code
    with transaction():
        for item_id, received in pictures.received.items():
            fresh = tuple(
                keep_photo(photo_id, one, actor, told=told, district=district).id
                for photo_id, one in received
            )
            form.kept[item_id] = form.kept.get(item_id, ()) + fresh
    for item_id, ids in form.kept.items():
        form.typed[f"kept.{item_id}"] = [str(one) for one in ids]


def _form_page(visit: Visit, inspection_id: UUID, form: InspectionForm) -> ResponseReturnValue:
    page = FormPage(
        visit.facility, visit.checklist, visit.items, visit.verifies, form, inspection_id,
        open_findings_of(visit.facility.id),
    )  # fmt: skip
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.problems else HTTPStatus.OK
    return render_template("inspections/form.html", page=page), status


def _sent_visit(actor: Actor) -> Visit:
    number = request.form.get("verifies", "")
    if number:
        return _visit_of_finding(number, actor)
    return _visit_of_facility(_uuid(request.form.get("facility", "")), actor)


def _visit_of_facility(facility_id: UUID, actor: Actor) -> Visit:
    facility = get_facility(facility_id, actor, May.INSPECT)
    named = request.values.get("checklist", "")
    for checklist in checklists_for(facility.kind):
        if named in ("", checklist.id):
            return Visit(facility, checklist)
    raise NotFound(_("这类设施没有可用的检查表。"))


def _visit_of_finding(number: str, actor: Actor) -> Visit:
    finding = get_finding(number, actor)
    if not finding.checklist_id:
        raise NotFound(_("网站的问题由重新扫描来复查。"))
    return Visit(finding.facility, get_checklist(finding.checklist_id), finding)


def _visit_of_draft(draft: Inspection, actor: Actor) -> Visit:
    facility = get_facility(draft.facility_id, actor)
    return Visit(facility, get_checklist(draft.checklist_id), draft.verifies)


def _form_of_draft(draft: Inspection) -> InspectionForm:
    kept: dict[str, tuple[UUID, ...]] = {}
    for link in draft.photos:
        kept[link.item_id] = (*kept.get(link.item_id, ()), link.photo_id)
    return InspectionForm(
        typed=dict(draft.typed),
        kept=kept,
        note=draft.note,
        no_photo_reason=draft.no_photo_reason,
    )


def _may_be_asked(item: Item, facts: object) -> bool:
    """Items that the facility's facts rule out are not on the page; answers decide the rest."""
    only_facts = tuple(one for one in item.relevant if one.fact)
    if len(only_facts) < len(item.relevant) or not item.relevant:
        return True
    return is_relevant(item, {}, facts)  # type: ignore[arg-type]


def _uuid(text: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise NotFound
    return found
