from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import Actor, May, Role
from audit.core.db import transaction
from audit.core.errors import Invalid, NotFound
from audit.districts.queries import responsible_districts
from audit.journal.models import JournalEntry
from audit.journal.queries import entries_about, last_change
from audit.web.access import current_actor, needs
from audit.web.editing import Overtaken, opened, status_of, tell, undoing_nothing
from audit.web.fields import one_line
from audit.web.filters import applied, forgiving, narrowing

from .. import actions, queries
from ..forms import (
    PersonForm,
    form_of_person,
    parse_details,
    parse_people_filter,
    parse_person,
    parse_role,
)
from ..forms.people import choices_of
from ..models import RoleGrant, User
from ..rules import ROLES, RoleAt, is_above, may_grant
from .history import changes_of, person_in_form, say_person
from .slips import Slip, show_slips, slips_page

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("/")
@needs(May.SEE_PEOPLE)
@forgiving(parse_people_filter)
def index() -> str:
    actor = current_actor()
    chosen = parse_people_filter(request.args)
    rows, total = queries.list_people(actor, chosen)
    query = narrowing(request.args)
    return render_template(
        "accounts/people.html",
        rows=rows,
        total=total,
        chosen=chosen,
        pages=-(-total // queries.PER_PAGE),
        roles=ROLES,
        districts=responsible_districts(),
        query=dict(query),
        applied=applied(".index", query, say_person),
    )


@bp.route("/new", methods=["GET", "POST"])
@needs(May.MANAGE_PEOPLE)
def new() -> ResponseReturnValue:
    actor = current_actor()
    if request.method == "GET":
        asked = {name: request.args.get(name, "")[:60] for name in ("organisation", "role")}
        return _form_page(PersonForm(asked), actor, None)
    form = parse_person(request.form, actor)
    if form.draft is None:
        return _form_page(form, actor, None)
    try:
        with transaction():
            user, code = actions.add_user(
                form.draft.login,
                form.draft.name,
                [(one.role, one.district) for one in form.draft.roles],
                actor,
                organisation_id=form.draft.organisation_id,
            )
            slip = Slip.of(user, code)
    except Invalid as error:
        form.problems.update({name: str(text) for name, text in error.problems.items()})
        return _form_page(form, actor, None)
    return show_slips([slip], _("账号已建好"))


@bp.get("/<uuid:user_id>")
@needs(May.SEE_PEOPLE)
def show(user_id: UUID) -> str:
    actor = current_actor()
    return _page(queries.person_for(user_id, actor), actor)


def _page(
    user: User, actor: Actor, form: PersonForm | None = None, why: dict[str, str] | None = None
) -> str:
    is_other = actor.may(May.MANAGE_PEOPLE) and actor.id != user.id
    above = is_other and is_above(actor, user.roles())
    return render_template(
        "accounts/person.html",
        person=user,
        roles=ROLES,
        form=form or PersonForm(),
        why_problems=why or {},
        why=request.form.get("why", ""),
        choices=choices_of(actor) if is_other and user.active else None,
        taken={one.id: is_other and may_grant(actor, _role_at(one)) for one in user.grants},
        is_other=is_other,
        above=above,
        may_close=above or (is_other and Role.SECURITY in actor.roles()),
        changes=changes_of(_history(user, actor)),
    )


def _history(user: User, actor: Actor) -> list[JournalEntry]:
    """When somebody signs in and out is for those who watch over security."""
    entries = entries_about("user", user.id, 100)
    if actor.may(May.SEE_JOURNAL):
        return list(entries)
    return [one for one in entries if one.verb not in {"sign_in", "sign_out", "login_failed"}]


def _role_at(grant: RoleGrant) -> RoleAt:
    return RoleAt(grant.role, grant.district_code)


@bp.route("/<uuid:user_id>/edit", methods=["GET", "POST"])
@needs(May.MANAGE_PEOPLE)
def edit(user_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    user = queries.person_for(user_id, actor)
    if request.method == "GET":
        return _form_page(opened(form_of_person(user)), actor, user)
    form = parse_details(request.form, user, actor)
    if form.draft is None:
        return _form_page(form, actor, user)
    try:
        with transaction():
            known = queries.person_for(user_id, actor)
            with undoing_nothing(form, lambda: form_of_person(known).typed):
                actions.edit_user(known, form.draft.name, form.draft.organisation_id, actor)
    except Invalid as error:
        form.problems.update({name: str(text) for name, text in error.problems.items()})
        return _form_page(form, actor, queries.person_for(user_id, actor))
    except Overtaken as error:
        tell(form, error, last_change("user", user_id, "edit"), person_in_form)
        return _form_page(form, actor, queries.person_for(user_id, actor))
    flash(_("账号资料已更新。"), "success")
    return redirect(url_for(".show", user_id=user_id), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:user_id>/roles")
@needs(May.MANAGE_PEOPLE)
def add_role(user_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    user = queries.person_for(user_id, actor)
    form, role = parse_role(request.form, user, actor)
    if role is None:
        return _page(user, actor, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            actions.grant_role(queries.person_for(user_id, actor), role, actor)
    except Invalid as error:
        form.problems.update({name: str(text) for name, text in error.problems.items()})
        again = queries.person_for(user_id, actor)
        return _page(again, actor, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("角色已添加。"), "success")
    return redirect(url_for(".show", user_id=user_id), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:user_id>/roles/<uuid:grant_id>/remove")
@needs(May.MANAGE_PEOPLE)
def remove_role(user_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        user = queries.person_for(user_id, actor)
        grant = next((one for one in user.grants if one.id == grant_id), None)
        if grant is None:
            raise NotFound
        actions.revoke_role(user, grant, actor)
    flash(_("角色已取消，这个人已从所有设备退出登录。"), "success")
    return _back_to(user_id, actor)


def _back_to(user_id: UUID, actor: Actor) -> ResponseReturnValue:
    """To the person's page, or to the list where the person is not one's own any more."""
    try:
        queries.person_for(user_id, actor)
    except NotFound:
        return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)
    return redirect(url_for(".show", user_id=user_id), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:user_id>/<any(close, reopen):verb>")
@needs(May.MANAGE_PEOPLE)
def turn(user_id: UUID, verb: str) -> ResponseReturnValue:
    """Close, with a reason; or open again."""
    actor = current_actor()
    user = queries.person_for(user_id, actor)
    why = one_line(request.form.get("why", ""))[:500]
    if verb == "close" and not why:
        problems = {"why": _("请写明停用的原因。")}
        return _page(user, actor, why=problems), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction():
        known = queries.person_for(user_id, actor)
        if verb == "close":
            actions.disable_user(known, actor, why)
        else:
            actions.enable_user(known, actor)
    flash(_("账号已停用，并已退出登录。") if verb == "close" else _("账号已恢复使用。"), "success")
    return redirect(url_for(".show", user_id=user_id), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:user_id>/code")
@needs(May.MANAGE_PEOPLE)
def code(user_id: UUID) -> ResponseReturnValue:
    """A new one-time code, shown to whoever asked for it and never again."""
    actor = current_actor()
    with transaction():
        user = queries.person_for(user_id, actor)
        slip = Slip.of(user, actions.reset_password(user, actor))
    return show_slips([slip], _("新的一次性密码"))


@bp.get("/slips/<uuid:sheet_id>")
@needs(May.MANAGE_PEOPLE)
def slips(sheet_id: UUID) -> str:
    return slips_page(sheet_id)


def _form_page(form: PersonForm, actor: Actor, user: User | None) -> ResponseReturnValue:
    page = render_template(
        "accounts/person_form.html",
        form=form,
        person=user,
        roles=ROLES,
        choices=choices_of(actor),
    )
    return page, status_of(form)
