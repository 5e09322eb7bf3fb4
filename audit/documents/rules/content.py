"""What a paper says, as plain values; three renderers turn it into DOCX, HTML and PDF. Pure.

The words are Chinese, whoever reads: this is what is sent. Nothing here holds a sign that a file
cannot hold or that turns a line around: `Content.of` writes such signs out, `⟦U+202E⟧`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from audit.web.fields import UNFIT

LANGUAGE = "zh-CN"
NO_DAY = "　　年　　月　　日"  # to be filled in by hand


@dataclass(frozen=True)
class Title:
    text: str


@dataclass(frozen=True)
class Heading:
    """`level` 1 is 一、, 2 is （一）."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """`text` may hold lines. `flush`: begins at the margin, as whom a paper is for."""

    text: str
    flush: bool = False


@dataclass(frozen=True)
class Fields:
    """Labels with their values; an empty value is a blank to be filled in by hand."""

    caption: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """`widths`: of the columns, in parts of their sum. Every row is as long as `head`."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Figure:
    """A picture by the SHA-256 of its bytes (JPEG), with its size in pixels."""

    sha256: str
    alt: str
    caption: str
    width: int
    height: int


@dataclass(frozen=True)
class SignatureBlock:
    """Who the paper is from, and its day; without a day a blank to be filled in by hand."""

    who: str
    day: str


Block = Title | Heading | Paragraph | Fields | Table | Figure | SignatureBlock
TYPES: Mapping[str, type[Block]] = {
    one.__name__.lower(): one
    for one in (Title, Heading, Paragraph, Fields, Table, Figure, SignatureBlock)
}
Value = TypeVar("Value")


@dataclass(frozen=True)
class Content:
    """`number` stands in the file's properties too; empty in a draft."""

    title: str
    number: str
    blocks: tuple[Block, ...]

    @classmethod
    def of(cls, title: str, number: str, blocks: list[Block]) -> "Content":
        return visible(cls(title, number, (Title(title), *blocks)))

    def figures(self) -> list[Figure]:
        return [one for one in self.blocks if isinstance(one, Figure)]

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        blocks = [{"type": type(one).__name__.lower()} | asdict(one) for one in self.blocks]
        kept = {"title": self.title, "number": self.number, "blocks": blocks}
        read: dict[str, Any] = json.loads(json.dumps(kept))  # lists for tuples, as it comes back
        return read


def content_from(plain: Mapping[str, Any]) -> Content:
    return Content(
        plain["title"], plain["number"], tuple(_block(dict(one)) for one in plain["blocks"])
    )


def digest(plain: Mapping[str, Any]) -> str:
    """Of a content as JSON, the same however a database orders its keys."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return digest_of(text.encode())


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _block(plain: dict[str, Any]) -> Block:
    kind = TYPES[plain.pop("type")]
    return kind(**{name: _tuples(value) for name, value in plain.items()})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def visible(value: Value) -> Value:
    """The same, with every unfit sign of every text written out."""
    made: Any = value
    if isinstance(value, str):
        made = UNFIT.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", value)
    elif isinstance(value, tuple):
        made = tuple(visible(one) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: visible(getattr(value, one.name)) for one in fields(value)}
        made = replace(value, **parts)
    result: Value = made
    return result
