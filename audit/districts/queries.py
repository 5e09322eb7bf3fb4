import json
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import select

from audit.core.db import db
from audit.core.errors import NotFound

from .models import District
from .rules import RESPONSIBLE_LEVELS, Level, below


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


@lru_cache(maxsize=64)
def _geometry(text: str) -> dict[str, object]:
    geometry: dict[str, object] = json.loads(text)
    return geometry
