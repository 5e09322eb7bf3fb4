"""The tables that go with a referral pack, as files: points, chronology, manifest. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .content import visible
from .matter import Matter, Miss
from .parts import clause
from .referral import told_together

POINTS = (
    "序号", "问题编号", "问题", "严重程度", "状态", "点位编号", "点位名称", "地址", "经度", "纬度",
    "数量", "项目", "实测", "要求", "条文及效力", "条文是否核实", "责任主体", "责任类型",
    "责任主体的义务", "主管部门", "主管部门的职责", "受影响的人群", "发现日期",
)  # fmt: skip
CHRONOLOGY = ("序号", "问题编号", "时间", "经办", "步骤", "内容")
Cell = str | int | float | None


def points_rows(matter: Matter) -> list[tuple[Cell, ...]]:
    """One for every limit that was missed."""
    rows: list[tuple[Cell, ...]] = []
    for number, one, more in told_together(matter):
        for miss in one.misses or (Miss("", "", "", "", "", True),):
            sure = ("已核实" if miss.is_verified else "条文待核") if miss.clauses else ""
            rows.append((
                number, one.number, one.title, one.severity, more.state, one.place_number,
                one.place, one.address, more.lon, more.lat, more.extent, miss.field,
                miss.measured, miss.required, clause(miss), sure, more.owner, more.owner_role,
                more.owner_duty, more.regulator, more.regulator_duty, more.groups, one.day,
            ))  # fmt: skip
    return rows


def chronology_rows(matter: Matter) -> list[tuple[Cell, ...]]:
    return [
        (number, one.number, turn.day, turn.who, turn.what, turn.words)
        for number, one, more in told_together(matter)
        for turn in more.history
    ]


def geojson(matter: Matter) -> bytes:
    """RFC 7946: WGS-84, longitude first; no geometry where a place has none, as a website."""
    features = []
    for number, one, more in told_together(matter):
        lies = more.lon is not None and more.lat is not None
        told = {"序号": number, "问题编号": one.number, "问题": one.title, "点位": one.place,
                "点位编号": one.place_number, "状态": more.state, "责任主体": more.owner,
                "主管部门": more.regulator}  # fmt: skip
        shape = {"type": "Point", "coordinates": [more.lon, more.lat]} if lies else None
        features.append({"type": "Feature", "geometry": shape, "properties": told})
    return written({"type": "FeatureCollection", "features": features})


def written(plain: Mapping[str, Any]) -> bytes:
    """The same bytes each time."""
    return (json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def readable(rows: Iterable[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """With what turns a line around written out."""
    return [tuple(visible(cell) for cell in row) for row in rows]
