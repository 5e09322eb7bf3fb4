"""A preview of another edition: what it would say of what was measured. It changes nothing."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Row

from audit.accounts.rules import covers
from audit.checklists.loader import (
    UnknownChecklist,
    all_checklists,
    editions_of,
    get_checklist,
)
from audit.checklists.rules import Checklist
from audit.core.actors import Actor, May
from audit.core.clock import here, today
from audit.core.db import transaction
from audit.core.errors import NotAllowed, NotFound
from audit.core.ids import new_id
from audit.core.language import current_language
from audit.districts.queries import responsible_districts
from audit.editions.queries import editions_in_force
from audit.tables.writing import Cell, csv_of, xlsx_of
from audit.web.access import current_actor, needs
from audit.web.filters import page_number

from . import actions, queries
from .models import Rejudging
from .queries import Wanted
from .rules import CHANGES, VERDICTS, Change, State, Sums, sums_of

bp = Blueprint("rejudging", __name__, url_prefix="/standards/previews")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("/")
@needs(May.DECIDE_EDITION)
def index() -> ResponseReturnValue:
    _decider()
    return _choosing(request.args.get("edition", ""), "")


@bp.post("/start")
@needs(May.DECIDE_EDITION)
def start() -> ResponseReturnValue:
    actor, chosen = _decider(), request.form.get("edition", "")
    if chosen not in dict(_choices()):
        return _choosing(chosen, _("请选一个版本。"))
    checklist_id, edition = chosen.split(" ")
    with transaction():
        made = actions.start(new_id(), checklist_id, edition, actor).id
    flash(_("已开始计算。预览不改变任何检查和问题。"), "success")
    return redirect(url_for(".show", preview_id=made), HTTPStatus.SEE_OTHER)


@bp.get("/<uuid:preview_id>")
@needs(May.DECIDE_EDITION)
def show(preview_id: UUID) -> ResponseReturnValue:
    _decider()
    made, wanted = queries.get_rejudging(preview_id), _wanted()
    total = queries.count_rows(preview_id, wanted)
    pages = -(-total // queries.PER_PAGE)
    page = min(page_number(request.args), max(pages, 1))
    return render_template(
        "rejudging/show.html",
        made=made,
        progress=_say_progress(made),
        target=get_checklist(made.checklist_id, made.edition),
        wanted=wanted,
        sums=_sums(made, only_latest=wanted.only_latest),
        rows=queries.rows_of(preview_id, wanted, page),
        total=total,
        page=page,
        pages=pages,
        most=queries.MOST_ROWS,
        asks=_asks(made.checklist_id),
        districts=_districts(),
        changes=CHANGES,
        verdicts=VERDICTS,
        states=State,
        narrowed=_narrowed(wanted),
    )


@bp.get("/<uuid:preview_id>/progress")
@needs(May.DECIDE_EDITION)
def progress(preview_id: UUID) -> Response:
    """For the script that keeps the page of a preview under way fresh."""
    _decider()
    made = queries.get_rejudging(preview_id)
    return jsonify(text=_say_progress(made), is_under_way=made.state is State.UNDER_WAY)


@bp.get("/<uuid:preview_id>/changes.<any(csv, xlsx):ending>")
@needs(May.DECIDE_EDITION)
def changes(preview_id: UUID, ending: str) -> ResponseReturnValue:
    """What the page lists under its filter, all pages of it."""
    _decider()
    made = queries.get_rejudging(preview_id)
    columns = [_("设施编号"), _("设施"), _("区县"), _("检查项"), _("问法"), _("提交于"), _("版本"),
               _("原来的判定"), _("新版本的判定"), _("变化"), _("是最近一次")]  # fmt: skip
    rows = _cells(made, queries.all_rows(preview_id, _wanted()))
    raw = csv_of(columns, rows) if ending == "csv" else xlsx_of(_("变化"), columns, rows)
    answer = Response(raw, content_type=TYPES[ending])
    name = f"{made.checklist_id}-{made.edition}-{today():%Y%m%d}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _say_progress(made: Rejudging) -> str:
    if made.state is State.DONE:
        return str(_("已算完"))
    if made.state is State.FAILED:
        return str(_("没有算完"))
    done, total = f"{made.judged:,}", f"{made.total:,}"
    return str(_("已判 %(done)s 个答案，共 %(total)s 个", done=done, total=total))


def _decider() -> Actor:
    """A preview looks at the whole city, so it is for those who decide for it."""
    actor = current_actor()
    if not covers(actor, May.DECIDE_EDITION, None):
        raise NotAllowed
    return actor


def _choosing(chosen: str, problem: str) -> ResponseReturnValue:
    page = render_template(
        "rejudging/index.html",
        rejudgings=queries.rejudgings(),
        titles={one.id: one.title.in_(current_language()) for one in all_checklists()},
        choices=_choices(),
        chosen=chosen,
        problem=problem,
        states=State,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK


def _choices() -> list[tuple[str, str]]:
    """Every edition of every list; those that are not in force first."""
    found = []
    for checklist_id, in_force in editions_in_force().items():
        title = get_checklist(checklist_id).title.in_(current_language())
        for edition in editions_of(checklist_id):
            said = _("%(list)s，%(edition)s 版", list=title, edition=edition)
            if edition == in_force:
                said = _("%(what)s（施行中）", what=said)
            found.append((edition == in_force, f"{checklist_id} {edition}", said))
    return [(value, said) for _is_in_force, value, said in sorted(found, key=lambda one: one[0])]


def _wanted() -> Wanted:
    args = request.args
    if args.get("change", "") not in {"", *Change}:
        raise NotFound
    return Wanted(
        change=Change(args["change"]) if args.get("change") else None,
        item_id=args.get("item", "")[:64],
        district=args.get("district", "")[:12],
        only_latest=args.get("all") != "1",
    )


def _narrowed(wanted: Wanted) -> dict[str, str]:
    """What stands in the address of this list."""
    named = {
        "change": wanted.change.value if wanted.change else "",
        "item": wanted.item_id,
        "district": wanted.district,
        "all": "" if wanted.only_latest else "1",
    }
    return {name: value for name, value in named.items() if value}


def _sums(made: Rejudging, *, only_latest: bool) -> Sums:
    return sums_of(
        (one.item_id, one.district_code, one.change, one.latest if only_latest else one.answers)
        for one in queries.counts_of(made.id)
    )


def _asks(checklist_id: str) -> dict[str, str]:
    """How every item of any edition is asked; the newest edition's words win."""
    found: dict[str, str] = {}
    for edition in reversed(_editions(checklist_id)):
        found |= {item.id: item.ask.in_(current_language()) for item in edition.items}
    return found


def _editions(checklist_id: str) -> list[Checklist]:
    try:
        return [get_checklist(checklist_id, one) for one in editions_of(checklist_id)]
    except UnknownChecklist:
        return []


def _districts() -> dict[str, str]:
    return {one.code: one.title for one in responsible_districts()}


def _cells(made: Rejudging, rows: Iterator[Row[Any]]) -> Iterator[list[Cell]]:
    asks, districts, language = _asks(made.checklist_id), _districts(), current_language()
    for row in rows:
        yield [
            row.number,
            row.name,
            districts.get(row.district_code, row.district_code),
            row.item_id,
            asks.get(row.item_id, ""),
            f"{here(row.filed_at):%Y-%m-%d %H:%M}",
            row.edition,
            VERDICTS[row.was].in_(language),
            VERDICTS[row.becomes].in_(language),
            CHANGES[row.change].in_(language),
            _("是") if row.latest else _("否"),
        ]
