"""Which criterion of WCAG 2.2 a rule of axe-core speaks for, read from the rule's own tags."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from audit.core.text import Text

CRITERIA_FILE = Path(__file__).parents[1] / "data" / "wcag22.toml"
_CRITERION_TAG = re.compile(r"wcag(\d)(\d)(\d{1,2})")


@dataclass(frozen=True)
class Criterion:
    """A success criterion, such as 1.4.3 at level AA."""

    number: str
    level: str
    name: Text

    @property
    def cited(self) -> Text:
        return Text(
            f"WCAG 2.2 {self.number} {self.name.zh}（{self.level}）",
            f"WCAG 2.2 {self.number} {self.name.en} ({self.level})",
        )


@cache
def all_criteria() -> dict[str, Criterion]:
    """The 55 criteria of levels A and AA, by number, in the order of the document."""
    table = tomllib.loads(CRITERIA_FILE.read_text(encoding="utf-8"))["criterion"]
    return {
        row["number"]: Criterion(row["number"], row["level"], Text(row["zh"], row["en"]))
        for row in table
    }


def criteria_of(tags: tuple[str, ...]) -> list[Criterion]:
    """The criteria that the tags name; none for a rule that is good practice only."""
    numbers = [".".join(match.groups()) for tag in tags if (match := _CRITERION_TAG.fullmatch(tag))]
    known = all_criteria()
    return [known[number] for number in numbers if number in known]
