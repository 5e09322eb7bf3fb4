"""A place far outside the district that is to answer for it: asked about, and nobody is refused.

Control names: `far` holds what was answered, the key of the place as it is or the code of the
district where it lies; `far_known` the key of the place that is on the register already.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from audit.districts.queries import Stray

if TYPE_CHECKING:
    from . import FacilityForm


def far_key(district: str, lon: object, lat: object) -> str:
    """An answer holds for this district and this place (to a metre), and for no other."""
    try:
        return f"{district}@{float(str(lon)):.5f},{float(str(lat)):.5f}"
    except ValueError:
        return ""


def key_of(form: "FacilityForm") -> str:
    return far_key(form.value("district"), form.value("lon"), form.value("lat"))


def turn_to_other_district(form: "FacilityForm", known: Collection[str]) -> None:
    """Who chose the district where the place lies has chosen the district."""
    if form.value("far") in known:
        form.typed["district"] = form.typed.pop("far")


def ask_about_far(form: "FacilityForm") -> None:
    """The question becomes a problem until it is answered, or the place is the one known."""
    if form.stray is None or "district" in form.problems:
        return
    if key_of(form) in (form.value("far"), form.value("far_known")):
        return
    form.problems["far"] = f"{told_far(form.stray)}{_('请核对位置和区县；没有错的，请确认。')}"
    form.draft = None


def told_far(stray: Stray) -> str:
    """How far outside, and where it lies."""
    far = _(
        "这个位置在%(district)s界外约 %(km)s 公里。",
        district=stray.district.title,
        km=kilometres(stray.metres),
    )
    if not stray.there:
        return str(far)
    names = str(_("、")).join(one.title for one in stray.there)
    return f"{far}{_('它在%(names)s内。', names=names)}"


def told_far_m(form: "FacilityForm") -> int | None:
    """For the journal: None for a place that is where it was."""
    if form.stray is None or key_of(form) == form.value("far_known"):
        return None
    return round(form.stray.metres)


def kilometres(metres: float) -> str:
    return f"{metres / 1000:.0f}" if metres >= 10_000 else f"{metres / 1000:.1f}"
