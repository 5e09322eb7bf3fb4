"""Sample places as entries of the register, and checklists that fit them. Pure."""

import json
from dataclasses import replace
from uuid import UUID

from audit.checklists.loader import checklists_for
from audit.checklists.rules import Checklist
from audit.facilities.rules import FacilityDraft, FacilityKind
from audit.geo.points import Point, moved
from audit.geo.polygons import representative_point
from audit.geo.shapes import Line

from .reading import SamplePlace, places

SMALL_SHARE = 3
TWIN_M = 9


def chosen_places(small: bool) -> tuple[SamplePlace, ...]:
    """All of them, or for a small city every third, the first of each kind, and those that the
    story needs."""
    if not small:
        return places()
    first = {place.kind: place for place in reversed(places())}.values()
    return tuple(
        place
        for turn, place in enumerate(places())
        if turn % SMALL_SHARE == 0
        or place in first
        or place.found_by
        or place.kind is FacilityKind.WEBSITE
    )


def checklist_of(place: SamplePlace) -> Checklist:
    return checklists_for(place.kind)[0]


def twin_of(place: SamplePlace, by: str) -> SamplePlace:
    """The same place as somebody registers it who does not know that it has a number."""
    beside = _rounded(moved(Point(*place.at or (0, 0)), east_m=TWIN_M, north_m=0))
    key, name = f"{place.key}-again", f"{place.name}（东侧）"
    return replace(place, key=key, name=name, at=(beside.lon, beside.lat), found_by=by, plan=None)


def draft_of(place: SamplePlace, organisation: UUID | None) -> FacilityDraft:
    point, line = point_of(place), line_of(place)
    return FacilityDraft(
        kind=place.kind,
        name=place.name,
        district_code=place.district,
        address=place.address,
        town_code=place.town,
        lon=point.lon if point else None,
        lat=point.lat if point else None,
        shape=_geojson(line) if line else None,
        url=place.url,
        organisation_id=organisation,
        built_on=place.built,
        altered_on=place.altered,
        facts=place.facts,
    )


def point_of(place: SamplePlace) -> Point | None:
    """Where its marker stands; for a road half-way along. None for a website."""
    line = line_of(place)
    if line is not None:
        return _rounded(representative_point(line))
    return Point(*place.at) if place.at else None


def line_of(place: SamplePlace) -> Line | None:
    """The made-up course of a road."""
    if place.at is None or not place.legs:
        return None
    points = [Point(*place.at)]
    for east_m, north_m in place.legs:
        points.append(_rounded(moved(points[-1], east_m=east_m, north_m=north_m)))
    return Line((tuple(points),))


def _geojson(line: Line) -> str:
    pairs = [[point.lon, point.lat] for point in line.parts[0]]
    return json.dumps({"type": "LineString", "coordinates": pairs})


def _rounded(point: Point) -> Point:
    return Point(round(point.lon, 6), round(point.lat, 6))
