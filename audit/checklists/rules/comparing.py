"""What one edition of a list asks otherwise than another."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from .grammar import Checklist, Item

TOLD: Mapping[str, tuple[str, ...]] = {
    "ask": ("ask",),
    "answers": ("type", "fields"),
    "limits": ("limits",),
    "relevance": ("relevant", "na"),
    "clause": ("cite", "conf", "force"),
    "weight": ("severity", "defect", "fault", "groups", "photo"),
    "help": ("how", "problem", "why", "section", "experience"),
}


@dataclass(frozen=True)
class Difference:
    """One item. `what` names keys of TOLD; it is empty for an item that is new or gone."""

    item: Item
    before: Item | None
    what: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    added: tuple[Difference, ...]
    gone: tuple[Difference, ...]
    changed: tuple[Difference, ...]
    same: int


def compare(old: Checklist, new: Checklist) -> Comparison:
    """In the order of the new list; what is gone in the order of the old one."""
    both = [(old.by_id[item.id], item) for item in new.items if item.id in old.by_id]
    changed = [Difference(now, was, told) for was, now in both if (told := _told(was, now))]
    return Comparison(
        added=tuple(Difference(item, None) for item in new.items if item.id not in old.by_id),
        gone=tuple(Difference(item, item) for item in old.items if item.id not in new.by_id),
        changed=tuple(changed),
        same=len(both) - len(changed),
    )


def _told(was: Item, now: Item) -> tuple[str, ...]:
    differ = {one.name for one in fields(Item) if getattr(was, one.name) != getattr(now, one.name)}
    return tuple(key for key, names in TOLD.items() if differ & set(names)) or (
        ("help",) if differ else ()
    )
