from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.checklists.loader import get_checklist
from audit.checklists.rules.confirming import with_confirmed
from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Invalid, NotFound
from audit.core.ids import new_id
from audit.districts.queries import Borders
from audit.facilities.actions import OffRegister, check_on_register
from audit.facilities.forms.far import kilometres
from audit.findings.queries import open_findings_of
from audit.geo.points import Point
from audit.photos.forms import told_capture
from audit.standards.queries import confirmed_keys
from audit.web.access import current_actor, needs
from audit.web.filters import page_number

from .. import queries
from ..actions import check_may_save, file_inspection, keep_draft
from ..actions.withdrawing import offers_withdrawal
from ..forms import InspectionForm, check_inspection, check_values, parse_inspection
from ..models import Inspection
from .aside import kept_aside
from .page import FormPage
from .pictures import keep_own, name_pictures, take_in
from .result import ResultPage
from .visit import (
    OVERTAKEN,
    Visit,
    filing_of,
    is_overtaken,
    sent_visit,
    visit_of_draft,
    visit_of_facility,
    visit_of_finding,
)

bp = Blueprint("inspections", __name__, url_prefix="/inspections")


@bp.get("/")
@needs(May.SEE_INSPECTIONS)
def index() -> str:
    actor, page = current_actor(), page_number(request.args)
    mine = request.args.get("mine") == "1"
    rows, total = queries.list_inspections(actor, mine=mine, page=page)
    pages = -(-total // queries.PER_PAGE)
    return render_template(
        "inspections/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        mine=mine,
        missed=queries.count_missed([row.id for row in rows]),
        numbers=queries.visit_numbers(rows),
    )


@bp.get("/new")
@needs(May.INSPECT)
def new() -> ResponseReturnValue:
    """A blank form for `facility`, with the only checklist of its kind or the one named."""
    visit = visit_of_facility(request.args, current_actor())
    check_on_register(visit.facility)
    return _form_page(visit, new_id(), InspectionForm(typed={}))


@bp.get("/paper")
@needs(May.INSPECT)
def paper() -> str:
    """The questions for `facility` on paper, to be copied into the form afterwards."""
    visit = visit_of_facility(request.args, current_actor())
    page = _page(visit, UUID(int=0), InspectionForm(typed={}))
    return render_template("inspections/paper.html", page=page)


@bp.get("/recheck/<number:number>")
@needs(May.RECHECK)
def recheck(number: str) -> ResponseReturnValue:
    """A blank form with the one item of the finding to re-check."""
    actor = current_actor()
    visit = visit_of_finding(number, actor)
    check_may_save(None, visit.facility, visit.verifies, actor)
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
    visit = visit_of_draft(draft, actor)
    return _form_html(visit, inspection_id, _form_of_draft(draft, visit), is_draft=True)


@bp.get("/<uuid:inspection_id>")
@needs(May.SEE_INSPECTIONS)
def show(inspection_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    inspection = queries.get_inspection(inspection_id, actor)
    if inspection.filed_at is None:
        return redirect(url_for(".edit", inspection_id=inspection_id), HTTPStatus.SEE_OTHER)
    checklist = get_checklist(inspection.checklist_id, inspection.edition)
    return render_template(
        "inspections/show.html",
        page=(page := ResultPage(inspection, checklist)),
        aside=kept_aside(page),
        is_own=inspection.inspector_id == actor.id,
        may_withdraw=offers_withdrawal(inspection, actor),
        numbers=queries.visit_numbers([inspection]),
    )


@bp.post("/<uuid:inspection_id>")
@needs(May.INSPECT, May.RECHECK)
def save(inspection_id: UUID) -> ResponseReturnValue:
    """Keep as a draft or file. Photos are kept first, so that none is lost to a problem."""
    actor, known = current_actor(), queries.find_inspection(inspection_id)
    visit = sent_visit(known, actor, request.form)
    form = parse_inspection(request.form, visit.items)
    keep_own(form, actor)
    pictures = name_pictures(visit, form, inspection_id)
    if known is not None and known.filed_at is not None:  # once more, or a conflict: nothing stored
        return _file(visit, inspection_id, form, actor)
    check_may_save(known, visit.facility, visit.verifies, actor)
    take_in(pictures, form, visit, actor)
    if request.form.get("action") == "draft":
        return _save_draft(visit, inspection_id, form, actor, list(pictures.refused.values()))
    form.problems.update(pictures.refused)
    if is_overtaken(visit, request.form):
        form.problems["edition"] = OVERTAKEN
    check_inspection(
        form, visit.checklist, visit.items, visit.facility.judged_facts(), visit.ground
    )
    if form.problems:
        return _form_page(visit, inspection_id, form)
    return _file(visit, inspection_id, form, actor)


def _file(
    visit: Visit, inspection_id: UUID, form: InspectionForm, actor: Actor
) -> ResponseReturnValue:
    try:
        with transaction():
            file_inspection(filing_of(visit, inspection_id, form, request.form), actor)
    except OffRegister as gone:  # the form says so; what was typed can still be kept as a draft
        return _form_html(visit, inspection_id, form), gone.status
    except Invalid as error:
        form.problems.update({name: str(text) for name, text in error.problems.items()})
        return _form_page(visit, inspection_id, form)
    flash(_("检查已提交。"), "success")
    _warn_if_far(visit)
    return redirect(url_for(".show", inspection_id=inspection_id), HTTPStatus.SEE_OTHER)


def _warn_if_far(visit: Visit) -> None:
    """A phone outside the district changes nothing; whoever filed should know that it is kept."""
    told = told_capture(request.form)
    if told.lon is None or told.lat is None:
        return
    stray = Borders().find_stray(visit.facility.district_code, Point(told.lon, told.lat))
    if stray is not None:
        flash(
            _(
                "手机的位置在%(district)s界外约 %(km)s 公里，已随检查保存。请核对选的设施对不对。",
                district=stray.district.title,
                km=kilometres(stray.metres),
            ),
            "warning",
        )


def _save_draft(
    visit: Visit, inspection_id: UUID, form: InspectionForm, actor: Actor, refused: list[str]
) -> ResponseReturnValue:
    with transaction():
        keep_draft(filing_of(visit, inspection_id, form, request.form), dict(form.typed), actor)
    flash(_("草稿已保存，可以稍后继续。"), "success")
    for sentence in dict.fromkeys(refused):
        flash(_("有照片没有收下：%(reason)s", reason=sentence), "warning")
    return redirect(url_for(".edit", inspection_id=inspection_id), HTTPStatus.SEE_OTHER)


def _form_page(visit: Visit, inspection_id: UUID, form: InspectionForm) -> ResponseReturnValue:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.problems else HTTPStatus.OK
    return _form_html(visit, inspection_id, form), status


def _form_html(
    visit: Visit, inspection_id: UUID, form: InspectionForm, *, is_draft: bool = False
) -> str:
    page = _page(visit, inspection_id, form)
    return render_template("inspections/form.html", page=page, is_draft=is_draft)


def _page(visit: Visit, inspection_id: UUID, form: InspectionForm) -> FormPage:
    sure = with_confirmed(visit.checklist, confirmed_keys())
    items = tuple(sure.item(one.id) for one in visit.items)
    return FormPage(
        visit.facility, sure, items, visit.verifies, form, inspection_id,
        open_findings_of(visit.facility.id),
    )  # fmt: skip


def _form_of_draft(draft: Inspection, visit: Visit) -> InspectionForm:
    """As it was typed, with what of it could not be understood."""
    kept: dict[str, tuple[UUID, ...]] = {}
    for link in draft.photos:
        kept[link.item_id] = (*kept.get(link.item_id, ()), link.photo_id)
    form = parse_inspection(MultiDict(draft.typed), visit.items)
    form.kept, form.note, form.no_photo_reason = kept, draft.note, draft.no_photo_reason
    check_values(form, visit.checklist, visit.facility.judged_facts(), visit.ground)
    return form
