"""Knowing a fault again: on the next page of the same template, and in the next scan.

A fault is known by its rule and by the build of its element: tag, names of attributes, and the
values that come from a template rather than from content. Neither neighbours, nor text, nor
numbers count, so a banner above, one more news item or new ids change nothing.
"""

import hashlib
import re
from html.parser import HTMLParser

from .addresses import shape

_BY_VALUE = ("type", "role", "name", "for", "method", "scope", "http-equiv", "lang")
_BY_NUMBERLESS_VALUE = ("id", "class")
_BY_ADDRESS = ("href", "src", "data", "action")
_NUMBERS = re.compile(r"[0-9a-f]{8,}|\d+", re.IGNORECASE)


def fingerprint(rule: str, snippet: str) -> str:
    """Sixteen hexadecimal digits, the same for faults of one rule on one kind of element."""
    text = f"{rule}\n{build_of(snippet)}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def build_of(snippet: str) -> str:
    """The opening tag of an element, reduced to what a template fixes."""
    reader = _FirstTag()
    # A cut snippet may end within its first tag; the end that was lost is put back.
    reader.feed(snippet if ">" in snippet else f'{snippet}">')
    if reader.tag is None:
        return _numberless(snippet[:80])
    parts = sorted(part for name, value in reader.attributes if (part := _part(name, value)))
    return " ".join([reader.tag, *parts])


def _part(name: str, value: str) -> str:
    if name in _BY_VALUE:
        return f"{name}={_numberless(value)}"
    if name in _BY_NUMBERLESS_VALUE:
        return f"{name}={' '.join(sorted(_numberless(word) for word in value.split()))}"
    if name in _BY_ADDRESS:
        try:
            return f"{name}={shape(value)}"
        except ValueError:
            return name
    return name


def _numberless(text: str) -> str:
    return _NUMBERS.sub("#", text)


class _FirstTag(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tag: str | None = None
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.tag is None:
            self.tag = tag
            self.attributes = [(name, value or "") for name, value in attrs]
