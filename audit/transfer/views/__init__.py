from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Invalid
from audit.core.ids import new_id
from audit.core.language import current_language
from audit.districts.queries import responsible_districts
from audit.facilities.forms.far import told_far
from audit.facilities.forms.problems import problem_list
from audit.facilities.rules import KINDS
from audit.tables.problems import TableRefusedError
from audit.web.access import current_actor, needs
from audit.web.downloads import as_download
from audit.web.fields import one_line
from audit.web.filters import page_number

from .. import actions, queries
from ..forms import NO_KIND, RowReader, parse_plan, try_rows
from ..models import FacilityImport, ImportRow
from ..rules.columns import FIELDS, Plan, guessed, guessed_datum
from ..rules.reading import FileRefusedError, read_file
from ..rules.states import ASKED, AT_WORK, OVERFLOWS, STANDING, ImportState, RowState
from .files import bad_rows_csv

bp = Blueprint("transfer", __name__, url_prefix="/imports")
SAMPLES = 3


@bp.get("/")
@needs(May.EDIT_FACILITY)
def index() -> str:
    return render_template("transfer/index.html", imports=queries.list_imports(current_actor()))


@bp.get("/new")
@needs(May.EDIT_FACILITY)
def new() -> str:
    return render_template("transfer/new.html", import_id=new_id(), problem="")


@bp.post("/new/<uuid:import_id>")
@needs(May.EDIT_FACILITY)
def read(import_id: UUID) -> ResponseReturnValue:
    file = request.files.get("file")
    raw = file.read() if file else b""
    name = one_line(file.filename or "") if file else ""
    try:
        table = read_file(raw) if raw else None
    except (FileRefusedError, TableRefusedError) as refused:
        return _new_again(import_id, _refusal(refused))
    if table is None:
        return _new_again(import_id, _("请选择一个文件。"))
    with transaction():
        actions.keep_file(import_id, name or "file", table, current_actor())
    return redirect(url_for(".columns", import_id=import_id), HTTPStatus.SEE_OTHER)


@bp.route("/<uuid:import_id>/columns", methods=["GET", "POST"])
@needs(May.EDIT_FACILITY)
def columns(import_id: UUID) -> ResponseReturnValue:
    """Name the columns; sending it tries every row, and changes no facility."""
    actor = current_actor()
    kept = queries.get_import(import_id, actor)
    if request.method == "GET":
        plan = Plan.of(kept.plan)
        if not kept.plan:
            plan = Plan(guessed(kept.columns), datum=guessed_datum(kept.columns))
        return _columns_page(kept, plan, {})
    plan = parse_plan(request.form, kept.columns)
    problems = _plan_problems(plan)
    if problems:
        return _columns_page(kept, plan, problems)
    trial = try_rows(queries.all_rows(import_id), plan, actor)
    with transaction():
        kept = queries.get_import(import_id, actor)
        actions.keep_trial(kept, plan, trial.rows, trial.offers, actor)
    return redirect(url_for(".show", import_id=import_id), HTTPStatus.SEE_OTHER)


@bp.get("/<uuid:import_id>")
@needs(May.EDIT_FACILITY)
def show(import_id: UUID) -> ResponseReturnValue:
    kept = queries.get_import(import_id, current_actor())
    if kept.state is ImportState.READ:
        return redirect(url_for(".columns", import_id=import_id), HTTPStatus.SEE_OTHER)
    return _show_page(kept, "")


@bp.post("/<uuid:import_id>/twins")
@needs(May.EDIT_FACILITY)
def twins(import_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        kept = queries.get_import(import_id, actor)
        actions.choose_asked(kept, _lines("shown"), _lines("take"))
    flash(_("已记下您的选择。"), "success")
    page = request.form.get("page", "1")
    state = "far" if request.form.get("state") == "far" else "twin"
    where = url_for(".show", import_id=import_id, state=state, page=page)
    return redirect(where, HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:import_id>/add")
@needs(May.EDIT_FACILITY)
def add(import_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    try:
        with transaction():
            actions.start_adding(queries.get_import(import_id, actor), actor)
    except Invalid as refused:
        return _show_page(queries.get_import(import_id, actor), str(refused.problems["add"]))
    return redirect(url_for(".show", import_id=import_id), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:import_id>/undo")
@needs(May.EDIT_FACILITY)
def undo(import_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        actions.start_undoing(queries.get_import(import_id, actor), actor)
    return redirect(url_for(".show", import_id=import_id), HTTPStatus.SEE_OTHER)


@bp.get("/<uuid:import_id>/bad.csv")
@needs(May.EDIT_FACILITY)
def bad(import_id: UUID) -> ResponseReturnValue:
    """The rows that cannot be added, as they were, each with its line and the reason."""
    actor = current_actor()
    kept = queries.get_import(import_id, actor)
    rows = queries.all_rows(import_id, RowState.BAD)
    reasons = _reasons(kept, rows, actor)
    return as_download(bad_rows_csv(kept.columns, rows, reasons), "import-problems", "csv")


def _new_again(import_id: UUID, problem: str) -> ResponseReturnValue:
    page = render_template("transfer/new.html", import_id=import_id, problem=problem)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _refusal(refused: FileRefusedError | TableRefusedError) -> str:
    language = current_language()
    if isinstance(refused, TableRefusedError):
        return refused.in_(language)
    return refused.en if language == "en" else refused.zh


def _plan_problems(plan: Plan) -> dict[str, str]:
    problems = {}
    if "name" not in plan.columns:
        problems["column.name"] = _("请指出哪一列是名称。")
    if "kind" not in plan.columns and not plan.kind:
        problems["kind"] = _("文件里没有类别这一列时，请在这里选一个类别。")
    doubled = len(plan.columns) - len(set(plan.columns.values()))
    if doubled:
        problems["column.name"] = _("有一列被用了两次。请让每一列只对应一项。")
    return problems


def _columns_page(
    kept: FacilityImport, plan: Plan, problems: dict[str, str]
) -> ResponseReturnValue:
    page = render_template(
        "transfer/columns.html",
        kept=kept,
        plan=plan,
        fields=FIELDS,
        samples=queries.list_rows(kept.id, None, 1)[:SAMPLES],
        problems=problems,
        kinds=KINDS,
        districts=responsible_districts(),
        may_try=kept.state in STANDING,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK


def _show_page(kept: FacilityImport, problem: str) -> ResponseReturnValue:
    actor = current_actor()
    counts = queries.count_rows(kept.id)
    state = _asked_state(counts)
    page = page_number(request.args)
    rows = queries.list_rows(kept.id, state, page)
    html = render_template(
        "transfer/show.html",
        kept=kept,
        plan=Plan.of(kept.plan),
        counts={one.value: counts.get(one, 0) for one in RowState},
        taken=queries.count_taken(kept.id),
        chosen=state,
        rows=rows,
        reasons=_reasons(kept, rows, actor) if state in (RowState.BAD, *ASKED) else {},
        twins=queries.twins_of(rows, actor),
        page=page,
        pages=-(-counts.get(state, 0) // queries.PER_PAGE),
        fields=FIELDS,
        kinds=KINDS,
        problem=problem,
        is_at_work=kept.state in AT_WORK,
    )
    return html, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK


def _asked_state(counts: dict[RowState, int]) -> RowState:
    """The rows to show: those asked for, else those that need a person most."""
    asked = request.args.get("state", "")
    if asked in set(RowState):
        return RowState(asked)
    order = (
        RowState.BAD,
        RowState.FAR,
        RowState.TWIN,
        RowState.KEPT,
        RowState.GOOD,
        RowState.ADDED,
    )
    return next((one for one in order if counts.get(one)), RowState.GOOD)


def _reasons(
    kept: FacilityImport, rows: Sequence[ImportRow], actor: Actor
) -> dict[int, list[tuple[str, str]]]:
    """By line: the field and what is wrong with it, in the language of who reads."""
    reader = RowReader(Plan.of(kept.plan), actor)
    return {row.line: _row_reasons(reader, row) for row in rows}


def _row_reasons(reader: RowReader, row: ImportRow) -> list[tuple[str, str]]:
    if row.error == OVERFLOWS:
        return [("", _("这一行的列数比表头多。"))]
    form = reader.read(row.cells)
    if NO_KIND in form.problems:
        title = FIELDS["kind"].title.in_(current_language())
        return [("kind", f"{title}{_('：')}{form.problems[NO_KIND]}")]
    if row.state in ASKED:
        return [("far", told_far(form.stray))] if form.stray else []
    return problem_list(form) or [("", row.error or _("导入的人那时不负责这个区县。"))]


def _lines(name: str) -> list[int]:
    sent: list[Any] = request.form.getlist(name)
    return [int(text) for text in sent if text.isascii() and text.isdigit() and len(text) < 8]
