"""Limits whose clause nobody of us has seen, and what becomes of them once somebody here has."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from audit.core.text import Text
from audit.standards.rules import Citation, Confidence, is_verified

from .grammar import Checklist, Item, Limit
from .words import limit_in_words


@dataclass(frozen=True)
class Doubt:
    """A limit that is 条文待核, or an item that has none. `key` stays the same in every edition in
    which the limit and its clause stay the same; `required` is empty where nothing is measured."""

    key: str
    checklist: Checklist
    item: Item
    limit: Limit | None
    cite: tuple[Citation, ...]
    required: Text

    @property
    def clause(self) -> str:
        """What is to be looked up, as it stands in the file."""
        return "; ".join(str(one) for one in self.cite)


def doubts_of(checklist: Checklist) -> list[Doubt]:
    """In the list's order. Advice of our own has no clause and is never in doubt."""
    return [
        doubt
        for item in checklist.items
        for limit in item.limits or (None,)
        if (doubt := _doubt(checklist, item, limit)) is not None
    ]


def with_confirmed(checklist: Checklist, keys: frozenset[str]) -> Checklist:
    """The same edition, its confirmed limits no longer in doubt; what it asks does not change."""
    if not keys:
        return checklist
    items = tuple(_with_confirmed(item, keys) for item in checklist.items)
    return replace(checklist, items=items) if items != checklist.items else checklist


def items_in_doubt(checklists: Iterable[Checklist]) -> frozenset[str]:
    return frozenset(one.item.id for each in checklists for one in doubts_of(each))


def _doubt(checklist: Checklist, item: Item, limit: Limit | None) -> Doubt | None:
    conf, cite = (limit.conf, limit.cite) if limit else (item.conf, item.cite)
    if is_verified(conf) or not cite:
        return None
    required = limit_in_words(limit, item, checklist) if limit else Text("", "")
    return Doubt(_key(item, limit), checklist, item, limit, cite, required)


def _key(item: Item, limit: Limit | None) -> str:
    cited = limit.cite if limit else item.cite
    rule = replace(limit, conf=Confidence.CONFIRMED) if limit else None
    said = repr((item.id, rule, [str(one) for one in cited]))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _with_confirmed(item: Item, keys: frozenset[str]) -> Item:
    limits = tuple(
        replace(limit, conf=Confidence.CONFIRMED) if _is_confirmed(item, limit, keys) else limit
        for limit in item.limits
    )
    if limits == item.limits and not _is_confirmed(item, None, keys):
        return item
    rests_on = [limit for limit in limits if limit.cite] or None
    sure = rests_on is None or all(is_verified(limit.conf) for limit in rests_on)
    conf = Confidence.CONFIRMED if sure and not is_verified(item.conf) else item.conf
    return replace(item, limits=limits, conf=conf)


def _is_confirmed(item: Item, limit: Limit | None, keys: frozenset[str]) -> bool:
    conf = limit.conf if limit else item.conf
    return not is_verified(conf) and _key(item, limit) in keys
