"""What is known of a facility that decides which limit holds."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from audit.core.text import Text
from audit.standards.rules import get_instrument

FactValue = bool | int | str | list[str]
REGISTER = Path(__file__).parents[1] / "facts.toml"


class Works(StrEnum):
    NEW = "new"
    ALTERED = "altered"
    OLD = "old"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class FacilityFacts:
    """`built_on` is the day built or extended; None is not known. `values` holds other facts.

    Where only the year or the month is known, `built_on` is its first day and `built_by` its last,
    and what may have been before a day or after it counts as unknown.
    """

    built_on: date | None = None
    altered_on: date | None = None
    values: Mapping[str, FactValue] = field(default_factory=dict)
    built_by: date | None = None
    altered_by: date | None = None

    @property
    def works(self) -> Works:
        """Against the day on which GB 55019-2021 came into force."""
        since = get_instrument("GB55019").effective_from
        if since is None:
            return Works.UNKNOWN
        if self.built_on is not None and self.built_on >= since:
            return Works.NEW
        if self.altered_on is not None and self.altered_on >= since:
            return Works.ALTERED
        # Works before that day, of either sort, show that the place already stood.
        return Works.OLD if self.last_before(since) else Works.UNKNOWN

    def worked_since(self, day: date) -> bool:
        """Whether it was for certain built or altered on that day or later."""
        return any(first >= day for first, _last in self._spans)

    def last_before(self, day: date) -> bool:
        """Whether its works are known and were for certain all before that day."""
        return bool(self._spans) and all(last < day for _first, last in self._spans)

    @property
    def _spans(self) -> list[tuple[date, date]]:
        known = ((self.built_on, self.built_by), (self.altered_on, self.altered_by))
        return [(first, last or first) for first, last in known if first is not None]

    def get(self, name: str) -> FactValue | None:
        """None where the fact is not known."""
        return self.works.value if name == "works" else self.values.get(name)


class FactForm(StrEnum):
    """How a fact is asked for and kept: a day as ISO text, several choices as a list of ids."""

    CHOICE = "choice"
    CHOICES = "choices"
    YESNO = "yesno"
    NUMBER = "number"
    TEXT = "text"
    DAY = "day"


YES_NO: Mapping[bool | str, Text] = {True: Text("是", "yes"), False: Text("否", "no")}


@dataclass(frozen=True)
class FactKind:
    """A fact that conditions may name: how it is called, and its values where it has a list."""

    label: Text
    form: FactForm
    values: Mapping[bool | str, Text]
    is_asked: bool = True

    @property
    def is_number(self) -> bool:
        return self.form is FactForm.NUMBER

    def accepts(self, value: object) -> bool:
        """Whether a condition may compare the fact with this."""
        if self.is_number:
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        return isinstance(value, bool | str) and value in self.values


def _read(row: Mapping[str, Any]) -> FactKind:
    form = FactForm(row.get("form", FactForm.CHOICE))
    listed = {name: Text(**words) for name, words in row.get("values", {}).items()}
    values = YES_NO if form is FactForm.YESNO else listed
    return FactKind(Text(**row["title"]), form, values, is_asked="computed" not in row)


FACTS: Mapping[str, FactKind] = {
    name: _read(row) for name, row in tomllib.loads(REGISTER.read_text("utf-8")).items()
}
