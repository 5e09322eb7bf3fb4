"""What is wrong when a rule is violated, in a few words and both languages."""

import json
import tomllib
from functools import cache

from audit.core.text import Text

from .locale import DATA, VENDORED, chinese_locale


def rule_title(rule: str) -> Text:
    """Our statement of the fault, else axe-core's help, else the rule's id."""
    ours = _problems().get(rule)
    return Text(*ours) if ours else rule_help(rule)


def known_rules() -> tuple[str, ...]:
    """Every rule of axe-core as vendored here."""
    return tuple(sorted(_english()))


def rule_help(rule: str) -> Text:
    """What axe-core says that the rule asks for."""
    english = _english().get(rule, {}).get("help", rule)
    chinese = (chinese_locale()["rules"].get(rule) or {}).get("help", english)
    return Text(str(chinese), str(english))


@cache
def _problems() -> dict[str, list[str]]:
    table: dict[str, list[str]] = tomllib.loads((DATA / "problems.toml").read_text("utf-8"))
    return table


@cache
def _english() -> dict[str, dict[str, str]]:
    template = json.loads((VENDORED / "locales" / "_template.json").read_text(encoding="utf-8"))
    rules: dict[str, dict[str, str]] = template["rules"]
    return rules
