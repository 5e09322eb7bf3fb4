"""What was done to a facility's record, in words: who, when, and each value before and after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from audit.accounts.models import Organisation
from audit.checklists.rules import FACTS
from audit.core.db import db
from audit.core.language import current_language
from audit.districts.models import District
from audit.duties.rules import DUTIES, Duty
from audit.journal.models import JournalEntry
from audit.measures.rules import STATES, MeasureState

from ..forms.facts import read_fact
from ..forms.far import kilometres
from ..forms.problems import NAMES

VERBS = {
    "add": lazy_gettext("登记"),
    "edit": lazy_gettext("修改资料"),
    "keep_far": lazy_gettext("确认位置在区县界外"),
    "accept": lazy_gettext("核对无误，正式登记"),
    "refuse": lazy_gettext("核对后不予登记"),
    "retire": lazy_gettext("注销"),
    "restore": lazy_gettext("恢复登记"),
    "merge": lazy_gettext("并入另一处设施"),
    "split": lazy_gettext("拆出了一处"),
    "split_off": lazy_gettext("从另一处拆出"),
    "take_over": lazy_gettext("并入了另一个编号"),
    "give_duty": lazy_gettext("登记有关的单位"),
    "end_duty": lazy_gettext("取消有关的单位"),
    "plan_measure": lazy_gettext("列入计划"),
    "change_measure": lazy_gettext("修改计划"),
    "move_measure": lazy_gettext("计划的状态"),
}


@dataclass(frozen=True)
class Change:
    """One entry of the journal; `lines` say what changed from what to what."""

    title: object
    at: datetime
    who: str
    lines: tuple[str, ...]


def changes_of(entries: Sequence[JournalEntry]) -> list[Change]:
    """In the order of the entries."""
    return [
        Change(
            VERBS.get(entry.verb, entry.verb),
            entry.at,
            entry.actor_name if entry.actor_id else str(_("系统")),
            tuple(_lines(entry.detail) if entry.verb == "edit" else _said(entry)),
        )
        for entry in entries
    ]


def _said(entry: JournalEntry) -> list[str]:
    if "measure" in entry.detail:
        state = STATES[MeasureState(entry.detail["state"])].in_(current_language())
        return [f"{entry.detail['year']} {entry.detail['what']}{_('：')}{state}"]
    if "duty" in entry.detail:
        named = DUTIES[Duty(entry.detail["duty"])].in_(current_language())
        return [f"{named}{_('：')}{entry.detail['organisation']}"]
    if "far_m" in entry.detail:
        return [str(_("界外约 %(km)s 公里", km=kilometres(entry.detail["far_m"])))]
    other = entry.detail.get("other")
    lines = [str(_("另一编号：%(number)s", number=other))] if other else []
    return lines + ([str(_("原因：%(why)s", why=entry.why))] if entry.why else [])


def _lines(detail: dict[str, list[object]]) -> list[str]:
    lines = []
    for name, pair in detail.items():
        if name == "bulk":
            continue
        before, after = pair
        if name == "facts":
            lines += _facts(before, after)
        elif name == "shape":
            lines.append(str(_("路线图形已更换")))
        else:
            lines.append(_line(NAMES.get(name, name), _shown(name, before), _shown(name, after)))
    return lines


def _facts(before: object, after: object) -> list[str]:
    old = before if isinstance(before, dict) else {}
    new = after if isinstance(after, dict) else {}
    return [
        _line(
            FACTS[name].label.in_(current_language()),
            _fact(name, old.get(name)),
            _fact(name, new.get(name)),
        )
        for name in FACTS
        if old.get(name) != new.get(name)
    ]


def _fact(name: str, value: object) -> str:
    if value is None:
        return str(_("不明"))
    many: list[Any] = value if isinstance(value, list) else [value]
    known = FACTS[name].values
    words = [known[one].in_(current_language()) if one in known else str(one) for one in many]
    return str(_("、")).join(words)


def _line(name: object, before: str, after: str) -> str:
    return str(_("%(name)s：%(before)s → %(after)s", name=name, before=before, after=after))


def _shown(name: str, value: object) -> str:
    """The journal keeps codes and ids, and None as such or as a word."""
    if value in (None, "", "None"):
        return str(_("未填"))
    if isinstance(value, float):
        return f"{value:.5f}"
    return SHOWN.get(name, str)(str(value))


def said_in_form(control: str, text: str) -> str:
    """A value of the form in words."""
    if control.startswith("fact."):
        name = control.removeprefix("fact.")
        return _fact(name, read_fact(name, text))
    if control == "shape":
        return str(_("另一个图形"))
    return IN_FORM.get(control, str)(text)


def _organisation(text: str) -> str:
    found = db.session.get(Organisation, UUID(text))
    return found.name if found else text


def _district(code: str) -> str:
    found = db.session.get(District, code)
    return found.title if found else code


SHOWN: dict[str, Callable[[str], str]] = {
    "organisation_id": _organisation,
    "district_code": _district,
    "town_code": _district,
}
IN_FORM = {"organisation": _organisation, "district": _district, "town": _district}
