"""What goes out as a file."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import May
from audit.core.errors import NotFound
from audit.core.language import current_language
from audit.facilities.forms import parse_filter
from audit.facilities.models import Facility
from audit.facilities.rules import KINDS, FacilityKind, span_text
from audit.findings.forms import parse_filter as parse_findings
from audit.geo.datums import Datum, from_wgs84
from audit.geo.points import Point
from audit.tables.writing import Cell, csv_of, xlsx_of
from audit.web.access import current_actor, needs
from audit.web.downloads import as_download

from ..models import ImportRow
from ..queries import facilities_to_export, findings_to_export
from ..rules.columns import FIELDS
from ..rules.places import reshaped
from .findings import geojson_of, table_of
from .findings import titles as finding_titles
from .words import fact_words

exports = Blueprint("exports", __name__, url_prefix="/exports")


@exports.get("/facilities.<any(csv, xlsx, geojson):ending>")
@needs(May.SEE_FACILITIES)
def facilities(ending: str) -> ResponseReturnValue:
    """The list under its filter, all pages; `datum` of its address says in which system."""
    try:
        datum = Datum(request.args.get("datum") or Datum.WGS84)
    except ValueError as error:
        raise NotFound from error
    rows = facilities_to_export(current_actor(), parse_filter(request.args))
    if ending == "geojson":
        return as_download(_geojson(rows), "facilities", ending)
    names = [*FIELDS, "number"]
    table = [[_cell(row, name, datum) for name in names] for row in rows]
    titles = [_title(name, datum) for name in names]
    raw = csv_of(titles, table) if ending == "csv" else xlsx_of(_("设施"), titles, table)
    return as_download(raw, "facilities", ending)


@exports.get("/findings.<any(csv, xlsx, geojson):ending>")
@needs(May.SEE_FINDINGS)
def findings(ending: str) -> ResponseReturnValue:
    """The list of problems under its filter, all pages."""
    rows = findings_to_export(current_actor(), parse_findings(request.args))
    if ending == "geojson":
        return as_download(geojson_of(rows), "findings", ending)
    titles, table = finding_titles(), table_of(rows)
    raw = csv_of(titles, table) if ending == "csv" else xlsx_of(_("问题"), titles, table)
    return as_download(raw, "findings", ending)


def bad_rows_csv(
    columns: Sequence[str],
    rows: Iterable[ImportRow],
    reasons: Mapping[int, Sequence[tuple[str, str]]],
) -> bytes:
    header = [_("行号"), _("原因"), *columns]
    texts = {line: "；".join(text for _field, text in found) for line, found in reasons.items()}
    return csv_of(header, [[row.line, texts[row.line], *row.cells] for row in rows])


def _title(name: str, datum: Datum) -> str:
    if name == "number":
        return str(_("编号"))
    title = FIELDS[name].title.in_(current_language())
    return (
        f"{title} ({datum.value})" if name in ("lon", "lat") and datum is not Datum.WGS84 else title
    )


def _cell(row: Facility, name: str, datum: Datum) -> Cell:
    if name in ("lon", "lat"):
        if row.lon is None or row.lat is None:
            return None
        point = from_wgs84(Point(row.lon, row.lat), datum)
        return round(point.lon if name == "lon" else point.lat, 7)
    return _text(row, name, datum)


def _text(row: Facility, name: str, datum: Datum) -> str:
    if name.startswith("fact."):
        return fact_words(name.removeprefix("fact."), row.facts, current_language())
    if name == "shape":
        return reshaped(row.shape or "", datum)
    return WORDED[name](row) if name in WORDED else getattr(row, name) or ""


WORDED: Mapping[str, Callable[[Facility], str]] = {
    "kind": lambda row: KINDS[FacilityKind(row.kind)].title.in_(current_language()),
    "district": lambda row: row.district.title,
    "town": lambda row: row.town.name if row.town else "",
    "organisation": lambda row: row.organisation.name if row.organisation else "",
    "built_on": lambda row: span_text(row.built_on, row.built_by),
    "altered_on": lambda row: span_text(row.altered_on, row.altered_by),
}


def _geojson(rows: Iterable[Facility]) -> bytes:
    """RFC 7946: WGS-84, longitude first; names of properties as in the code."""
    features = list(_features(rows))
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False).encode()


def _features(rows: Iterable[Facility]) -> Iterator[dict[str, object]]:
    left_out = {"lon", "lat", "shape"}
    for row in rows:
        texts = {
            name.removeprefix("fact."): _text(row, name, Datum.WGS84)
            for name in FIELDS
            if name not in left_out
        }
        point = {"type": "Point", "coordinates": [row.lon, row.lat]} if row.lon else None
        yield {
            "type": "Feature",
            "id": str(row.id),
            "geometry": json.loads(row.shape) if row.shape else point,
            "properties": {"number": row.number} | {k: v for k, v in texts.items() if v},
        }
