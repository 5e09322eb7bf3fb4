"""Which column of a file holds what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.checklists.rules import FACTS
from audit.core.text import Text
from audit.geo.datums import Datum
from audit.tables.columns import Field, guessed_columns

FIELDS: Mapping[str, Field] = {
    "kind": Field(Text("类别", "Kind"), ("类别", "类型", "设施类别", "设施类型", "kind", "type")),
    "name": Field(
        Text("名称", "Name"), ("名称", "设施名称", "名字", "点位名称", "name", "facility")
    ),
    "address": Field(
        Text("地址", "Address"), ("地址", "详细地址", "位置", "地点", "address", "addr")
    ),
    "district": Field(
        Text("区县", "District"),
        ("区县", "负责的区县", "县区", "区", "行政区", "district", "county"),
    ),
    "town": Field(
        Text("乡镇或街道", "Town or street office"),
        ("乡镇", "街道", "乡镇街道", "镇街", "乡镇或街道", "town", "township",
         "townorstreetoffice"),
    ),
    "lon": Field(Text("经度", "Longitude"), ("经度", "lon", "lng", "long", "longitude", "x")),
    "lat": Field(Text("纬度", "Latitude"), ("纬度", "lat", "latitude", "y")),
    "shape": Field(Text("图形", "Shape"), ("图形", "路线图形", "geometry", "shape", "geojson")),
    "url": Field(Text("网址", "Web address"), ("网址", "网站地址", "url", "website", "webaddress")),
    "organisation": Field(
        Text("责任单位", "Responsible organisation"),
        ("责任单位", "管理单位", "权属单位", "养护单位", "organisation", "owner",
         "responsibleorganisation"),
    ),
    "built_on": Field(
        Text("建成日期", "Built on"),
        ("建成日期", "建成时间", "建成年份", "竣工日期", "builton", "built"),
    ),
    "altered_on": Field(
        Text("最近一次改造日期", "Last altered on"),
        ("最近一次改造日期", "改造日期", "改造时间", "改造年份", "alteredon", "lastalteredon"),
    ),
    **{
        f"fact.{name}": Field(fact.label, (fact.label.zh, fact.label.en, name))
        for name, fact in FACTS.items()
        if fact.is_asked
    },
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """How a file is to be read. `columns`: field → place of its column, from 0. `kind` and
    `district` stand for rows that name none; "" there means from the place."""

    columns: Mapping[str, int] = field(default_factory=dict)
    kind: str = ""
    district: str = ""
    datum: Datum = Datum.WGS84
    swap: bool = False

    def kept(self) -> dict[str, Any]:
        return {
            "columns": dict(self.columns), "kind": self.kind, "district": self.district,
            "datum": self.datum.value, "swap": self.swap,
        }  # fmt: skip

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Plan":
        if not kept:
            return cls()
        return cls(
            kept["columns"], kept["kind"], kept["district"], Datum(kept["datum"]), kept["swap"]
        )


def guessed(columns: Sequence[str]) -> dict[str, int]:
    return guessed_columns(FIELDS, columns)


def guessed_datum(columns: Sequence[str]) -> Datum:
    """A datum that a column's name names, as `lon_gcj02`; else WGS-84."""
    words = " ".join(columns).lower().replace("-", "").replace("_", "")
    return next((datum for datum in Datum if datum.value in words), Datum.WGS84)
