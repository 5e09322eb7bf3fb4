"""The language of axe-core's own texts: its Chinese, completed and corrected by us."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

VENDORED = Path(__file__).resolve().parents[3] / "static" / "vendor" / "axe-core-4.14.1"
DATA = Path(__file__).parents[1] / "data"
SUPPLEMENT = DATA / "axe-zh_CN-supplement.json"

Strings = dict[str, Any]


def merged(base: Strings, over: Strings) -> Strings:
    """`base` with `over` laid on top, branch by branch; a branch of `over` replaces a leaf.

    axe-core has turned some single texts into several since the translation was made.
    """
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        is_branch = isinstance(below, dict) and isinstance(value, dict)
        result[key] = merged(below or {}, value) if is_branch else value
    return result


@lru_cache
def chinese_locale() -> Strings:
    """What `axe.configure({locale})` takes for Chinese; English is built in."""
    base = json.loads((VENDORED / "locales" / "zh_CN.json").read_text(encoding="utf-8"))
    supplement = json.loads(SUPPLEMENT.read_text(encoding="utf-8"))
    return merged(base, {key: supplement[key] for key in ("rules", "checks")})
