"""Lines and areas of the places in a view, drawn behind the markers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from uuid import UUID

from sqlalchemy import func, select

from audit.core.actors import Actor
from audit.core.db import db
from audit.core.indexes import inside, without_index
from audit.facilities.models import Facility
from audit.facilities.queries import METRES_PER_DEGREE, FacilityFilter, conditions
from audit.geo.cells import cell_ranges
from audit.geo.geojson import shape_of
from audit.geo.points import Box
from audit.geo.polygons import simplified
from audit.geo.shapes import Shape, points_of

from .facilities import COMMON

CLOSEST_NEEDED = 12  # further out a street is no longer than a marker is wide
REACH_M = 3000  # a place is found by its point; its line may come into view from so far outside
MOST_SHAPES = 200
MOST_SIGNS = 4_000_000  # of GeoJSON read for one answer
MOST_VERTICES = 1000  # of one shape as it is sent
METRES_PER_PIXEL = 156_543.0  # at zoom 0 on the equator; less at Ziyang, so finer than a pixel


@dataclass(frozen=True)
class Drawn:
    id: UUID
    shape: Shape


def shapes_in(
    actor: Actor, chosen: FacilityFilter, box: Box, zoom: int
) -> tuple[list[Drawn], bool]:
    """Simplified to about a pixel, by number, and whether some were left out."""
    if zoom < CLOSEST_NEEDED:
        return [], False
    kept, cut = _within_bounds(actor, chosen, box, zoom)
    rows = db.session.execute(
        select(Facility.id, Facility.shape).where(Facility.id.in_(kept)).order_by(Facility.number)
    )
    return [Drawn(row.id, _as_drawn(row.shape, zoom)) for row in rows], cut


def _within_bounds(
    actor: Actor, chosen: FacilityFilter, box: Box, zoom: int
) -> tuple[Sequence[UUID], bool]:
    where = without_index(conditions(actor, chosen), COMMON)
    found = db.session.execute(
        select(Facility.id, func.length(Facility.shape))
        .where(*where, inside(Facility.cell, cell_ranges(_wider(box), zoom)))
        .where(Facility.shape.is_not(None))
        .order_by(*without_index([Facility.number], {"number"}))
        .limit(MOST_SHAPES + 1)
    ).all()
    kept, signs = [], 0
    for one, length in found[:MOST_SHAPES]:
        signs += length
        if signs > MOST_SIGNS:
            break
        kept.append(one)
    return kept, len(kept) < len(found)


def _wider(box: Box) -> Box:
    east = REACH_M / METRES_PER_DEGREE / cos(radians(min(abs(box.centre.lat), 80)))
    north = REACH_M / METRES_PER_DEGREE
    return Box(
        max(box.west - east, -180),
        max(box.south - north, -90),
        min(box.east + east, 180),
        min(box.north + north, 90),
    )


@lru_cache(maxsize=512)
def _as_drawn(text: str, zoom: int) -> Shape:
    """Ever coarser until it is small enough to be sent."""
    whole, off_m = shape_of(json.loads(text)), METRES_PER_PIXEL / 2**zoom
    drawn = simplified(whole, off_m)
    while len(points_of(drawn)) > MOST_VERTICES and off_m < METRES_PER_PIXEL:
        off_m *= 2
        drawn = simplified(whole, off_m)
    return drawn
