import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from audit.core.db import db
from audit.core.errors import NotFound
from audit.geo.geojson import shape_of
from audit.geo.outlines import Outlines
from audit.geo.points import Point
from audit.geo.polygons import metres_to
from audit.geo.shapes import Area, Shape

from .models import District
from .rules import BORDER_M, RESPONSIBLE_LEVELS, Level, below


def get_district(code: str) -> District:
    district = db.session.get(District, code)
    if district is None:
        raise NotFound
    return district


def responsible_districts() -> Sequence[District]:
    """Counties and zones, in order of code: what a facility can belong to."""
    return db.session.scalars(
        select(District).where(District.level.in_(RESPONSIBLE_LEVELS)).order_by(District.code)
    ).all()


def towns(county_code: str | None = None) -> Sequence[District]:
    query = select(District).where(District.level == Level.TOWN).order_by(District.code)
    if county_code:
        query = query.where(District.parent_code == county_code)
    return db.session.scalars(query).all()


def covered_codes(code: str) -> frozenset[str]:
    """`code` and all districts under it."""
    rows = db.session.execute(select(District.code, District.parent_code).order_by(District.code))
    return below(code, [(row.code, row.parent_code) for row in rows])


def outlines() -> list[tuple[District, dict[str, object]]]:
    """Districts that have a boundary, with it as a GeoJSON geometry (WGS-84 lon, lat)."""
    rows = db.session.scalars(
        select(District).where(District.boundary.is_not(None)).order_by(District.code)
    )
    return [(row, _geometry(row.boundary or "")) for row in rows]


def outlined_areas() -> list[tuple[District, Area]]:
    """Counties and zones that have an outline, in order of code."""
    rows = [one for one in responsible_districts() if one.boundary]
    shapes = [(one, _shape(one.boundary or "")) for one in rows]
    return [(one, shape) for one, shape in shapes if isinstance(shape, Area)]


@dataclass(frozen=True)
class Stray:
    """A place well outside the district that is to answer for it; `there` are those, counties and
    zones, in which it does lie."""

    district: District
    metres: float
    there: tuple[District, ...]


class Borders:
    """The outlines, read once for as many places as are to be looked at."""

    def __init__(self) -> None:
        self._known = {one.code: (one, area) for one, area in outlined_areas()}
        self._index = Outlines({code: area for code, (_one, area) in self._known.items()})

    def find_stray(self, code: str, here: Point) -> Stray | None:
        """None also for a district without an outline."""
        there = self._index.all_at(here)
        if code in there or code not in self._known:
            return None
        district, area = self._known[code]
        metres = metres_to(here, area)
        if metres <= BORDER_M:
            return None
        return Stray(district, metres, tuple(self._known[one][0] for one in there))


@lru_cache(maxsize=64)
def _shape(text: str) -> Shape:
    return shape_of(_geometry(text))


@lru_cache(maxsize=64)
def _geometry(text: str) -> dict[str, object]:
    geometry: dict[str, object] = json.loads(text)
    return geometry
