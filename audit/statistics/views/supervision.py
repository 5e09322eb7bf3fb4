"""What is late, what came back, and whom everything waits for."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from audit.clocks.rules import Standing
from audit.core.actors import Actor, May
from audit.core.language import current_language
from audit.findings.models import Finding
from audit.findings.queries import FindingFilter, list_findings
from audit.findings.rules import State
from audit.web.filters import Query, list_url

from ..queries import By, loads, names_of
from ..rules import HOLDERS, Holder, Load, Share, holder_of, ranking, states_with

SHOWN = 10
LIST = "findings.index"


@dataclass(frozen=True)
class LoadRow:
    """`url`: these findings as a list, for whoever may see them; `place`: of the share of late
    ones among districts, None for too few to rank."""

    name: str
    load: Load
    url: str
    reopened: int = 0
    place: int | None = None

    @property
    def late_share(self) -> Share:
        return Share(self.load.late, self.load.total)

    def url_of(self, late: str) -> str:
        return f"{self.url}&late={late}" if self.url else ""


@dataclass(frozen=True)
class Desk:
    whole: LoadRow
    reopened: LoadRow
    holders: list[LoadRow]
    districts: list[LoadRow]
    gross: list[Finding]


def supervision(actor: Actor) -> Desk:
    found = loads(actor)
    sees = actor.may(May.SEE_FINDINGS)

    def row(name: str, keys: list[tuple[str, State]], query: Query) -> LoadRow:
        again = _sum(found, [key for key in keys if key[1] is State.REOPENED]).total
        return LoadRow(name, _sum(found, keys), list_url(LIST, query) if sees else "", again)

    every = list(found)
    holders = [
        row(
            HOLDERS[holder].in_(current_language()),
            [key for key in every if holder_of(key[1]) is holder],
            [("state", state) for state in states_with(holder)],
        )
        for holder in Holder
        if states_with(holder)
    ]
    codes = sorted({code for code, _state in every})
    names = names_of(By.DISTRICT, list(codes))
    districts = [
        row(names[code], [key for key in every if key[0] == code],
            [("state", "open"), ("district", code)])
        for code in codes
    ]  # fmt: skip
    reopened = [key for key in every if key[1] is State.REOPENED]
    return Desk(
        row(_("合计"), every, [("state", "open")]),
        row(_("重新整改"), reopened, [("state", State.REOPENED)]),
        holders,
        _ranked(districts),
        _gravest(actor) if sees else [],
    )


def _sum(found: Mapping[tuple[str, State], Load], keys: list[tuple[str, State]]) -> Load:
    return sum((found[key] for key in keys), Load())


def _ranked(districts: list[LoadRow]) -> list[LoadRow]:
    """The largest share of late ones first; those with few findings last."""
    rows = {one.name: one for one in districts}
    ranked = ranking({name: one.late_share for name, one in rows.items()})
    return [
        LoadRow(one.name, row.load, row.url, row.reopened, one.place)
        for one in ranked
        for row in [rows[one.name]]
    ]


def _gravest(actor: Actor) -> list[Finding]:
    rows, _total = list_findings(actor, FindingFilter(open=True, late=Standing.GROSS))
    return list(rows[:SHOWN])
