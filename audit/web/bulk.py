"""One act for many rows of a list: which rows were ticked, and which were shown in the preview."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from werkzeug.datastructures import MultiDict

from audit.core.errors import NotFound

from .filters import Query

MOST = 500  # rows at once
LONGEST_QUERY = 2000


@dataclass(frozen=True)
class Ticked:
    """`keys`: the rows ticked, in their order; `whole`: everything that `query` finds instead."""

    act: str
    keys: tuple[str, ...] = ()
    whole: bool = False
    query: Query = field(default_factory=list)

    @property
    def back(self) -> str:
        """The query once more, as the text of a hidden control."""
        return urlencode(self.query)


def parse_ticked(sent: MultiDict[str, str]) -> Ticked:
    """`act`, `pick` (several), `whole`, `query`."""
    keys = tuple(dict.fromkeys(key.strip()[:40] for key in sent.getlist("pick") if key.strip()))
    return Ticked(sent.get("act", ""), keys, sent.get("whole") == "1", parse_query(sent))


def parse_query(sent: MultiDict[str, str]) -> Query:
    """What narrowed the list from which somebody came."""
    return parse_qsl(sent.get("query", "")[:LONGEST_QUERY])


def parse_shown(sent: MultiDict[str, str]) -> Mapping[str, str]:
    """`row` (several): what is done to whom, and what that was when it was shown: `key:mark`.
    Raises `NotFound` where there are more than a preview ever shows."""
    pairs = [text.partition(":") for text in sent.getlist("row")]
    if len(pairs) > MOST:
        raise NotFound
    return {key: mark for key, _colon, mark in pairs if key and mark}


def parse_id(sent: MultiDict[str, str]) -> UUID:
    """Of this one act, so that sent twice it is done once."""
    try:
        return UUID(sent.get("bulk", ""))
    except ValueError as error:
        raise NotFound from error
