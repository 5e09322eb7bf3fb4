"""How the maps of this city look: its outlines, its base map, the area of the person who asks."""

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from audit.core.language import html_lang
from audit.core.settings import settings
from audit.districts.queries import outlined_areas
from audit.districts.rules import Level
from audit.geo.points import Box, Point, moved
from audit.geo.shapes import box_of
from audit.web.assets import static_url
from audit.web.security import allow_tiles, csp_nonce

from .page import Basemap, Look, Outline

WHOLE = Box(104.3, 29.7, 105.8, 30.7)  # of Ziyang, where no outline is loaded
CLOSE_M = 250


def look(key: str, codes: Collection[str] | None = None, around: Point | None = None) -> Look:
    """What every map of a page shares. Its area are the districts with these codes (None: all);
    it begins there, or close around a point."""
    areas = outlined_areas()  # the city's own would double the counties'
    wanted = [box_of(area) for one, area in areas if codes is None or one.code in codes]
    return Look(
        lang=html_lang(),
        bounds=_around(wanted or [box_of(area) for _, area in areas]),
        nonce=csp_nonce(),
        static_url=static_url,
        outlines=[Outline(one.title, area, minor=one.level == Level.ZONE) for one, area in areas],
        basemap=_basemap(),
        credit=settings().map_approval,
        key=key,
        start=_near(around) if around else None,
    )


def _near(point: Point) -> Box:
    low = moved(point, east_m=-CLOSE_M, north_m=-CLOSE_M)
    high = moved(point, east_m=CLOSE_M, north_m=CLOSE_M)
    return Box(low.lon, low.lat, high.lon, high.lat)


def district_boxes() -> dict[str, Box]:
    """The extent of each county and zone, by code."""
    return {one.code: box_of(area) for one, area in outlined_areas()}


def _around(boxes: Sequence[Box]) -> Box:
    if not boxes:
        return WHOLE
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
