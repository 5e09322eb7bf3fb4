"""A page's own text, made fit to be stored and shown."""

import re
from typing import Any

# Lone halves of a pair, which no encoding takes; control characters, which no database of ours
# or terminal should see; and marks that turn the direction of what stands after them.
_UNFIT = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def cleaned(value: Any) -> Any:
    """Any JSON value with every text in it, names too, freed of what is unfit."""
    if isinstance(value, str):
        return _UNFIT.sub("\ufffd", value)
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    if isinstance(value, dict):
        return {cleaned(name): cleaned(one) for name, one in value.items()}
    return value
