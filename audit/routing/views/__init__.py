"""Routes on screen: what holds, who chose it, changing and trying it, who has how much to do."""

from collections.abc import Iterable
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.models import Organisation
from audit.accounts.queries import organisations
from audit.accounts.rules import covers
from audit.core.actors import May
from audit.core.db import transaction
from audit.core.errors import Invalid, NotFound
from audit.findings.queries import get_finding
from audit.web.access import current_actor, needs
from audit.web.fields import one_line, plain_digits
from audit.web.reasons import Sent

from .. import actions, queries
from ..forms import departments, options, parse_route, parse_scope, scope_words
from ..rules import PARTS, Case, Route, Scope
from .words import row_of
from .workload import workload

bp = Blueprint("routing", __name__, url_prefix="/routing")


@bp.get("/")
@needs(May.SEE_FINDINGS)
def index() -> str:
    routes = queries.route_table().routes
    known = _named(routes.values())
    held = sorted(routes.items(), key=lambda one: (one[0].rank, scope_words(one[0])))
    return render_template(
        "routing/index.html",
        rows=[row_of(scope, route, known) for scope, route in held],
        changes=[
            (row, scope_words(Scope(row.district, row.kind, row.defect)))
            for row in queries.route_changes()
        ],
        options=options(),
        may=covers(current_actor(), May.CHOOSE_SETTINGS, None),
    )


@bp.get("/workload")
@needs(May.SEE_FINDINGS)
def loads() -> str:
    """Open findings that this person may see, by competent department and by who must fix."""
    return render_template("routing/workload.html", tables=workload(current_actor()))


@bp.get("/route")
@needs(May.CHOOSE_SETTINGS)
def route() -> ResponseReturnValue:
    """Change the route of the scope that the address names; without one, name it."""
    scope = parse_scope(request.args)
    held = queries.route_table().routes.get(scope)
    typed = {name: getattr(scope, name) for name in PARTS} | {"why": ""}
    typed["department"] = str(held.department_id) if held else ""
    typed["organisation"] = str(held.organisation_id or "") if held else ""
    return _route_page(Sent(typed), known=held is not None)


@bp.post("/route")
@needs(May.CHOOSE_SETTINGS)
def choose() -> ResponseReturnValue:
    sent = Sent.of(request.form, *PARTS, "department", "organisation")
    scope = parse_scope(request.form)
    dropping = request.form.get("action") == "drop"
    chosen = None if dropping else parse_route(sent)
    if not sent.problems:
        try:
            with transaction():
                changed = actions.choose_route(scope, chosen, sent.why, current_actor())
        except Invalid as error:
            sent.problems |= {name: str(text) for name, text in error.problems.items()}
    if sent.problems:
        known = scope in queries.route_table().routes
        return _route_page(sent, known=known), HTTPStatus.UNPROCESSABLE_ENTITY
    said = _("派单规则已更改，对以后核实立案的问题生效。") if changed else _("没有变化。")
    flash(said, "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.get("/try")
@needs(May.SEE_FINDINGS)
def attempt() -> str:
    """Which route holds for a case, named by its parts or by the number of a finding."""
    scope = parse_scope(request.args)
    number = plain_digits(one_line(request.args.get("number", "")))[:30].upper()
    case, registered, problem = Case(scope.district, scope.kind, scope.defect), "", ""
    if number:
        try:
            finding = get_finding(number, current_actor())
        except NotFound:
            problem = _("没有找到这个编号的问题。请核对编号，或改按类别、缺陷和区县来试。")
        else:
            case = finding.route_case()
            named = finding.facility.organisation
            registered = named.name if named else ""
    fitting = [] if problem else queries.route_table().fitting(case)
    known = _named(route for _scope, route in fitting)
    fitting.sort(key=lambda one: not known[one[1].department_id].active)  # closed: passed over
    return render_template(
        "routing/try.html",
        case=scope_words(Scope(case.district, case.kind, case.defect)),
        rows=[row_of(scope, route, known) for scope, route in fitting],
        typed={name: getattr(case, name) for name in PARTS} | {"number": number},
        registered=registered,
        problem=problem,
        options=options(),
    )


def _named(routes: Iterable[Route]) -> dict[UUID, Organisation]:
    ids = {one for each in routes for one in (each.department_id, each.organisation_id) if one}
    return dict(queries.named(ids))


def _route_page(sent: Sent, *, known: bool) -> str:
    return render_template(
        "routing/route.html",
        options=options(),
        departments=departments(),
        fixers=[(str(one.id), one.name) for one in organisations()],
        sent=sent,
        known=known,
    )
