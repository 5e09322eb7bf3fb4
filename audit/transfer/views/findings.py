"""Findings as rows of a file, under the filter of their list."""

import json
from collections.abc import Callable, Mapping, Sequence

from flask_babel import lazy_gettext as _

from audit.core.clock import here
from audit.core.language import current_language
from audit.facilities.rules import KINDS, FacilityKind
from audit.findings.models import Finding
from audit.findings.rules import SEVERITIES, STATES, State
from audit.tables.writing import Cell

from .words import fact_words

TITLES: Mapping[str, object] = {
    "number": _("编号"),
    "title": _("问题"),
    "state": _("状态"),
    "severity": _("严重程度"),
    "facility_number": _("设施编号"),
    "facility": _("设施"),
    "kind": _("设施类别"),
    "district": _("区县"),
    "programmes": _("设施所属专项"),
    "department": _("主管部门"),
    "organisation": _("整改单位"),
    "opened": _("发现日期"),
    "changed": _("最近变化"),
    "lon": _("经度"),
    "lat": _("纬度"),
}
WORDED: Mapping[str, Callable[[Finding], Cell]] = {
    "title": lambda row: row.title(current_language()),
    "state": lambda row: STATES[State(row.state)].in_(current_language()),
    "severity": lambda row: f"{row.severity} {SEVERITIES[row.severity].in_(current_language())}",
    "facility_number": lambda row: row.facility.number,
    "facility": lambda row: row.facility.name,
    "kind": lambda row: KINDS[FacilityKind(row.kind)].title.in_(current_language()),
    "district": lambda row: row.district.title,
    "programmes": lambda row: fact_words("programmes", row.facility.facts, current_language()),
    "department": lambda row: row.department.name if row.department else "",
    "organisation": lambda row: row.organisation.name if row.organisation else "",
    "opened": lambda row: here(row.opened_at).date().isoformat(),
    "changed": lambda row: here(row.changed_at).date().isoformat(),
}


def titles() -> list[str]:
    return [str(title) for title in TITLES.values()]


def table_of(rows: Sequence[Finding]) -> list[list[Cell]]:
    return [[_cell(row, name) for name in TITLES] for row in rows]


def geojson_of(rows: Sequence[Finding]) -> bytes:
    """RFC 7946: WGS-84, longitude first. What has no place has no geometry."""
    features = [_feature(row) for row in rows]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False).encode()


def _feature(row: Finding) -> dict[str, object]:
    placed = row.lon is not None
    cells = {name: _cell(row, name) for name in TITLES if name not in ("lon", "lat")}
    return {
        "type": "Feature",
        "id": row.number,
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]} if placed else None,
        "properties": {name: cell for name, cell in cells.items() if cell not in ("", None)},
    }


def _cell(row: Finding, name: str) -> Cell:
    cell: Cell = WORDED[name](row) if name in WORDED else getattr(row, name)
    return cell
