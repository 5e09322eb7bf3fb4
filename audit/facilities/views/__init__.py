from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.queries import organisations
from audit.checklists.rules import FACTS, FacilityFacts, possible_items
from audit.core.actors import Actor, May
from audit.core.clock import today
from audit.core.db import transaction
from audit.core.ids import new_id
from audit.core.language import current_language
from audit.districts.queries import responsible_districts, towns
from audit.duties.queries import duties_of
from audit.duties.rules import DUTIES
from audit.editions.queries import checklists_in_force
from audit.findings.queries import count_open_at, open_findings_of
from audit.geo.points import Point
from audit.inspections.queries import count_missed, inspections_of, visit_numbers
from audit.journal.queries import entries_about, last_change
from audit.measures.queries import measures_of
from audit.measures.rules import KINDS as MEASURE_KINDS
from audit.measures.rules import STATES as MEASURE_STATES
from audit.register.actions import edit as edit_on_register
from audit.register.rules import ACTS
from audit.web.access import current_actor, needs
from audit.web.bulk import MOST
from audit.web.editing import Overtaken, opened, status_of, tell, undoing_nothing
from audit.web.filters import applied, forgiving, narrowing

from .. import actions, queries
from ..forms import FacilityForm, blank_form, form_of, parse_facility, parse_filter
from ..forms.far import ask_about_far, key_of
from ..forms.problems import problem_list
from ..models import Facility
from ..rules import KINDS, SEEN, FacilityKind, Review, due_on, narrowing_facts
from .extent import extent_words
from .history import changes_of, said_in_form
from .listing import REVIEWS, saying
from .standing import standing_of

bp = Blueprint("facilities", __name__, url_prefix="/facilities")
ANY_KIND = f"any({', '.join(FacilityKind)})"


@bp.app_template_global()
def kind_drawing(kind: str) -> str:
    """The SVG inside the drawing of a kind, of our own."""
    return KINDS[FacilityKind(kind)].drawing


@bp.app_template_global()
def why_off_register(facility: Facility) -> object | None:
    return queries.why_off_register(facility)


@bp.get("/")
@needs(May.SEE_FACILITIES)
@forgiving(parse_filter)
def index() -> str:
    chosen = parse_filter(request.args)
    rows, total = queries.list_facilities(current_actor(), chosen)
    query = narrowing(request.args)
    return render_template(
        "facilities/index.html",
        rows=rows,
        total=total,
        most=MOST,
        acts=ACTS.values() if current_actor().may(May.EDIT_FACILITY) else (),
        ticked=request.args.get("tick") == "page",
        chosen=chosen,
        pages=-(-total // queries.PER_PAGE),
        kinds=KINDS,
        facts=FACTS,
        reviews=REVIEWS,
        seen={one.value: words.in_(current_language()) for one, words in SEEN.items()},
        today=today(),
        due_on=due_on,
        days=queries.revisit_days(),
        narrowing=narrowing_facts(chosen.kind),
        districts=responsible_districts(),
        query=dict(query),
        applied=applied(".index", query, saying(chosen.kind)),
        open_counts=count_open_at([row.id for row in rows]),
    )


@bp.get("/near")
@needs(May.SEE_FACILITIES)
def near() -> str:
    """Places around the phone's position, the nearest first. Without one, a form asks for it."""
    sent = [request.args.get(name, "") for name in ("lon", "lat")]
    here = _point(*sent)
    found = queries.nearest_facilities(current_actor(), here) if here else []
    return render_template(
        "facilities/near.html",
        here=here,
        sent=sent,
        problem=_("这不是一个位置。请填十进制度数，如经度 104.627600、纬度 30.122200。")
        if any(sent) and not here
        else "",
        found=found,
        kinds=KINDS,
        open_counts=count_open_at([facility.id for facility, _metres in found]),
    )


@bp.get("/new")
@needs(May.ADD_FACILITY)
def choose_kind() -> str:
    return render_template(
        "facilities/choose_kind.html",
        kinds=KINDS,
        place=_asked_place(),
        items=_count_items(),
    )


def _count_items() -> dict[FacilityKind, int]:
    """How many a place of each kind can be asked, where no more than its kind is known."""
    lists = checklists_in_force()
    return {
        kind: sum(
            len(possible_items(one, FacilityFacts(values={"kind": kind.value})))
            for one in lists
            if kind in one.kinds
        )
        for kind in KINDS
    }


@bp.get(f"/new/<{ANY_KIND}:kind>")
@needs(May.ADD_FACILITY)
def new(kind: str) -> ResponseReturnValue:
    form = blank_form(FacilityKind(kind))
    form.typed.update(_asked_place())
    return _form_page(form, new_id(), editing=False)


@bp.post(f"/new/<{ANY_KIND}:kind>/<uuid:facility_id>")
@needs(May.ADD_FACILITY)
def add(kind: str, facility_id: UUID) -> ResponseReturnValue:
    """Put a place on the register. One made on the spot by a supervisor waits for review."""
    actor = current_actor()
    form = parse_facility(FacilityKind(kind), request.form)
    _keep_to_own_districts(form, actor, May.ADD_FACILITY)
    ask_about_far(form)
    if form.draft is None:
        return _form_page(form, facility_id, editing=False)
    trusted = actor.may(May.EDIT_FACILITY, form.draft.district_code)
    with transaction():
        facility = actions.add_facility(
            facility_id, form.draft, actor, Review.ACCEPTED if trusted else Review.WAITING
        )
        where = url_for(".show", facility_id=facility.id)
    flash(
        _("设施已登记。") if trusted else _("设施已登记，待管理人员核对。您可以现在就检查它。"),
        "success",
    )
    return redirect(where, HTTPStatus.SEE_OTHER)


@bp.get("/<uuid:facility_id>")
@needs(May.SEE_FACILITIES)
def show(facility_id: UUID) -> str:
    actor = current_actor()
    facility = queries.get_facility(facility_id, actor)
    inspections = inspections_of(facility.id, actor)
    findings = open_findings_of(facility.id)
    return render_template(
        "facilities/show.html",
        facility=facility,
        kind=KINDS[FacilityKind(facility.kind)],
        is_site=facility.kind is FacilityKind.WEBSITE,
        facts=FACTS,
        extent=extent_words(facility),
        checklists=checklists_in_force(facility.kind),
        findings=findings,
        standing=standing_of(facility, findings, inspections),
        open_count=count_open_at([facility.id]).get(facility.id, {}),
        inspections=inspections,
        missed=count_missed([one.id for one in inspections]),
        merged=queries.merged_into(facility.id),
        became=queries.became(facility),
        parts=queries.split_off(facility.id),
        numbers=visit_numbers(inspections),
        changes=changes_of(entries_about("facility", facility.id)),
        left=None if facility.active else queries.why_left(facility.id),
        twins=queries.twins_of(facility, actor) if _waits(facility) else [],
        duties=duties_of(facility.id),
        duty_titles=DUTIES,
        measures=measures_of(facility.id),
        measure_titles=MEASURE_KINDS,
        measure_states=MEASURE_STATES,
        may_edit=actor.may(May.EDIT_FACILITY, facility.district_code),
        may_refuse=actor.may(May.CONFIRM, facility.district_code),
        may_inspect=actor.may(May.INSPECT, facility.district_code),
    )


def _waits(facility: Facility) -> bool:
    return facility.active and facility.review is Review.WAITING


@bp.route("/<uuid:facility_id>/edit", methods=["GET", "POST"])
@needs(May.EDIT_FACILITY)
def edit(facility_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    facility = queries.get_facility(facility_id, actor, May.EDIT_FACILITY)
    if request.method == "GET":
        return _form_page(opened(form_of(facility)), facility_id, editing=True)
    form = parse_facility(FacilityKind(facility.kind), request.form)
    _keep_to_own_districts(form, actor, May.EDIT_FACILITY)
    ask_about_far(form)
    if form.draft is None:
        return _form_page(form, facility_id, editing=True)
    try:
        with transaction():
            facility = queries.get_facility(facility_id, actor, May.EDIT_FACILITY)
            with undoing_nothing(form, lambda: _stated(facility)):
                edit_on_register(facility, form.draft, actor)
    except Overtaken as error:
        tell(form, error, last_change("facility", facility_id, "edit"), said_in_form)
        return _form_page(form, facility_id, editing=True)
    flash(_("设施资料已更新。"), "success")
    return redirect(url_for(".show", facility_id=facility_id), HTTPStatus.SEE_OTHER)


def _keep_to_own_districts(form: FacilityForm, actor: Actor, deed: May) -> None:
    if form.draft and not actor.may(deed, form.draft.district_code):
        form.problems["district"] = _("您不负责这个区县，请选择您负责的区县。")
        form.draft = None


def _stated(facility: Facility) -> dict[str, str]:
    """By control; `far_known` only follows from the others."""
    return {name: text for name, text in form_of(facility).typed.items() if name != "far_known"}


@bp.post("/<uuid:facility_id>/accept")
@needs(May.EDIT_FACILITY)
def accept(facility_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        actions.accept_facility(queries.get_facility(facility_id, actor, May.EDIT_FACILITY), actor)
    flash(_("已核对，设施正式登记。"), "success")
    return redirect(url_for(".show", facility_id=facility_id), HTTPStatus.SEE_OTHER)


def _form_page(form: FacilityForm, facility_id: UUID, *, editing: bool) -> ResponseReturnValue:
    districts = _own_districts(current_actor())
    page = render_template(
        "facilities/form.html",
        form=form,
        problems=problem_list(form),
        far_key=key_of(form),
        facility_id=facility_id,
        editing=editing,
        kind=KINDS[form.kind],
        facts=FACTS,
        districts=districts,
        towns=towns(),
        organisations=organisations(),
    )
    return page, status_of(form)


def _own_districts(actor: Actor) -> list[object]:
    codes = actor.districts_for(May.ADD_FACILITY)
    return [one for one in responsible_districts() if codes is None or one.code in codes]


def _asked_place() -> dict[str, str]:
    here = _point(request.args.get("lon", ""), request.args.get("lat", ""))
    return {"lon": f"{here.lon:.6f}", "lat": f"{here.lat:.6f}"} if here else {}


def _point(lon: str, lat: str) -> Point | None:
    try:
        return Point(float(lon), float(lat))
    except ValueError:
        return None
