"""The list of findings: its views, and what narrows it in words."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from audit.checklists.rules import FACTS
from audit.clocks.rules import Standing
from audit.core.actors import Actor
from audit.core.language import current_language
from audit.districts.queries import responsible_districts
from audit.facilities.rules import KINDS, FacilityKind
from audit.routing.forms import department_words
from audit.web.filters import Query, list_url

from ..forms import ALL, OPEN
from ..rules import (
    FIGURES,
    MARKS,
    PLEAS,
    STATES,
    WITH_THE_FIXER,
    Figure,
    Mark,
    Plea,
    State,
    steps_for_many,
)

ENDPOINT = "findings.index"
VIEWS: tuple[tuple[object, frozenset[str]], ...] = (
    (lazy_gettext("未销号"), frozenset()),
    (lazy_gettext("待核实"), frozenset({State.REPORTED})),
    (lazy_gettext("待派单"), frozenset({State.CONFIRMED})),
    (lazy_gettext("整改中"), frozenset(WITH_THE_FIXER)),
    (lazy_gettext("待复查"), frozenset({State.FIXED})),
    (lazy_gettext("待认定"), frozenset({State.UNSURE})),
    (lazy_gettext("挂账、替代"), frozenset({State.PROGRAMMED, State.SUBSTITUTED})),
    (lazy_gettext("已销号"), frozenset({State.CLOSED})),
    (lazy_gettext("全部"), frozenset({ALL})),
)


@dataclass(frozen=True)
class Tab:
    label: object
    url: str
    current: bool
    count: int | None = None


def tabs(query: Query) -> list[Tab]:
    """The views of the list, the living first; each keeps whatever else narrows it."""
    rest = [(name, value) for name, value in query if name != "state"]
    chosen = {value for name, value in query if name == "state" and value} - {OPEN}
    return [
        Tab(
            label,
            list_url(ENDPOINT, rest + [("state", state) for state in sorted(states)]),
            chosen == states,
        )
        for label, states in VIEWS
    ]


def whole_url(query: Query) -> str:
    """The same list with the closed ones."""
    return list_url(ENDPOINT, [pair for pair in query if pair[0] != "state"] + [("state", ALL)])


def likely(actor: Actor, states: Collection[State]) -> str:
    """Of the steps for many findings, the first that fits what the list shows; "" for none."""
    fitting = [step.verb for step in steps_for_many(actor) if step.frm & set(states)]
    return next(iter(fitting), "")


def programmes() -> list[tuple[str, str]]:
    """Tags of facilities, in words."""
    words = FACTS["programmes"].values
    return [(str(name), text.alone(current_language())) for name, text in words.items()]


def say(name: str, value: str) -> str:
    """One condition of the address in words; "" for what is none. Values have been checked."""
    return SAYS[name](value) if value and name in SAYS else ""


def _state(value: str) -> str:
    if value in (OPEN, ALL):  # the tabs say it
        return ""
    return str(_("状态：%(state)s", state=STATES[State(value)].in_(current_language())))


def _kind(value: str) -> str:
    return str(_("类别：%(kind)s", kind=KINDS[FacilityKind(value)].title.in_(current_language())))


def _district(code: str) -> str:
    found = next((one.title for one in responsible_districts() if one.code == code), code)
    return str(_("区县：%(name)s", name=found))


LATE = {
    Standing.SOON: lazy_gettext("两天内到期"),
    Standing.LATE: lazy_gettext("超期，含严重超期"),
    Standing.GROSS: lazy_gettext("严重超期（过了三倍期限）"),
    Standing.IN_TIME: lazy_gettext("没有超期"),
    Standing.UNLIMITED: lazy_gettext("不设期限"),
}
SAYS: dict[str, Callable[[str], str]] = {
    "q": lambda value: str(_("含“%(text)s”", text=value)),
    "state": _state,
    "severity": lambda value: str(_("严重程度：%(severity)s", severity=value)),
    "district": _district,
    "kind": _kind,
    "programme": lambda value: FACTS["programmes"].values[value].alone(current_language()),
    "by": lambda _value: str(_("只看要由人复查的")),
    "organisation": lambda _value: str(_("只看一个整改单位")),
    "department": department_words,
    "facility": lambda _value: str(_("只看一处设施")),
    "returned": lambda _value: str(_("只看被整改单位退回的")),
    "doubtful": lambda _value: str(_("只看佐证有疑点的")),
    "asked": lambda _value: str(_("只看有申请等答复的")),
    "plea": lambda value: PLEAS[Plea(value)].in_(current_language()),
    "mark": lambda value: MARKS[Mark(value)].in_(current_language()),
    "assistant": lambda _value: str(_("只看一个协办单位")),
    "late": lambda value: str(LATE[Standing(value)]),
    "figure": lambda value: str(
        _("统计项：%(figure)s", figure=FIGURES[Figure(value)].in_(current_language()))
    ),
    "from": lambda value: str(_("从 %(month)s 起", month=value)),
    "to": lambda value: str(_("到 %(month)s 止", month=value)),
    "nobody": lambda value: str(_("还没有主管部门") if value == "department" else _("还没有派单")),
}
