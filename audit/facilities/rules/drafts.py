"""What a person states about a facility, and how days and texts of it are read."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from audit.checklists.rules.facts import FactValue

from .kinds import FacilityKind

SPAN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


class Review(StrEnum):
    """Places made on the spot wait until the office has looked at them."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    REFUSED = "refused"  # and off the register


@dataclass(frozen=True)
class FacilityDraft:
    """What a person states about a facility. `shape` is a GeoJSON geometry as text (WGS-84
    lon, lat) for a line or an area; `lon`, `lat` is then a point on it. What has no
    place has neither."""

    kind: FacilityKind
    name: str
    district_code: str
    address: str = ""
    town_code: str | None = None
    lon: float | None = None
    lat: float | None = None
    shape: str | None = None
    url: str | None = None
    organisation_id: UUID | None = None
    built_on: date | None = None
    altered_on: date | None = None
    built_by: date | None = None
    altered_by: date | None = None
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    # how far outside its district somebody says that it rightly is; for the journal alone
    far_m: int | None = field(default=None, compare=False)


def read_span(text: str) -> tuple[date, date | None] | None:
    """The first and the last day of a year (2022) or a month (2022-03); for a day (2022-03-05)
    the last is None. None where the text is no such thing."""
    found = SPAN.fullmatch(text)
    if found is None:
        return None
    numbers = [int(part) for part in found.groups() if part is not None]
    try:
        match numbers:
            case [year]:
                return date(year, 1, 1), date(year, 12, 31)
            case [year, month]:
                return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(*numbers), None
    except ValueError:
        return None


def span_text(first: date | None, last: date | None) -> str:
    """The text that `read_span` reads; empty where nothing is known."""
    if first is None:
        return ""
    if last is None:
        return first.isoformat()
    return f"{first:%Y-%m}" if first.month == last.month else f"{first:%Y}"


def search_text(*parts: str) -> str:
    """What a search looks through: lower case, blanks folded."""
    return " ".join(" ".join(part.split()).lower() for part in parts if part)
