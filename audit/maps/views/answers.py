"""A view of the map as JSON, whose shape is told in `page`."""

import hashlib
import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TypeVar
from uuid import UUID

from flask import Response, make_response, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from audit.core.actors import Actor
from audit.core.db import db
from audit.core.language import current_language
from audit.findings.rules import STATES
from audit.geo.points import Point
from audit.geo.shapes import Line, Polygon
from audit.journal.models import JournalHead

from ..queries import Drawn, FacilitySpot, FindingSpot, View

Spot = TypeVar("Spot")
Plain = list[dict[str, object]]
# one address is built, not three hundred
NUMBER, NOBODY = "NUMBER", UUID(int=0)


def answer(
    actor: Actor, ask: Callable[[], View[Spot]], plain: Callable[[Sequence[Spot]], Plain]
) -> Response:
    """Kept by the browser, and asked for again each time: the map never lags behind the list."""
    sent = _asked_again(actor)
    if sent.status_code == HTTPStatus.NOT_MODIFIED:
        return sent
    return _sent(sent, _plain(ask(), plain))


def answer_shapes(actor: Actor, ask: Callable[[], tuple[Sequence[Drawn], bool]]) -> Response:
    """The same for lines and areas."""
    sent = _asked_again(actor)
    if sent.status_code == HTTPStatus.NOT_MODIFIED:
        return sent
    found, cut = ask()
    return _sent(sent, {"items": [_plain_shape(one) for one in found], "truncated": cut})


def _asked_again(actor: Actor) -> Response:
    sent = make_response()
    sent.set_etag(_version(actor))
    sent.headers["Cache-Control"] = "private, no-cache"
    sent.headers["Vary"] = "Cookie"
    if request.if_none_match.contains_weak(sent.get_etag()[0] or ""):
        sent.status_code = HTTPStatus.NOT_MODIFIED
    return sent


def _sent(sent: Response, body: object) -> Response:
    sent.set_data(json.dumps(body, ensure_ascii=False, separators=(",", ":")))
    sent.content_type = "application/json"
    return sent


def _version(actor: Actor) -> str:
    """Changes with every act in the journal, the person, the language and the question."""
    seq = db.session.scalar(select(JournalHead.seq)) or 0
    asked = f"{seq} {actor.id} {current_language()} {request.path} {request.query_string!r}"
    return hashlib.sha256(asked.encode()).hexdigest()[:20]


def _plain(found: View[Spot], plain: Callable[[Sequence[Spot]], Plain]) -> dict[str, object]:
    cells: Plain = [
        {"lon": round(cell.lon, 6), "lat": round(cell.lat, 6), "n": list(cell.n)}
        for cell in found.cells
    ]
    return {
        "mode": "cells" if cells else "points",
        "total": found.total,
        "truncated": found.truncated,
        "items": cells or plain(found.spots),
    }


def _plain_shape(drawn: Drawn) -> dict[str, object]:
    """Places as Leaflet wants them: of a line its parts, of an area its polygons, each of rings."""
    shape = drawn.shape
    if isinstance(shape, Point):
        return {"id": str(drawn.id), "area": False, "places": []}
    parts = shape.parts if isinstance(shape, Line) else shape.polygons
    places = [_rings(one) if isinstance(one, Polygon) else _pairs(one) for one in parts]
    return {"id": str(drawn.id), "area": not isinstance(shape, Line), "places": places}


def _rings(polygon: Polygon) -> list[list[list[float]]]:
    return [_pairs(ring) for ring in (polygon.outer, *polygon.holes)]


def _pairs(points: Sequence[Point]) -> list[list[float]]:
    return [[round(one.lat, 6), round(one.lon, 6)] for one in points]


def plain_findings(spots: Sequence[FindingSpot]) -> Plain:
    language = current_language()
    page = url_for("findings.show", number=NUMBER)
    return [
        {
            "id": one.number,
            "url": page.replace(NUMBER, one.number),
            "lon": one.lon,
            "lat": one.lat,
            "mark": one.severity,
            "status": STATES[one.state].in_(language),
            "title": f"{one.title_en if language == 'en' else one.title_zh} ({one.facility})",
        }
        for one in spots
    ]


def plain_facilities(spots: Sequence[FacilitySpot]) -> Plain:
    page = url_for("facilities.show", facility_id=NOBODY)
    return [
        {
            "id": str(one.id),
            "url": page.replace(str(NOBODY), str(one.id)),
            "lon": one.lon,
            "lat": one.lat,
            "mark": one.kind,
            "status": _standing(one),
            "title": one.name,
        }
        for one in spots
    ]


def _standing(one: FacilitySpot) -> str:
    said = _open_findings(one.open_findings)
    return str(_("待核对，%(rest)s", rest=said)) if one.waits else said


def _open_findings(count: int) -> str:
    if not count:
        return str(_("没有未销号的问题"))
    return str(_("未销号的问题：%(count)s 个", count=count))
