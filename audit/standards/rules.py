"""Instruments (laws, codes, standards), citations of their clauses, and how sure we are of one."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from audit.core.text import Text

REGISTER = Path(__file__).with_name("instruments.toml")


class Confidence(StrEnum):
    """How sure we are that a clause says what a limit says."""

    SEEN = "A"
    SEEN_IN_OLDER_CODE = "A*"
    SEEN_IN_DIGEST = "B"
    VALUE_FROM_MEMORY = "C"
    MEMORY_ONLY = "D"
    SECONDARY = "S"
    CONFIRMED = "K"  # by an administrator of this city, with the page; never in a file


def is_verified(confidence: Confidence) -> bool:
    """False: shown as 条文待核, and kept out of correction orders until somebody confirms it."""
    return confidence in {
        Confidence.SEEN,
        Confidence.SEEN_IN_OLDER_CODE,
        Confidence.SEEN_IN_DIGEST,
        Confidence.CONFIRMED,
    }


def is_clause_seen(confidence: Confidence) -> bool:
    """False: not even the number of the clause has been read by us, only heard of."""
    return confidence not in {Confidence.MEMORY_ONLY, Confidence.SECONDARY}


class InstrumentKind(StrEnum):
    MANDATORY_CODE = "mandatory_code"
    STANDARD = "standard"
    LAW = "law"
    REGULATION = "regulation"
    NOTICE = "notice"
    PLAN = "plan"


class Status(StrEnum):
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"


class UnknownInstrument(ValueError):
    """A citation names no instrument of the register."""


@dataclass(frozen=True)
class Instrument:
    """`in_force_since` is None where no day is known on which it certainly bound anyone."""

    code: str
    number: str
    title: Text
    kind: InstrumentKind
    status: Status
    effective_from: date | None = None
    in_force_by: date | None = None

    @property
    def in_force_since(self) -> date | None:
        return self.effective_from or self.in_force_by

    @property
    def is_law(self) -> bool:
        return self.kind in {InstrumentKind.LAW, InstrumentKind.REGULATION}

    @property
    def name(self) -> Text:
        """Short: the number of a standard, the title of a law; what has a Chinese number only has
        its title in English."""
        return Text(self.number, self.number if self.number.isascii() else self.title.en)


@dataclass(frozen=True)
class Citation:
    """One clause of an instrument; `clause` is empty where none was seen."""

    code: str
    clause: str = ""

    @property
    def instrument(self) -> Instrument:
        return get_instrument(self.code)

    @cached_property
    def text(self) -> Text:
        """GB 55019-2021 第3.2.2(1)条 / GB 55019-2021, 3.2.2(1)."""
        instrument = self.instrument
        name = instrument.name
        if not self.clause:
            return name
        if not self.clause[0].isdigit():
            return Text(f"{name.zh} {self.clause}", f"{name.en}, {_in_english(self.clause)}")
        article = "Art. " if instrument.is_law else ""
        gap = "" if name.zh.endswith("》") else " "
        return Text(f"{name.zh}{gap}第{self.clause}条", f"{name.en}, {article}{self.clause}")

    def in_(self, language: str) -> str:
        return self.text.in_(language)

    def __str__(self) -> str:
        return f"{self.code} {self.clause}".rstrip()


CLAUSE_WORDS = {"专栏": "box ", "附件": "annex ", "服务原则": "principle", "（": "(", "）": ")"}
NUMERALS = "零一二三四五六七八九"


def _in_english(clause: str) -> str:
    """专栏7(一)1 → box 7(1)1."""
    for word, english in CLAUSE_WORDS.items():
        clause = clause.replace(word, english)
    return "".join(str(NUMERALS.index(one)) if one in NUMERALS else one for one in clause)


def basis_of(cite: Iterable[Citation], confidence: Confidence) -> tuple[Text, ...]:
    """What is shown as the basis. Of a clause that none of us has seen only the instrument is
    named, until somebody here confirms it; the articles of laws were read and always are."""
    seen = is_clause_seen(confidence)
    return tuple(one.text if seen or one.instrument.is_law else one.instrument.name for one in cite)


def parse_citation(text: str) -> Citation:
    """Read "GB55019 3.2.2(1)" → code and clause; a code may hold a space.

    Raises UnknownInstrument where the text begins with no code of the register.
    """
    words = " ".join(text.split())
    for code in sorted(instruments(), key=len, reverse=True):
        if words == code or words.startswith(f"{code} "):
            return Citation(code, words[len(code) :].strip())
    raise UnknownInstrument(text)


def clauses_in_words(text: str) -> Text:
    """ "GB55019 3.2.2(1); GB50763 3.9.1" as people write it; as it stands where it names no code of
    the register (any more)."""
    try:
        named = [parse_citation(part).text for part in text.split("; ")]
    except UnknownInstrument:
        return Text(text, text)
    return Text("；".join(one.zh for one in named), "; ".join(one.en for one in named))


@cache
def instruments() -> dict[str, Instrument]:
    """Every instrument of the register by its code, in the register's order."""
    rows = tomllib.loads(REGISTER.read_text("utf-8"))
    return {code: _instrument(code, row) for code, row in rows.items()}


def get_instrument(code: str) -> Instrument:
    try:
        return instruments()[code]
    except KeyError:
        raise UnknownInstrument(code) from None


def _instrument(code: str, row: dict[str, Any]) -> Instrument:
    return Instrument(
        code=code,
        number=row["number"],
        title=Text(**row["title"]),
        kind=InstrumentKind(row["kind"]),
        status=Status(row["status"]),
        effective_from=row.get("effective_from"),
        in_force_by=row.get("in_force_by"),
    )
