"""What is wrong with a facility's form, for the summary on top: by name, in the page's order."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from audit.checklists.rules import FACTS
from audit.core.language import current_language

from . import FacilityForm

NAMES = {
    "name": lazy_gettext("名称"),
    "address": lazy_gettext("地址"),
    "district_code": lazy_gettext("负责的区县"),
    "town_code": lazy_gettext("乡镇或街道"),
    "lon": lazy_gettext("经度"),
    "lat": lazy_gettext("纬度"),
    "shape": lazy_gettext("路线图形"),
    "url": lazy_gettext("网址"),
    "organisation_id": lazy_gettext("责任单位"),
    "built_on": lazy_gettext("建成日期"),
    "altered_on": lazy_gettext("最近一次改造日期"),
}
ORDER = (
    "name", "url", "district", "town", "address", "lon", "lat", "far", "accuracy_m", "shape",
    "built_on", "altered_on", *(f"fact.{name}" for name in FACTS), "organisation",
)  # fmt: skip
LABELS = {
    **NAMES,
    "district": NAMES["district_code"],
    "town": NAMES["town_code"],
    "organisation": NAMES["organisation_id"],
    "far": lazy_gettext("位置"),
    "accuracy_m": lazy_gettext("误差（米）"),
}


def problem_list(form: FacilityForm) -> list[tuple[str, str]]:
    """(anchor, sentence) of each problem."""
    named = sorted(form.problems.items(), key=lambda pair: _place(pair[0]))
    return [(name, f"{_label(name)}{_('：')}{text}") for name, text in named]


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _label(name: str) -> str:
    fact = FACTS.get(name.removeprefix("fact."))
    if name.startswith("fact.") and fact is not None:
        return fact.label.in_(current_language())
    return str(LABELS.get(name, name))
