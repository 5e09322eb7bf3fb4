"""What a rule is called, in both languages: axe-core's own short help, our Chinese first."""

import json
from functools import cache

from audit.core.text import Text

from .locale import VENDORED, axe_locale


def rule_title(rule: str) -> Text:
    """A rule that neither file knows is called by its id."""
    english = _english().get(rule, {}).get("help", rule)
    chinese = ((axe_locale("zh") or {}).get("rules", {}).get(rule) or {}).get("help", english)
    return Text(str(chinese), str(english))


@cache
def _english() -> dict[str, dict[str, str]]:
    template = json.loads((VENDORED / "locales" / "_template.json").read_text(encoding="utf-8"))
    rules: dict[str, dict[str, str]] = template["rules"]
    return rules
