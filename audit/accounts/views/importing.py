"""Accounts from a table: send the file, name its columns, see what every row would become, take
all of it in; then a sheet of codes, shown once."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.ids import new_id
from audit.core.language import current_language
from audit.tables.columns import guessed_columns
from audit.tables.problems import Fault, TableRefusedError
from audit.tables.reading import MAX_BYTES, Table, read_table
from audit.tables.writing import xlsx_of
from audit.web.access import current_actor, needs
from audit.web.fields import one_line

from .. import actions, queries
from ..forms.importing import field_title, parse_plan, plan_query, try_rows
from ..forms.people import choices_of
from ..models import PeopleImport
from ..rules import ROLES
from ..rules.importing import FIELDS, MOST_PEOPLE, REQUIRED, Plan, RowState, TriedRow
from .history import role_text
from .slips import Slip, show_slips

bp = Blueprint("newcomers", __name__, url_prefix="/people/import")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAMPLES = 3


@bp.get("/")
@needs(May.MANAGE_PEOPLE)
def new() -> ResponseReturnValue:
    return _new_page("")


@bp.get("/template.xlsx")
@needs(May.MANAGE_PEOPLE)
def template() -> ResponseReturnValue:
    """An empty table with the right header."""
    columns = [one.title.in_(current_language()) for one in FIELDS.values()]
    answer = Response(xlsx_of(_("人员"), columns, []), content_type=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="people.xlsx"'
    return answer


@bp.post("/<uuid:import_id>")
@needs(May.MANAGE_PEOPLE)
def read(import_id: UUID) -> ResponseReturnValue:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _new_page(_("请选择一个文件。"))
    try:
        table = _table(file.read(MAX_BYTES + 1))
    except TableRefusedError as refused:
        return _new_page(refused.in_(current_language()))
    with transaction():
        actions.keep_table(import_id, one_line(file.filename), table, current_actor())
    return redirect(url_for(".columns", import_id=import_id), HTTPStatus.SEE_OTHER)


def _table(raw: bytes) -> Table:
    table = read_table(raw)
    if len(table.rows) > MOST_PEOPLE:
        raise TableRefusedError(Fault.TOO_LONG, MOST_PEOPLE)
    return table


def _new_page(problem: str) -> ResponseReturnValue:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    page = render_template(
        "accounts/import_new.html", import_id=new_id(), problem=problem, most=MOST_PEOPLE
    )
    return page, status


@bp.get("/<uuid:import_id>/columns")
@needs(May.MANAGE_PEOPLE)
def columns(import_id: UUID) -> ResponseReturnValue:
    kept = queries.get_people_import(import_id, current_actor())
    if kept.done_at is not None:
        return redirect(url_for(".done", import_id=import_id), HTTPStatus.SEE_OTHER)
    plan, _problems = parse_plan(request.args, kept.columns)
    if not request.args:
        plan = Plan(guessed_columns(FIELDS, kept.columns))
    return _columns_page(kept, plan, {})


def _columns_page(kept: PeopleImport, plan: Plan, problems: dict[str, str]) -> ResponseReturnValue:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    page = render_template(
        "accounts/import_columns.html",
        kept=kept,
        plan=plan,
        problems=problems,
        fields=FIELDS,
        required=REQUIRED,
        roles=ROLES,
        choices=choices_of(current_actor()),
        samples=actions.rows_of(kept)[:SAMPLES],
    )
    return page, status


@bp.get("/<uuid:import_id>/check")
@needs(May.MANAGE_PEOPLE)
def check(import_id: UUID) -> ResponseReturnValue:
    """What each row would become. Changes nothing."""
    actor = current_actor()
    kept = queries.get_people_import(import_id, actor)
    if kept.done_at is not None:
        return redirect(url_for(".done", import_id=import_id), HTTPStatus.SEE_OTHER)
    plan, problems = parse_plan(request.args, kept.columns)
    if problems:
        return _columns_page(kept, plan, problems)
    return _check_page(kept, plan, try_rows(actions.rows_of(kept), plan, actor))


@bp.post("/<uuid:import_id>/check")
@needs(May.MANAGE_PEOPLE)
def add(import_id: UUID) -> ResponseReturnValue:
    """All of it or nothing: one bad row, and the page says so again."""
    actor = current_actor()
    kept = queries.get_people_import(import_id, actor)
    plan, problems = parse_plan(request.form, kept.columns)
    if problems:
        return _columns_page(kept, plan, problems)
    with transaction():
        kept = queries.get_people_import(import_id, actor)
        tried = try_rows(actions.rows_of(kept), plan, actor)
        drafts = [one.draft for one in tried if one.draft is not None]
        if kept.done_at is None and (not drafts or _bad(tried)):
            page = _check_page(kept, plan, tried)
            return page, HTTPStatus.UNPROCESSABLE_ENTITY
        made = actions.add_people(kept, drafts, actor)
        slips = [Slip.of(user, code) for user, code in made]
    return show_slips(slips, _("已建好 %(count)s 个账号", count=len(slips)), import_id)


def _bad(tried: list[TriedRow]) -> list[TriedRow]:
    return [one for one in tried if one.state is RowState.BAD]


def _check_page(kept: PeopleImport, plan: Plan, tried: list[TriedRow]) -> str:
    query = plan_query(plan)
    return render_template(
        "accounts/import_check.html",
        kept=kept,
        query=query,
        back=url_for(".columns", import_id=kept.id, **query),
        bad=_bad(tried),
        good=[one for one in tried if one.state is RowState.GOOD],
        there=[one for one in tried if one.state is RowState.THERE],
        title_of=field_title,
        role_text=role_text,
    )


@bp.get("/<uuid:import_id>/done")
@needs(May.MANAGE_PEOPLE)
def done(import_id: UUID) -> ResponseReturnValue:
    """How many came of it, and new codes for those who have not signed in: a sheet gets lost."""
    kept = queries.get_people_import(import_id, current_actor())
    if kept.done_at is None:
        return redirect(url_for(".columns", import_id=import_id), HTTPStatus.SEE_OTHER)
    return render_template(
        "accounts/import_done.html", kept=kept, unused=len(queries.unused_of(kept))
    )


@bp.post("/<uuid:import_id>/codes")
@needs(May.MANAGE_PEOPLE)
def codes(import_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        kept = queries.get_people_import(import_id, actor)
        slips = [Slip.of(user, code) for user, code in actions.renew_codes(kept, actor)]
    if not slips:
        flash(_("这份名单里的人都已经设置了自己的密码。"), "info")
        return redirect(url_for(".done", import_id=import_id), HTTPStatus.SEE_OTHER)
    return show_slips(slips, _("%(count)s 个新的一次性密码", count=len(slips)), import_id)


@bp.post("/<uuid:import_id>/drop")
@needs(May.MANAGE_PEOPLE)
def drop(import_id: UUID) -> ResponseReturnValue:
    actor: Actor = current_actor()
    with transaction():
        actions.drop_import(queries.get_people_import(import_id, actor))
    flash(_("名单已删除，没有建任何账号。"), "success")
    return redirect(url_for("people.index"), HTTPStatus.SEE_OTHER)
