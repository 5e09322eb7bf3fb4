"""Figures in words: tabs, spans of months, definitions, and the table as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from audit.checklists.rules import FACTS
from audit.core.language import current_language
from audit.facilities.rules import KINDS, FacilityKind
from audit.findings.rules import FIGURES, SEVERITIES, Figure, Span, month_before
from audit.tables.writing import Cell
from audit.web.filters import Query, list_url

from ..forms import this_month, usual_span
from ..queries import By, Key, names_of
from ..rules import FORMULAS, Counts, Rate
from .table import Board, nobody_words

ENDPOINT = "statistics.index"


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


OFFERED_MONTHS = 36


def by_names() -> dict[By, str]:
    return {
        By.DISTRICT: _("按区县"),
        By.DEPARTMENT: _("按主管部门"),
        By.ORGANISATION: _("按整改单位"),
        By.MONTH: _("按月"),
    }


def group_names() -> dict[By, str]:
    """What one row is of."""
    return {
        By.DISTRICT: _("区县"),
        By.DEPARTMENT: _("主管部门"),
        By.ORGANISATION: _("整改单位"),
        By.MONTH: _("月份"),
    }


def tabs_of(by: By, query: Query) -> list[Tab]:
    rest = [pair for pair in query if pair[0] != "by"]
    return [
        Tab(name, list_url(ENDPOINT, [*rest, ("by", one)]), one is by)
        for one, name in by_names().items()
    ]


def spans(span: Span, query: Query) -> list[Tab]:
    """The months most asked for."""
    month = this_month()
    last = month_before(month)
    offered = [
        (_("本月"), Span(month, month)),
        (_("上月"), Span(last, last)),
        (_("今年"), Span(month.replace(month=1), month)),
        (_("近 12 个月"), usual_span()),
    ]
    rest = [pair for pair in query if pair[0] not in ("from", "to")]
    return [
        Tab(name, list_url(ENDPOINT, [*rest, *_asks(one)]), one == span) for name, one in offered
    ]


def _asks(span: Span) -> Query:
    return [("from", f"{span.first:%Y-%m}"), ("to", f"{span.last:%Y-%m}")]


def month_options(span: Span) -> list[tuple[str, str]]:
    """The last three years, and what is chosen now."""
    found: set[date] = {span.first, span.last}
    month = this_month()
    for _n in range(OFFERED_MONTHS):
        found.add(month)
        month = month_before(month)
    return [(f"{one:%Y-%m}", f"{one:%Y-%m}") for one in sorted(found, reverse=True)]


def period_words(span: Span) -> str:
    first, last = f"{span.first:%Y-%m}", f"{span.last:%Y-%m}"
    return first if first == last else str(_("%(first)s 至 %(last)s", first=first, last=last))


def sentence(counts: Counts) -> str:
    """The table in one sentence."""
    told = {figure.value: f"{counts[figure]:,}" for figure in Figure}
    told_of = _(
        "受理 %(received)s 个问题，立案 %(confirmed)s 个。"
        "应结案 %(due)s 个，其中缓办 %(put_off)s 个；"
        "结案 %(closed)s 个，其中按期 %(in_time)s 个；到期没有结案的还有 %(unclosed)s 个。",
        **told,
    )
    return str(told_of)


def file_of(board: Board, language: str) -> tuple[list[str], list[list[Cell]]]:
    """Numbers, and each rate as a number between 0 and 1 or nothing."""
    titles = [group_names()[board.asked.by]]
    titles += [text.in_(language) for text in FIGURES.values()]
    titles += [formula.title.in_(language) for formula in FORMULAS.values()]
    rows: list[list[Cell]] = []
    for row in [*board.rows, board.whole]:
        rates = [row.shares[rate].value for rate in Rate]
        numbers: list[Cell] = [row.counts[figure] for figure in FIGURES]
        rows.append(
            [row.name, *numbers, *(None if one is None else round(one, 4) for one in rates)]
        )
    return titles, rows


def say(name: str, value: str) -> str:
    """One condition of the address in words; "" for what the page says elsewhere."""
    return SAYS[name](value) if name in SAYS else ""


def _named(by: By) -> Callable[[str], str]:
    key: Callable[[str], Key] = str if by is By.DISTRICT else UUID
    return lambda value: names_of(by, [key(value)]).get(key(value), value)


SAYS: dict[str, Callable[[str], str]] = {
    "district": _named(By.DISTRICT),
    "department": _named(By.DEPARTMENT),
    "organisation": _named(By.ORGANISATION),
    "kind": lambda value: KINDS[FacilityKind(value)].title.in_(current_language()),
    "severity": lambda value: f"{value} {SEVERITIES[value].in_(current_language())}",
    "programme": lambda value: FACTS["programmes"].values[value].alone(current_language()),
    "nobody": lambda value: nobody_words(By(value)),
}


def programmes() -> list[tuple[str, str]]:
    words = FACTS["programmes"].values
    return [(str(name), text.alone(current_language())) for name, text in words.items()]
