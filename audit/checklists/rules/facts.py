"""What is known of a facility that decides which limit holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from audit.core.text import Text
from audit.standards.rules import get_instrument

FactValue = bool | int | str


class Works(StrEnum):
    NEW = "new"
    ALTERED = "altered"
    OLD = "old"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class FacilityFacts:
    """`built_on` is the day built or extended; None is not known. `values` holds other facts.

    Where only the year or the month is known, `built_on` is its first day and `built_by` its last,
    and what may have been before a day or after it counts as unknown.
    """

    built_on: date | None = None
    altered_on: date | None = None
    values: Mapping[str, FactValue] = field(default_factory=dict)
    built_by: date | None = None
    altered_by: date | None = None

    @property
    def works(self) -> Works:
        """Against the day on which GB 55019-2021 came into force."""
        since = get_instrument("GB55019").effective_from
        if since is None:
            return Works.UNKNOWN
        if self.built_on is not None and self.built_on >= since:
            return Works.NEW
        if self.altered_on is not None and self.altered_on >= since:
            return Works.ALTERED
        # Works before that day, of either sort, show that the place already stood.
        return Works.OLD if self.last_before(since) else Works.UNKNOWN

    def worked_since(self, day: date) -> bool:
        """Whether it was for certain built or altered on that day or later."""
        return any(first >= day for first, _last in self._spans)

    def last_before(self, day: date) -> bool:
        """Whether its works are known and were for certain all before that day."""
        return bool(self._spans) and all(last < day for _first, last in self._spans)

    @property
    def _spans(self) -> list[tuple[date, date]]:
        known = ((self.built_on, self.built_by), (self.altered_on, self.altered_by))
        return [(first, last or first) for first, last in known if first is not None]

    def get(self, name: str) -> FactValue | None:
        """None where the fact is not known."""
        return self.works.value if name == "works" else self.values.get(name)


@dataclass(frozen=True)
class FactKind:
    """A fact that conditions may name: how it is called, and its values where it has a list."""

    label: Text
    values: Mapping[FactValue, Text]
    is_number: bool = False

    def accepts(self, value: object) -> bool:
        if self.is_number:
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        return isinstance(value, bool | str) and value in self.values


def _kind(zh: str, en: str, **values: tuple[str, str]) -> FactKind:
    return FactKind(Text(zh, en), {key: Text(*label) for key, label in values.items()})


FACTS: Mapping[str, FactKind] = {
    "works": _kind(
        "建成或改造时间",
        "date of works",
        new=("2022年4月1日起新建或扩建", "built or extended since 2022-04-01"),
        altered=("2022年4月1日起改造", "altered since 2022-04-01"),
        old=("2022年4月1日以前", "older"),
        unknown=("不明", "not known"),
    ),
    "crowded": FactKind(
        Text("人员密集的公共场所", "crowded public place"),
        {True: Text("是", "yes"), False: Text("否", "no")},
    ),
    "storeys": FactKind(Text("层数", "number of floors"), {}, is_number=True),
    "branch": _kind(
        "建筑类别",
        "kind of building",
        service=("公共服务", "public service"),
        hospital=("医疗", "hospital"),
        school=("教育", "school"),
        culture=("文化", "culture"),
        sport=("体育", "sport"),
        transport=("交通", "transport"),
        finance=("金融", "finance"),
        post=("邮政", "post"),
        commerce=("商业", "commerce"),
        tourism=("旅游", "tourism"),
        catering=("餐饮", "catering"),
        office=("办公", "office"),
        welfare=("福利、托养、康复", "welfare and care"),
        library=("图书馆", "library"),
        hotel=("旅馆", "hotel"),
        station=("客运站", "coach station"),
        heritage=("文物建筑", "heritage"),
    ),
    "road_class": _kind(
        "道路类别",
        "class of road",
        main=("主干路", "main road"),
        secondary=("次干路", "secondary road"),
        local=("支路", "local road"),
        shopping=("主要商业区道路", "road of a main shopping area"),
    ),
    "host": _kind(
        "公厕所在",
        "where the toilet stands",
        standalone=("独立公厕", "on its own"),
        service=("公共服务设施", "public service building"),
        transport=("交通设施", "transport"),
        scenic=("旅游景区", "scenic area"),
        market=("市场", "market"),
    ),
}
