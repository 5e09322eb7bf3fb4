from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit.checklists.rules import FACTS
from audit.core.actors import Actor, May
from audit.facilities.forms import parse_filter as parse_facilities
from audit.facilities.rules import narrowing_facts
from audit.findings.forms import parse_filter as parse_findings
from audit.web.access import current_actor, needs
from audit.web.filters import forgiving, list_url

from ..forms import Show, parse_grid, parse_page, parse_show, parse_view
from ..looks import district_boxes, look
from ..page import Look, MapParts, Pick, build_map, build_picker
from ..queries import (
    facilities_in,
    find_place,
    findings_in,
    first_facilities,
    first_findings,
    shapes_in,
)
from ..texts import FACILITIES, FINDINGS
from .answers import answer, answer_shapes, plain_facilities, plain_findings
from .filters import asked, chips, choices, tabs

bp = Blueprint("maps", __name__, url_prefix="/map")

WHERE = {"district", "kind"}  # what narrows places as it narrows their findings
ROWS = 6  # of the list beside the map, whose whole is one link away


@bp.get("/")
@needs(May.SEE_MAP)
@forgiving(parse_page)
def show() -> str:
    """The map, and the list of the same things: findings, or the facilities themselves."""
    if parse_show(request.args) is Show.FACILITIES:
        return _facilities_page(current_actor())
    return _findings_page(current_actor())


def _findings_page(actor: Actor) -> str:
    chosen = parse_findings(request.args)
    rows, placed, placeless = first_findings(actor, chosen, ROWS)
    return _page(
        Show.FINDINGS,
        build_map(
            _main_look(chosen.district, chosen.facility),
            FINDINGS,
            endpoint=_with_filters(".findings"),
            shapes=list_url(".shapes", [one for one in asked() if one[0] in WHERE]),
        ),
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
        build_map(
            _main_look(chosen.district),
            FACILITIES,
            endpoint=_with_filters(".facilities"),
            shapes=_with_filters(".shapes"),
        ),
        _with_filters("facilities.index"),
        chosen=chosen,
        facts=FACTS,
        narrowing=narrowing_facts(chosen.kind),
        rows=rows,
        placed=placed,
        placeless=placeless,
    )


def _main_look(district: str, facility: UUID | None = None) -> Look:
    """It begins with the place or the district of the filter, or with those of the person."""
    actor = current_actor()
    codes = {district} if district else actor.districts_for(May.SEE_MAP)
    return look("main", codes, find_place(actor, facility) if facility else None)


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
    actor, chosen, grid = current_actor(), parse_findings(request.args), parse_grid(request.args)
    return answer(
        actor,
        lambda: findings_in(actor, chosen, grid, only_spots=_only_spots()),
        plain_findings,
    )


@bp.get("/facilities")
@needs(May.SEE_MAP)
def facilities() -> ResponseReturnValue:
    """The same for facilities."""
    actor, chosen, grid = current_actor(), parse_facilities(request.args), parse_grid(request.args)
    return answer(
        actor,
        lambda: facilities_in(actor, chosen, grid, only_spots=_only_spots()),
        plain_facilities,
    )


@bp.get("/shapes")
@needs(May.SEE_MAP)
def shapes() -> ResponseReturnValue:
    """Lines and areas of the facilities that the same filter finds in a view."""
    actor, chosen = current_actor(), parse_facilities(request.args)
    box, zoom = parse_view(request.args)
    return answer_shapes(actor, lambda: shapes_in(actor, chosen, box, zoom))


@bp.app_template_global()
def point_picker() -> MapParts:
    """A map that fills the inputs `lon`, `lat` and `accuracy_m` of the page's form.

    It begins with the district chosen in the input `district`, or with the person's own.
    """
    codes = current_actor().districts_for(May.ADD_FACILITY)
    pick = Pick(
        "lon", "lat", "accuracy_m", "district", district_boxes(),
        url_for("maps.facilities"), url_for("maps.shapes"),
    )  # fmt: skip
    return build_picker(look("pick", codes), pick)


def _only_spots() -> bool:
    return request.args.get("mode") == "points"
