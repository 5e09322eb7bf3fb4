from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Invalid
from audit.districts.queries import responsible_districts
from audit.duties.queries import places_of
from audit.duties.rules import DUTIES
from audit.journal.queries import entries_about, last_change
from audit.web.access import current_actor, needs
from audit.web.editing import Overtaken, opened, status_of, tell, undoing_nothing
from audit.web.filters import applied, forgiving, narrowing

from .. import actions, queries
from ..forms import (
    OrganisationForm,
    form_of_organisation,
    parse_organisation,
    parse_organisation_filter,
)
from ..forms.organisations import covers_city, own_districts
from ..models import Organisation
from ..rules import ORGANISATION_KINDS, covers
from .history import changes_of, organisation_in_form, say_organisation

bp = Blueprint("organisations", __name__, url_prefix="/organisations")
LABELS = ("name", "kind", "district", "parent", "credit_code", "phone", "address")


@bp.get("/")
@needs(May.SEE_ORGANISATIONS)
@forgiving(parse_organisation_filter)
def index() -> str:
    chosen = parse_organisation_filter(request.args)
    rows, total = queries.list_organisations(current_actor(), chosen)
    query = narrowing(request.args)
    return render_template(
        "accounts/organisations.html",
        rows=rows,
        total=total,
        chosen=chosen,
        pages=-(-total // queries.PER_PAGE),
        kinds=ORGANISATION_KINDS,
        districts=responsible_districts(),
        query=dict(query),
        applied=applied(".index", query, say_organisation),
    )


@bp.route("/new", methods=["GET", "POST"])
@needs(May.MANAGE_ORGANISATIONS)
def new() -> ResponseReturnValue:
    actor = current_actor()
    if request.method == "GET":
        asked = {name: request.args.get(name, "")[:60] for name in ("parent", "kind")}
        return _form_page(OrganisationForm(asked), actor, None)
    form = parse_organisation(request.form, actor)
    if form.draft is None:
        return _form_page(form, actor, None)
    try:
        with transaction():
            made = actions.register_organisation(form.draft, actor).id
    except Invalid as error:
        return _refused(form, error, actor, None)
    flash(_("单位已登记。"), "success")
    return redirect(url_for(".show", organisation_id=made), HTTPStatus.SEE_OTHER)


@bp.get("/<uuid:organisation_id>")
@needs(May.SEE_ORGANISATIONS)
def show(organisation_id: UUID) -> str:
    actor = current_actor()
    return _page(queries.organisation_for(organisation_id, actor), actor)


def _page(organisation: Organisation, actor: Actor, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "accounts/organisation.html",
        organisation=organisation,
        kinds=ORGANISATION_KINDS,
        departments=queries.departments_of(organisation),
        members=queries.members_of(organisation.id, actor),
        places=places_of(organisation.id, actor),
        duty_titles=DUTIES,
        changes=changes_of(entries_about("organisation", organisation.id, 20)),
        may_edit=covers(actor, May.MANAGE_ORGANISATIONS, organisation.district_code),
        problems=problems or {},
        why=request.form.get("why", ""),
    )


@bp.route("/<uuid:organisation_id>/edit", methods=["GET", "POST"])
@needs(May.MANAGE_ORGANISATIONS)
def edit(organisation_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    organisation = queries.organisation_for(organisation_id, actor, May.MANAGE_ORGANISATIONS)
    if request.method == "GET":
        return _form_page(opened(form_of_organisation(organisation)), actor, organisation)
    form = parse_organisation(request.form, actor)
    if form.draft is None:
        return _form_page(form, actor, organisation)
    try:
        with transaction():
            known = queries.organisation_for(organisation_id, actor, May.MANAGE_ORGANISATIONS)
            with undoing_nothing(form, lambda: form_of_organisation(known).typed):
                actions.edit_organisation(known, form.draft, actor)
    except Invalid as error:
        return _refused(form, error, actor, organisation)
    except Overtaken as error:
        last = last_change("organisation", organisation_id, "edit")
        tell(form, error, last, organisation_in_form)
        return _form_page(form, actor, organisation)
    flash(_("单位资料已更新。"), "success")
    return redirect(url_for(".show", organisation_id=organisation_id), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:organisation_id>/<any(close, reopen):verb>")
@needs(May.MANAGE_ORGANISATIONS)
def turn(organisation_id: UUID, verb: str) -> ResponseReturnValue:
    """Close, with a reason; or open again."""
    actor = current_actor()
    organisation = queries.organisation_for(organisation_id, actor, May.MANAGE_ORGANISATIONS)
    why = request.form.get("why", "").strip()[:500]
    if verb == "close" and not why:
        problems = {"why": _("请写明停用的原因。")}
        return _page(organisation, actor, problems), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            known = queries.organisation_for(organisation_id, actor, May.MANAGE_ORGANISATIONS)
            if verb == "close":
                actions.close_organisation(known, actor, why)
            else:
                actions.reopen_organisation(known, actor)
    except Invalid as error:
        problems = {"why": str(error.message)}
        return _page(organisation, actor, problems), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("单位已停用。") if verb == "close" else _("单位已恢复使用。"), "success")
    return redirect(url_for(".show", organisation_id=organisation_id), HTTPStatus.SEE_OTHER)


def _refused(
    form: OrganisationForm, error: Invalid, actor: Actor, organisation: Organisation | None
) -> ResponseReturnValue:
    form.problems.update({name: str(text) for name, text in error.problems.items()})
    return _form_page(form, actor, organisation)


def _form_page(
    form: OrganisationForm, actor: Actor, organisation: Organisation | None
) -> ResponseReturnValue:
    itself = organisation.id if organisation else None
    above = queries.choosable(actor, May.SEE_ORGANISATIONS)
    page = render_template(
        "accounts/organisation_form.html",
        form=form,
        organisation=organisation,
        kinds=ORGANISATION_KINDS,
        districts=own_districts(actor),
        city_too=covers_city(actor),
        parents=[one for one in above if one.id != itself],
    )
    return page, status_of(form)
