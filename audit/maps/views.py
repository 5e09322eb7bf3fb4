import hashlib
import json
import re
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from audit.core.actors import May
from audit.core.db import db
from audit.core.errors import NotFound
from audit.core.language import current_language, html_lang
from audit.core.settings import settings
from audit.districts.queries import outlines, responsible_districts
from audit.facilities.rules import KINDS
from audit.findings.forms import parse_filter
from audit.findings.queries import list_findings
from audit.findings.rules import STATES
from audit.geo.geojson import shape_of
from audit.geo.points import Box
from audit.geo.shapes import Area, box_of
from audit.journal.models import JournalHead
from audit.web.access import current_actor, needs
from audit.web.assets import static_url
from audit.web.security import allow_tiles, csp_nonce

from .page import Basemap, Look, MapParts, Outline, build_map, build_picker
from .queries import View, view

bp = Blueprint("maps", __name__, url_prefix="/map")

WHOLE = Box(104.3, 29.7, 105.8, 30.7)
NUMBER = r"-?\d{1,3}(?:\.\d{1,12})?"
BBOX = re.compile(rf"({NUMBER}),({NUMBER}),({NUMBER}),({NUMBER})")
MAX_ZOOM = 21


@bp.get("/")
@needs(May.SEE_MAP)
def show() -> str:
    """The list first, then the map of the same findings."""
    actor, chosen = current_actor(), parse_filter(request.args)
    rows, total = list_findings(actor, chosen)
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    endpoint = url_for(".findings") + (f"?{urlencode(query)}" if query else "")
    return render_template(
        "maps/show.html",
        map=build_map(_look("main"), endpoint=endpoint),
        rows=rows,
        total=total,
        chosen=chosen,
        query=query,
        states=STATES,
        kinds=KINDS,
        districts=responsible_districts(),
    )


@bp.get("/findings")
@needs(May.SEE_MAP)
def findings() -> ResponseReturnValue:
    """JSON for one view of the map; its shape is told in `page`."""
    actor, chosen = current_actor(), parse_filter(request.args)
    box, zoom = _box(request.args.get("bbox", "")), _zoom(request.args.get("z", ""))
    answer = make_response()
    answer.set_etag(_version(actor.id))
    answer.headers["Cache-Control"] = "private, max-age=30"
    answer.headers["Vary"] = "Cookie"
    if request.if_none_match.contains_weak(answer.get_etag()[0] or ""):
        answer.status_code = HTTPStatus.NOT_MODIFIED
        return answer
    found = view(actor, chosen, box, zoom, points=request.args.get("mode") == "points")
    answer.set_data(json.dumps(_plain(found), ensure_ascii=False, separators=(",", ":")))
    answer.content_type = "application/json"
    return answer


@bp.app_template_global()
def point_picker() -> MapParts:
    """A map that fills the inputs `lon`, `lat` and `accuracy_m` of the page's form."""
    return build_picker(
        _look("pick"), lon_input="lon", lat_input="lat", accuracy_input="accuracy_m"
    )


def _plain(found: View) -> dict[str, object]:
    language = current_language()
    points = [
        {
            "id": str(one.id),
            "url": url_for("findings.show", number=one.number),
            "lon": one.lon,
            "lat": one.lat,
            "severity": one.severity,
            "status": STATES[one.state].in_(language),
            "title": f"{one.title(language)} ({one.facility.name})",
        }
        for one in found.findings
    ]
    cells = [
        {"lon": cell.lon, "lat": cell.lat, "count": sum(cell.n), "n": list(cell.n)}
        for cell in found.cells
    ]
    return {
        "mode": "cells" if found.cells else "points",
        "total": found.total,
        "worst": found.worst,
        "truncated": found.truncated,
        "items": cells or points,
    }


def _version(actor_id: object) -> str:
    """Changes with every act in the journal, the person, the language and the question."""
    seq = db.session.scalar(select(JournalHead.seq)) or 0
    asked = f"{seq} {actor_id} {current_language()} {request.query_string!r}"
    return hashlib.sha256(asked.encode()).hexdigest()[:20]


def _look(key: str) -> Look:
    chosen = settings()
    named = [
        Outline(district.title, shape)
        for district, geometry in outlines()
        if isinstance(shape := shape_of(geometry), Area) and district.parent_code
    ]
    boxes = [box_of(outline.area) for outline in named]
    return Look(
        lang=html_lang(),
        bounds=_around(boxes) if boxes else WHOLE,
        nonce=csp_nonce(),
        static_url=static_url,
        outlines=named,
        basemap=_basemap(),
        credit=chosen.map_approval,
        key=key,
    )


def _around(boxes: list[Box]) -> Box:
    return Box(
        min(box.west for box in boxes),
        min(box.south for box in boxes),
        max(box.east for box in boxes),
        max(box.north for box in boxes),
    )


def _basemap() -> Basemap | None:
    chosen = settings()
    if not chosen.tiles_url:
        return None
    allow_tiles(_origins(chosen.tiles_url, chosen.tiles_subdomains))
    return Basemap(chosen.tiles_url, chosen.tiles_attribution, chosen.tiles_subdomains)


def _origins(url: str, subdomains: str) -> list[str]:
    hosts = [url.replace("{s}", one) for one in subdomains] or [url]
    parts = [urlsplit(host) for host in hosts]
    return [f"{part.scheme}://{part.netloc}" for part in parts]


def _box(text: str) -> Box:
    found = BBOX.fullmatch(text)
    if found is None:
        raise NotFound
    try:
        west, south, east, north = (float(one) for one in found.groups())
        return Box(west, south, east, north)
    except ValueError as error:
        raise NotFound from error


def _zoom(text: str) -> int:
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or int(text) > MAX_ZOOM:
        raise NotFound
    return int(text)
