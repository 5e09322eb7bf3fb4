"""Figures of findings: by district, department, organisation and month, each with its list."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.queries import get_organisation
from audit.accounts.rules import OrganisationKind
from audit.core.actors import Actor, May, Role
from audit.core.language import current_language
from audit.districts.queries import responsible_districts
from audit.facilities.rules import KINDS
from audit.findings.rules import FIGURES, SEVERITIES
from audit.routing.forms import departments
from audit.tables.writing import csv_of, xlsx_of
from audit.web.access import current_actor, needs
from audit.web.downloads import as_download
from audit.web.filters import applied, forgiving, narrowing

from ..forms import parse_asked
from ..queries import By
from ..rules import FORMULAS, SMALL, Rate
from .supervision import supervision
from .table import MOST_ROWS, Board
from .words import (
    by_names,
    file_of,
    group_names,
    month_options,
    period_words,
    programmes,
    say,
    sentence,
    spans,
    tabs_of,
)

bp = Blueprint("statistics", __name__, url_prefix="/statistics")


@bp.get("/")
@needs(May.SEE_STATISTICS)
@forgiving(parse_asked)
def index() -> ResponseReturnValue:
    actor = current_actor()
    mine = _own_department(actor)
    if not request.args and mine:
        return redirect(url_for(".index", department=mine))
    asked, query = parse_asked(request.args), narrowing(request.args)
    board = Board(actor, asked, query)
    return render_template(
        "statistics/index.html",
        asked=asked,
        board=board,
        period=period_words(asked.span),
        sentence=sentence(board.whole.counts),
        grouped=by_names()[asked.by],
        group_name=group_names()[asked.by],
        by=By,
        figures=FIGURES,
        formulas=FORMULAS,
        rates=Rate,
        small=SMALL,
        most=MOST_ROWS,
        query=query,
        tabs=tabs_of(asked.by, query),
        spans=spans(asked.span, query),
        months=month_options(asked.span),
        districts=responsible_districts(),
        departments=departments(),
        kinds=KINDS,
        severities=SEVERITIES,
        programmes=programmes(),
        applied=applied(".index", query, say),
    )


def _own_department(actor: Actor) -> str:
    """Whoever is there for one department sees its figures first."""
    if actor.roles() != {Role.DEPARTMENT} or actor.organisation_id is None:
        return ""
    found = get_organisation(actor.organisation_id)
    return str(found.id) if found.kind is OrganisationKind.DEPARTMENT else ""


@bp.get("/supervision")
@needs(May.SEE_STATISTICS)
def watch() -> str:
    """As things stand at this moment."""
    actor = current_actor()
    return render_template("statistics/supervision.html", desk=supervision(actor), small=SMALL)


@bp.get("/figures.<any(csv, xlsx):ending>")
@needs(May.SEE_STATISTICS)
def export(ending: str) -> ResponseReturnValue:
    """The table under its filter, every row of it."""
    asked = parse_asked(request.args)
    board = Board(current_actor(), asked, narrowing(request.args))
    titles, rows = file_of(board, current_language())
    raw = csv_of(titles, rows) if ending == "csv" else xlsx_of(_("统计"), titles, rows)
    return as_download(raw, "statistics", ending)
