from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from audit.core.actors import May
from audit.core.db import transaction
from audit.core.errors import Conflict, Invalid, NotFound
from audit.findings.models import Finding
from audit.findings.queries import findings_named, get_finding
from audit.web.access import current_actor, needs
from audit.web.filters import page_number

from .. import actions, queries
from ..forms import Chosen, visit_of
from .comparing import Comparison
from .offering import Offer, offers_for

NOT_OFFERED = lazy_gettext("这两个问题已经有人判断过，或者情况已经变化。请重新打开那一页看看。")
SAID = {
    "merge": lazy_gettext("已并案。以后在主案里办理。"),
    "same": lazy_gettext("已记下：是同一个问题。残联看过以后并案。"),
    "apart": lazy_gettext("已记下：不是同一个问题。以后不再提示。"),
}
bp = Blueprint("clusters", __name__, url_prefix="/duplicates")


@bp.app_template_global()
def same_nearby(findings: Sequence[Finding]) -> dict[UUID, list[Offer]]:
    """What may be the same as each of these findings, which stand at one place."""
    return offers_for(findings, current_actor())


@bp.get("/")
@needs(May.CONFIRM)
def index() -> str:
    page = page_number(request.args)
    rows, total = queries.list_clusters(current_actor(), page)
    return render_template(
        "clusters/index.html",
        comparisons=[Comparison(one) for one in rows],
        total=total,
        page=page,
        pages=-(-total // queries.PER_PAGE),
    )


@bp.get("/<uuid:cluster_id>")
@needs(May.CONFIRM)
def show(cluster_id: UUID) -> ResponseReturnValue:
    return _page(Comparison(queries.get_cluster(cluster_id, current_actor())))


@bp.post("/<uuid:cluster_id>/<any(merge, apart):decision>")
@needs(May.CONFIRM)
def decide(cluster_id: UUID, decision: str) -> ResponseReturnValue:
    """Some are merged into one; or they are not the same, and will not be suspected again."""
    actor, chosen = current_actor(), Chosen.of(request.form)
    act = actions.merge if decision == "merge" else actions.tell_apart
    try:
        with transaction():
            compared = Comparison(queries.get_cluster(cluster_id, actor))
            main, others = chosen.read(compared.findings)
            act(main, others, actor, chosen.why)
    except NotFound:
        return _settled(chosen)
    except (Invalid, Conflict) as error:
        return _again(cluster_id, chosen, error)
    flash(str(SAID[decision]), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("/<number:number>/<number:other>/<any(same, apart):said>")
@needs(May.INSPECT, May.CONFIRM)
def say(number: str, other: str, said: str) -> ResponseReturnValue:
    """Somebody who has been there says whether two findings are one problem."""
    actor = current_actor()
    with transaction():
        one, known = get_finding(number, actor), get_finding(other, actor)
        if known.id not in {offer.finding.id for offer in offers_for([one], actor).get(one.id, [])}:
            raise Conflict(NOT_OFFERED)
        if said == "apart":
            actions.tell_apart(one, [known], actor, "")
        elif actions.say_same(one, known, actor):
            said = "merge"
    flash(str(SAID[said]), "success")
    visit = visit_of(request.form)
    if visit is not None:
        back = url_for("inspections.show", inspection_id=visit)
    else:
        back = url_for("findings.show", number=number)
    return redirect(back, HTTPStatus.SEE_OTHER)


def _again(cluster_id: UUID, chosen: Chosen, error: Invalid | Conflict) -> ResponseReturnValue:
    cluster = queries.get_cluster(cluster_id, current_actor())
    if isinstance(error, Conflict):
        problems = {"main": str(error.message)}
    else:
        problems = {name: str(text) for name, text in error.problems.items()}
    return _page(Comparison(cluster, chosen, problems)), error.status


def _settled(chosen: Chosen) -> ResponseReturnValue:
    """Somebody else has decided meanwhile: what became of them, and what was typed. Who may see
    none of them learns nothing."""
    known = findings_named(chosen.seen, current_actor())
    if not known:
        raise NotFound
    page = render_template("clusters/settled.html", findings=known, why=chosen.why)
    return page, HTTPStatus.CONFLICT


def _page(compared: Comparison) -> str:
    return render_template("clusters/show.html", compared=compared)
