"""Which lists have saved views, and what of an address such a view keeps. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit.core.actors import May
from audit.core.text import Text

MOST = 20  # of one person
LONGEST_NAME = 30
LONGEST_QUERY = 1000
Pairs = list[tuple[str, str]]


class Subject(StrEnum):
    FINDINGS = "findings"
    FACILITIES = "facilities"
    INSPECTIONS = "inspections"
    MAP = "map"


@dataclass(frozen=True)
class SavedList:
    """`fields`: what its address may ask for; one that ends in a point stands for all that begin
    so."""

    title: Text
    may: May
    fields: frozenset[str]


_FINDINGS = frozenset(
    {"q", "state", "severity", "district", "kind", "organisation", "facility", "by", "returned"}
    | {"department", "doubtful", "programme", "asked", "late", "plea", "mark", "assistant"}
    | {"figure", "from", "to", "nobody"}
)
_FACILITIES = frozenset({"q", "kind", "district", "review", "seen", "fact."})
LISTS: Mapping[Subject, SavedList] = {
    Subject.FINDINGS: SavedList(Text("问题", "Findings"), May.SEE_FINDINGS, _FINDINGS),
    Subject.FACILITIES: SavedList(Text("设施", "Facilities"), May.SEE_FACILITIES, _FACILITIES),
    Subject.INSPECTIONS: SavedList(
        Text("检查", "Inspections"), May.SEE_INSPECTIONS, frozenset({"mine"})
    ),
    Subject.MAP: SavedList(
        Text("地图", "Map"), May.SEE_MAP, _FINDINGS | _FACILITIES | frozenset({"show"})
    ),
}


def kept_pairs(subject: Subject, pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Of an address what its list knows, in one order, so that the same narrowing is one text."""
    known = LISTS[subject].fields
    return sorted({(name, value) for name, value in pairs if value and _stem(name) in known})


def _stem(name: str) -> str:
    first, point, _rest = name.partition(".")
    return first + point
