"""What a map's address asks for. Everything that is no such thing raises `NotFound`."""

import re
from enum import StrEnum

from werkzeug.datastructures import MultiDict

from audit.core.errors import NotFound
from audit.facilities.forms import parse_filter as parse_facilities
from audit.findings.forms import parse_filter as parse_findings
from audit.geo.points import Box

from .queries import Grid, grid_of

NUMBER = r"-?\d{1,3}(?:\.\d{1,12})?"
BBOX = re.compile(rf"({NUMBER}),({NUMBER}),({NUMBER}),({NUMBER})", re.ASCII)
ZOOM = re.compile(r"\d{1,2}", re.ASCII)
MAX_ZOOM = 21


class Show(StrEnum):
    """Which of the two things the page shows."""

    FINDINGS = "findings"
    FACILITIES = "facilities"


def parse_show(args: MultiDict[str, str]) -> Show:
    try:
        return Show(args.get("show") or Show.FINDINGS)
    except ValueError as error:
        raise NotFound from error


def parse_page(args: MultiDict[str, str]) -> object:
    """All that the page of either map is asked for."""
    is_register = parse_show(args) is Show.FACILITIES
    return parse_facilities(args) if is_register else parse_findings(args)


def parse_grid(args: MultiDict[str, str]) -> Grid:
    """`bbox` (west, south, east, north in degrees) and `z`, 0 to 21."""
    return grid_of(*parse_view(args))


def parse_view(args: MultiDict[str, str]) -> tuple[Box, int]:
    edges, zoom = BBOX.fullmatch(args.get("bbox", "")), ZOOM.fullmatch(args.get("z", ""))
    if edges is None or zoom is None or int(zoom[0]) > MAX_ZOOM:
        raise NotFound
    try:
        west, south, east, north = (float(edge) for edge in edges.groups())
        return Box(west, south, east, north), int(zoom[0])
    except ValueError as error:
        raise NotFound from error
