"""A rule in plain words: why it matters and to whom, how to fix it, wrong and right."""

import tomllib
from dataclasses import dataclass
from functools import cache

from audit.core.text import Text

from .locale import DATA


@dataclass(frozen=True)
class RuleText:
    """`wrong` and `right` are code examples, empty where an example would not help."""

    why: Text
    fix: Text
    groups: tuple[str, ...]
    wrong: str = ""
    right: str = ""


@cache
def all_rule_texts() -> dict[str, RuleText]:
    """The texts of our own, by rule id."""
    table = tomllib.loads((DATA / "rules.toml").read_text(encoding="utf-8"))
    return {
        rule: RuleText(
            why=Text(row["why"]["zh"], row["why"]["en"]),
            fix=Text(row["fix"]["zh"], row["fix"]["en"]),
            groups=tuple(row["groups"]),
            wrong=row.get("wrong", ""),
            right=row.get("right", ""),
        )
        for rule, row in table.items()
    }


def find_rule_text(rule: str) -> RuleText | None:
    """None for a rule that is shown in axe-core's own words."""
    return all_rule_texts().get(rule)
