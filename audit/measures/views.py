from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.queries import choosable, get_organisation
from audit.checklists.rules import FACTS
from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import NotFound
from audit.core.ids import new_id
from audit.core.language import current_language
from audit.districts.queries import responsible_districts
from audit.facilities.models import Facility
from audit.facilities.queries import get_facility
from audit.journal.queries import last_change
from audit.web.access import current_actor, needs
from audit.web.editing import Overtaken, opened, status_of, tell, undoing_nothing
from audit.web.filters import applied, forgiving, narrowing

from . import actions, queries
from .forms import MeasureForm, form_of, parse_done_on, parse_filter, parse_measure
from .rules import KINDS, NEXT, STATES, MeasureKind, MeasureState

bp = Blueprint("measures", __name__)


@bp.get("/measures/")
@needs(May.SEE_FACILITIES)
@forgiving(parse_filter)
def index() -> str:
    """Everything planned, by year, with what it costs."""
    actor, chosen = current_actor(), parse_filter(request.args)
    found = queries.list_measures(actor, chosen)
    query = narrowing(request.args)
    return render_template(
        "measures/index.html",
        found=found,
        chosen=chosen,
        pages=-(-found.total // queries.PER_PAGE),
        years=queries.years_of(actor),
        kinds=KINDS,
        states=STATES,
        districts=responsible_districts(),
        programmes=_programmes(),
        query=dict(query),
        applied=applied(".index", query, _say),
    )


def _programmes() -> list[tuple[str, str]]:
    words, language = FACTS["programmes"].values, current_language()
    return [(str(value), text.alone(language)) for value, text in words.items()]


def _in_form(control: str, text: str) -> str:
    """A value of the form in words."""
    if control == "organisation":
        return get_organisation(UUID(text)).name
    return KINDS[MeasureKind(text)].in_(current_language()) if control == "kind" else text


def _say(name: str, value: str) -> str:
    """One condition of the address in words."""
    language = current_language()
    words = {
        "kind": {kind.value: text.in_(language) for kind, text in KINDS.items()},
        "state": {state.value: text.in_(language) for state, text in STATES.items()},
        "district": {one.code: one.title for one in responsible_districts()},
        "programme": dict(_programmes()),
    }
    if name == "year":
        return str(_("%(year)s 年", year=value))
    return str(words.get(name, {}).get(value, ""))


@bp.get("/facilities/<uuid:facility_id>/measures")
@needs(May.EDIT_FACILITY)
def of_facility(facility_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    facility = get_facility(facility_id, actor, May.EDIT_FACILITY)
    form = MeasureForm({"organisation": str(facility.organisation_id or "")})
    return _page(facility, actor, form, new_id())


@bp.post("/facilities/<uuid:facility_id>/measures/<uuid:measure_id>")
@needs(May.EDIT_FACILITY)
def plan(facility_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    facility = get_facility(facility_id, actor, May.EDIT_FACILITY)
    form = parse_measure(request.form, _allowed(actor))
    if form.draft is None:
        return _page(facility, actor, form, measure_id)
    with transaction():
        place = get_facility(facility_id, actor, May.EDIT_FACILITY)
        actions.plan_measure(measure_id, place, form.draft, actor)
    flash(_("已列入计划。"), "success")
    return redirect(url_for(".of_facility", facility_id=facility_id), HTTPStatus.SEE_OTHER)


@bp.route("/facilities/<uuid:facility_id>/measures/<uuid:measure_id>/edit", methods=["GET", "POST"])
@needs(May.EDIT_FACILITY)
def edit(facility_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    facility = get_facility(facility_id, actor, May.EDIT_FACILITY)
    measure = queries.get_measure(facility, measure_id)
    if request.method == "GET":
        return _page(facility, actor, opened(form_of(measure)), measure_id, editing=True)
    form = parse_measure(request.form, _allowed(actor))
    if form.draft is None:
        return _page(facility, actor, form, measure_id, editing=True)
    try:
        with transaction():
            place = get_facility(facility_id, actor, May.EDIT_FACILITY)
            measure = queries.get_measure(place, measure_id)
            with undoing_nothing(form, lambda: form_of(measure).typed):
                actions.change_measure(place, measure, form.draft, actor)
    except Overtaken as error:
        known = {"measure_id": str(measure_id)}
        last = last_change("facility", facility_id, "change_measure", **known)
        tell(form, error, last, _in_form)
        return _page(facility, actor, form, measure_id, editing=True)
    flash(_("修改已保存。"), "success")
    return redirect(url_for(".of_facility", facility_id=facility_id), HTTPStatus.SEE_OTHER)


@bp.post("/facilities/<uuid:facility_id>/measures/<uuid:measure_id>/state")
@needs(May.EDIT_FACILITY)
def move(facility_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    """To the next state; `done_on` is the day on which it was done, today when left out."""
    actor, state = current_actor(), request.form.get("state", "")
    if state not in set(MeasureState):
        raise NotFound
    on = parse_done_on(request.form.get("done_on", ""))
    if on is None:
        flash(_("完成日期不对：请按 2026-05-01 的样子填，不晚于今天。"), "error")
        return redirect(url_for(".of_facility", facility_id=facility_id), HTTPStatus.SEE_OTHER)
    with transaction():
        place = get_facility(facility_id, actor, May.EDIT_FACILITY)
        measure = queries.get_measure(place, measure_id)
        actions.move_measure(place, measure, MeasureState(state), on, actor)
    flash(_("状态已更新。"), "success")
    return redirect(url_for(".of_facility", facility_id=facility_id), HTTPStatus.SEE_OTHER)


def _allowed(actor: Actor) -> list[UUID]:
    return [one.id for one in choosable(actor, May.SEE_ORGANISATIONS)]


def _page(
    facility: Facility, actor: Actor, form: MeasureForm, measure_id: UUID, *, editing: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "measures/of_facility.html",
        facility=facility,
        form=form,
        measure_id=measure_id,
        editing=editing,
        measures=queries.measures_of(facility.id),
        kinds=KINDS,
        states=STATES,
        next_states=NEXT,
        organisations=choosable(actor, May.SEE_ORGANISATIONS),
    )
    return page, status_of(form)
