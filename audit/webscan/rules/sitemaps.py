"""Reading a site map (sitemaps.org), which is a stranger's XML: no entities, no end of limits."""

import zlib
from xml.parsers import expat

MAX_XML_BYTES = 20_000_000
MAX_ADDRESSES = 20_000
MAX_DEPTH = 30


class BadSitemap(ValueError):
    """Not XML, too large, or with declarations that a site map has no use for."""


def inflated(body: bytes) -> bytes:
    """Unpack a gzipped site map; anything else is returned as it is. BadSitemap when it swells."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(body, MAX_XML_BYTES)
    except zlib.error as error:
        raise BadSitemap(str(error)) from None
    if unpacker.unconsumed_tail:
        raise BadSitemap("too large")
    return text


def read_sitemap(body: bytes) -> tuple[list[str], list[str]]:
    """The addresses of pages, and of further site maps, in their order.

    BadSitemap for what is no site map. Past MAX_ADDRESSES the rest is left unread.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(inflated(body), True)
    except _Enough:
        pass
    except expat.ExpatError as error:
        raise BadSitemap(str(error)) from None
    return reader.pages, reader.maps


class _Enough(Exception):
    """As many addresses as anybody wants."""


class _Reader:
    def __init__(self) -> None:
        self.pages: list[str] = []
        self.maps: list[str] = []
        self._open: list[str] = []
        self._words: list[str] = []

    def refuse(self, *_: object) -> None:
        raise BadSitemap("a document type declaration")

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._open.append(name.rpartition(":")[2])
        self._words = []
        if len(self._open) > MAX_DEPTH:
            raise BadSitemap("too deep")

    def text(self, words: str) -> None:
        if self._open[-1:] == ["loc"]:
            self._words.append(words)

    def end(self, _name: str) -> None:
        if self._open[-2:] == ["url", "loc"]:
            self._add(self.pages)
        elif self._open[-2:] == ["sitemap", "loc"]:
            self._add(self.maps)
        self._open.pop()
        self._words = []

    def _add(self, places: list[str]) -> None:
        places.append("".join(self._words).strip()[:2000])
        if len(self.pages) + len(self.maps) >= MAX_ADDRESSES:
            raise _Enough
