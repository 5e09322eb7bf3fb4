"""Drawings of right and wrong, and the limits that stand in them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audit.core.text import Text

from .conditions import all_hold
from .facts import FacilityFacts
from .grammar import Condition, Item, Limit, Op
from .limits import bound
from .words import SIGNS, quantity, requirement_in_words

REGISTER = Path(__file__).parents[1] / "drawings.toml"
OPPOSITE = {Op.AT_LEAST: "<", Op.ABOVE: "≤", Op.AT_MOST: ">", Op.BELOW: "≥", Op.EQUAL: ">"}


@dataclass(frozen=True)
class Drawing:
    """`right` and `wrong` say in words what is drawn."""

    right: Text
    wrong: Text


DRAWINGS: Mapping[str, Drawing] = {
    name: Drawing(Text(**row["right"]), Text(**row["wrong"]))
    for name, row in tomllib.loads(REGISTER.read_text("utf-8")).items()
}


Labels = dict[str, Text]  # by field; "" is that of an item that is no group


def limit_labels(item: Item, facts: FacilityFacts) -> tuple[Labels, Labels]:
    """What is required, and what a miss would measure, for each field with a number: by the first
    limit that these facts do not rule out. `above` among the misses is beyond a range."""
    required: Labels = {}
    missed: Labels = {}
    for limit in item.limits:
        is_whole = limit.op in {Op.SHARE, Op.STEPS}
        if not limit.op.is_numeric or is_whole or limit.is_of_its_time or limit.field in required:
            continue
        if not _may_hold(limit, facts):
            continue
        required[limit.field] = requirement_in_words(limit, item.field(limit.field))
        missed[limit.field] = _miss(limit, item)
        if limit.op is Op.BETWEEN:
            missed.setdefault("above", _beyond(limit, item))
    return required, missed


def _may_hold(limit: Limit, facts: FacilityFacts) -> bool:
    """Answers decide the rest."""
    only_facts = [one for one in limit.when if _is_fact(one)]
    never = limit.unless and all(_is_fact(one) for one in limit.unless)
    return all_hold(only_facts, {}, facts) and not (never and all_hold(limit.unless, {}, facts))


def _is_fact(condition: Condition) -> bool:
    return all(leaf.fact for leaf in condition.leaves())


def _miss(limit: Limit, item: Item) -> Text:
    sign = "<" if limit.op is Op.BETWEEN else OPPOSITE[limit.op]
    number = bound(limit, limit.low if limit.op is Op.BETWEEN else limit.value)
    return quantity(item.field(limit.field).unit, sign, number)


def _beyond(limit: Limit, item: Item) -> Text:
    return quantity(item.field(limit.field).unit, SIGNS[Op.ABOVE], bound(limit, limit.high))
