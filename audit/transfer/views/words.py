"""Facts of a facility in the words of a file."""

from collections.abc import Mapping
from typing import Any

from audit.checklists.rules import FACTS

DIVIDER = "、"  # of several values in one cell; reading knows it too


def fact_words(name: str, facts: Mapping[str, object], language: str) -> str:
    value = facts.get(name)
    if value is None:
        return ""
    many: list[Any] = value if isinstance(value, list) else [value]
    known = FACTS[name].values
    return DIVIDER.join(known[one].in_(language) if one in known else str(one) for one in many)
