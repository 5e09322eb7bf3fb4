"""What a paper is written from: the findings and the typed texts, as plain values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from .content import Figure
from .kinds import Article


@dataclass(frozen=True)
class Miss:
    """One limit that was missed. `force`: in a word; `clauses` empty: advice of ours."""

    field: str
    measured: str
    required: str
    clauses: str
    force: str
    is_verified: bool


@dataclass(frozen=True)
class Turn:
    """A re-check, or a report that something was fixed."""

    day: str
    who: str
    what: str
    words: str


@dataclass(frozen=True)
class Point:
    """One finding, as a paper tells it. `day`: it was found."""

    number: str
    title: str
    severity: str
    outcome: str
    place: str
    place_number: str
    address: str
    coordinates: str
    day: str
    found_by: str
    misses: tuple[Miss, ...] = ()
    before: tuple[Figure, ...] = ()
    after: tuple[Figure, ...] = ()
    fixes: tuple[Turn, ...] = ()
    rechecks: tuple[Turn, ...] = ()


@dataclass(frozen=True)
class Visit:
    """An inspection, as it stands in the records."""

    day: str
    who: str
    checklist: str
    what: str
    note: str


@dataclass(frozen=True)
class Original:
    """A picture as it was received. `file`: its name in a pack; `taken`, `place`: empty where the
    camera said neither; `is_gone`: destroyed at the end of retention."""

    photo_id: str
    file: str
    sha256: str
    size: int
    side: str
    received: str
    taken: str
    place: str
    is_gone: bool


@dataclass(frozen=True)
class Dossier:
    """What a referral pack tells of a finding beyond its point, in the order of the points.
    `lon`, `lat`: WGS-84, of the place."""

    state: str
    owner: str
    owner_role: str
    owner_duty: str
    regulator: str
    regulator_duty: str
    groups: str
    extent: str
    lon: float | None = None
    lat: float | None = None
    visits: tuple[Visit, ...] = ()
    history: tuple[Turn, ...] = ()
    originals: tuple[Original, ...] = ()


@dataclass(frozen=True)
class Matter:
    """`addressee`: the organisation, `credit_code` of it; `number`, `day` only when issued;
    `dossiers`: of a referral pack, one a point."""

    addressee: str
    credit_code: str
    points: tuple[Point, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    article: Article = Article.NONE
    number: str = ""
    version: int = 1
    day: date | None = None
    district: str = ""
    dossiers: tuple[Dossier, ...] = ()

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def issued(self, number: str, day: date) -> "Matter":
        return replace(self, number=number, day=day)


def chinese_day(day: date | None) -> str:
    """2026年11月24日; empty for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
