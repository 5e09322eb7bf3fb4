import hashlib
import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.core.language import current_language
from audit.findings.forms import parse_filter
from audit.findings.rules import STATES
from audit.journal.models import JournalHead
from audit.web.access import current_actor, needs
from audit.web.filters import list_url

from .filters import asked, chips, choices, tabs
from .forms import Show, parse_facilities, parse_grid, parse_show
from .looks import district_boxes, look
from .page import Look, MapParts, Pick, build_map, build_picker
from .queries import (
    FacilitySpot,
    FindingSpot,
    View,
    facilities_in,
    findings_in,
    first_facilities,
    first_findings,
)
from .texts import FACILITIES, FINDINGS

bp = Blueprint("maps", __name__, url_prefix="/map")

ROWS = 6  # of the list beside the map, whose whole is one link away
PLACEHOLDER = "NUMBER"


@bp.get("/")
@needs(May.SEE_MAP)
def show() -> str:
    """The list first, then the map of the same things: findings, or the facilities themselves."""
    if parse_show(request.args) is Show.FACILITIES:
        return _facilities_page(current_actor())
    return _findings_page(current_actor())


def _findings_page(actor: Actor) -> str:
    chosen = parse_filter(request.args)
    rows, placed, placeless = first_findings(actor, chosen, ROWS)
    return _page(
        Show.FINDINGS,
        build_map(_main_look(chosen.district), FINDINGS, endpoint=_with_filters(".findings")),
        _with_filters("findings.index"),
        chosen=chosen,
        rows=rows,
        placed=placed,
        placeless=placeless,
    )


def _facilities_page(actor: Actor) -> str:
    chosen = parse_facilities(request.args)
    rows, placed, placeless = first_facilities(actor, chosen, ROWS)
    return _page(
        Show.FACILITIES,
        build_map(_main_look(chosen.district), FACILITIES, endpoint=_with_filters(".facilities")),
        _with_filters("facilities.index"),
        chosen=chosen,
        rows=rows,
        placed=placed,
        placeless=placeless,
    )


def _main_look(district: str) -> Look:
    """It begins with the district of the filter, or with those of the person."""
    codes = {district} if district else current_actor().districts_for(May.SEE_MAP)
    return look("main", codes)


def _with_filters(endpoint: str) -> str:
    return list_url(endpoint, asked())


def _page(show: Show, parts: MapParts, whole_list: str, **facts: object) -> str:
    known = choices()
    return render_template(
        f"maps/{show}.html",
        show=show,
        map=parts,
        whole_list=whole_list,
        choices=known,
        chips=chips(show, known),
        tabs=tabs(show),
        **facts,
    )


@bp.get("/findings")
@needs(May.SEE_MAP)
def findings() -> ResponseReturnValue:
    """JSON for one view of the map; its shape is told in `page`."""
    actor, chosen, grid = current_actor(), parse_filter(request.args), parse_grid(request.args)
    return _answer(
        actor,
        lambda: findings_in(actor, chosen, grid, only_spots=_only_spots()),
        _plain_findings,
    )


@bp.get("/facilities")
@needs(May.SEE_MAP)
def facilities() -> ResponseReturnValue:
    """The same for facilities."""
    actor, chosen, grid = current_actor(), parse_facilities(request.args), parse_grid(request.args)
    return _answer(
        actor,
        lambda: facilities_in(actor, chosen, grid, only_spots=_only_spots()),
        _plain_facilities,
    )


@bp.app_template_global()
def point_picker() -> MapParts:
    """A map that fills the inputs `lon`, `lat` and `accuracy_m` of the page's form.

    It begins with the district chosen in the input `district`, or with the person's own.
    """
    codes = current_actor().districts_for(May.ADD_FACILITY)
    pick = Pick(
        "lon", "lat", "accuracy_m", "district", district_boxes(), url_for("maps.facilities")
    )
    return build_picker(look("pick", codes), pick)


def _only_spots() -> bool:
    return request.args.get("mode") == "points"


def _answer(
    actor: Actor, ask: Callable[[], View[Any]], plain: Callable[[Sequence[Any]], list[Any]]
) -> ResponseReturnValue:
    """Kept by the browser, and asked for again each time: the map never lags behind the list."""
    answer = make_response()
    answer.set_etag(_version(actor))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Cookie"
    if request.if_none_match.contains_weak(answer.get_etag()[0] or ""):
        answer.status_code = HTTPStatus.NOT_MODIFIED
        return answer
    answer.set_data(json.dumps(_plain(ask(), plain), ensure_ascii=False, separators=(",", ":")))
    answer.content_type = "application/json"
    return answer


def _version(actor: Actor) -> str:
    """Changes with every act in the journal, the person, the language and the question."""
    seq = db.session.scalar(select(JournalHead.seq)) or 0
    asked = f"{seq} {actor.id} {current_language()} {request.path} {request.query_string!r}"
    return hashlib.sha256(asked.encode()).hexdigest()[:20]


def _plain(found: View[Any], plain: Callable[[Sequence[Any]], list[Any]]) -> dict[str, object]:
    cells = [
        {"lon": round(cell.lon, 6), "lat": round(cell.lat, 6), "n": list(cell.n)}
        for cell in found.cells
    ]
    return {
        "mode": "cells" if found.cells else "points",
        "total": found.total,
        "truncated": found.truncated,
        "items": cells or plain(found.spots),
    }


def _plain_findings(spots: Sequence[FindingSpot]) -> list[dict[str, object]]:
    language = current_language()
    page = url_for("findings.show", number=PLACEHOLDER)
    return [
        {
            "id": one.number,
            "url": page.replace(PLACEHOLDER, one.number),
            "lon": one.lon,
            "lat": one.lat,
            "mark": one.severity,
            "status": STATES[one.state].in_(language),
            "title": f"{one.title_en if language == 'en' else one.title_zh} ({one.facility})",
        }
        for one in spots
    ]


def _plain_facilities(spots: Sequence[FacilitySpot]) -> list[dict[str, object]]:
    return [
        {
            "id": str(one.id),
            "url": url_for("facilities.show", facility_id=one.id),
            "lon": one.lon,
            "lat": one.lat,
            "mark": one.kind,
            "status": _open_findings(one.open_findings),
            "title": one.name,
        }
        for one in spots
    ]


def _open_findings(count: int) -> str:
    if not count:
        return str(_("没有未销号的问题"))
    return str(_("未销号的问题：%(count)s 个", count=count))
