"""The figures of one question as rows: each number with the address of what it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from flask_babel import gettext as _

from audit.core.actors import Actor, May
from audit.findings.rules import Figure
from audit.web.filters import Query, list_url

from ..forms import FIELDS, Asked
from ..queries import By, Key, count_figures, names_of
from ..rules import Counts, Ranked, Rate, Share, ranking, share, shares

MOST_ROWS = 100  # on the page; files have them all
LIST = "findings.index"


@dataclass(frozen=True)
class Row:
    """`urls`: the findings that each figure counts, for whoever may see them."""

    name: str
    counts: Counts
    urls: Mapping[Figure, str]

    @property
    def shares(self) -> dict[Rate, Share]:
        return shares(self.counts)


class Board:
    """`asked` for a person; `query`: the address that asked."""

    def __init__(self, actor: Actor, asked: Asked, query: Query) -> None:
        self.actor, self.asked = actor, asked
        self._rest = [pair for pair in query if pair[0] in FIELDS]

    @cached_property
    def rows(self) -> list[Row]:
        """Districts by code and months in their order; others by what is due and not closed."""
        by = self.asked.by
        found = count_figures(self.actor, self.asked.chosen, self.asked.span, by)
        if by is By.MONTH:
            months = self.asked.span.months()
            return [
                self._row(f"{one:%Y-%m}", found[one], [("from", f"{one:%Y-%m}")], spans=False)
                for one in months
                if one in found
            ]
        names = names_of(by, [key for key in found if key is not None])
        keys = sorted(found, key=lambda key: self._order(key, found, names))
        return [
            self._row(names.get(key, "") or nobody_words(by), found[key], self._narrowed(key))
            for key in keys
        ]

    def _order(
        self, key: Key, found: Mapping[Key, Counts], names: Mapping[Key, str]
    ) -> tuple[object, ...]:
        if self.asked.by is By.DISTRICT:
            return (False, str(key))
        return (key is None, -found[key][Figure.UNCLOSED], names.get(key, ""))

    @cached_property
    def whole(self) -> Row:
        """All of it in one."""
        every = [row.counts for row in self.rows]
        counts = {figure: sum(one[figure] for one in every) for figure in Figure}
        return self._row(str(_("合计")), counts, [])

    @cached_property
    def ranked(self) -> list[Ranked]:
        """Districts by what was closed in time."""
        named = {row.name: share(Rate.IN_TIME, row.counts) for row in self.rows}
        return ranking(named)

    def _narrowed(self, key: Key) -> Query:
        by = self.asked.by.value
        if key is None:
            return [("nobody", by)]
        return [(by, str(key) if isinstance(key, UUID) else f"{key}")]

    def _row(self, name: str, counts: Counts, more: Query, *, spans: bool = True) -> Row:
        span = self.asked.span
        own = {pair[0] for pair in more}
        rest = [pair for pair in self._rest if pair[0] not in own]
        if spans:
            more = [*more, ("from", f"{span.first:%Y-%m}"), ("to", f"{span.last:%Y-%m}")]
        urls = {
            figure: list_url(LIST, [*rest, *more, ("figure", figure)])
            for figure in Figure
            if self.actor.may(May.SEE_FINDINGS)
        }
        return Row(name, counts, urls)


def nobody_words(by: By) -> str:
    return str(_("还没有主管部门") if by is By.DEPARTMENT else _("还没有派单"))
