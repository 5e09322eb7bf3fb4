"""Which column of a table holds what, guessed by its name. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.core.text import Text

_NOISE = re.compile(r"[\s_\-:：()（）/.*]|wgs84|gcj02|bd09", re.IGNORECASE)


@dataclass(frozen=True)
class Field:
    """One thing that a column can hold; `names` are what people call it, in any case."""

    title: Text
    names: tuple[str, ...]


def guessed_columns(fields: Mapping[str, Field], columns: Sequence[str]) -> dict[str, int]:
    """Fields whose column's name says what it holds; the first column of a name counts."""
    plain = [_plain(name) for name in columns]
    found: dict[str, int] = {}
    for key, one in fields.items():
        names = {_plain(name) for name in one.names}
        place = next((at for at, name in enumerate(plain) if name in names), None)
        if place is not None and place not in found.values():
            found[key] = place
    return found


def _plain(name: str) -> str:
    return _NOISE.sub("", name).lower()
