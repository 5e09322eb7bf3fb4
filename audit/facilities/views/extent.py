"""How long a line is, or how large an area, in words."""

import json

from flask_babel import gettext as _

from audit.geo.geojson import shape_of
from audit.geo.shapes import Area, Line, area_m2, length_m

from ..models import Facility


def extent_words(facility: Facility) -> str:
    """ "" for what has only a point."""
    shape = shape_of(json.loads(facility.shape)) if facility.shape else None
    if isinstance(shape, Line):
        return _length(length_m(shape))
    return _area(area_m2(shape)) if isinstance(shape, Area) else ""


def _length(metres: float) -> str:
    if metres < 1000:
        return str(_("线，长约 %(count)s 米", count=round(metres)))
    return str(_("线，长约 %(count)s 公里", count=f"{metres / 1000:.1f}"))


def _area(square_metres: float) -> str:
    if square_metres < 1_000_000:
        return str(_("面，约 %(count)s 平方米", count=f"{square_metres:,.0f}"))
    return str(_("面，约 %(count)s 平方公里", count=f"{square_metres / 1_000_000:.1f}"))
