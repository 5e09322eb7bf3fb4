"""What a site allows, and which of its pages it names: robots.txt and site maps."""

from urllib.parse import urljoin

from protego import Protego

from ..rules.addresses import find_canonical, is_same_site
from ..rules.sitemaps import BadSitemap, read_sitemap
from .fetch import Fetcher

AGENT_NAME = "TantuScanner"
MAX_ROBOTS_BYTES = 500_000
MAX_SITEMAPS = 20


class Robots:
    """The rules of one site for us (RFC 9309).

    A missing file (4xx) allows everything; a site that cannot answer for its rules (5xx, no
    answer) allows nothing. `has_answered` is False when nobody was there at all: then the start
    page may be tried once, to learn the cause.
    """

    def __init__(self, site: str, fetcher: Fetcher) -> None:
        self.site = site
        self._fetcher = fetcher
        found = fetcher.get(urljoin(site, "/robots.txt"), MAX_ROBOTS_BYTES)
        self.has_answered = found.status != 0
        self.is_reachable = 200 <= found.status < 500
        text = found.body.decode("utf-8", "replace") if found.status < 300 else ""
        self._rules = Protego.parse(text.removeprefix("\ufeff"))

    def allows(self, url: str) -> bool:
        return self.is_reachable and bool(self._rules.can_fetch(url, AGENT_NAME))

    @property
    def delay_s(self) -> float:
        """The pause that the site asks for between two requests; 0 when it does not say."""
        return float(self._rules.crawl_delay(AGENT_NAME) or 0)

    def pages(self) -> list[str]:
        """Pages of this site that its site maps name, canonical, each once."""
        waiting = [urljoin(self.site, text) for text in self._rules.sitemaps]
        waiting = waiting or [urljoin(self.site, "/sitemap.xml")]
        read: dict[str, None] = {}
        found: dict[str, None] = {}
        while waiting and len(read) < MAX_SITEMAPS:
            address = find_canonical(waiting.pop(0))
            if not address or address in read or not is_same_site(address, self.site):
                continue
            read[address] = None
            pages, maps = self._sitemap(address)
            waiting += [urljoin(address, text) for text in maps]
            found.update(dict.fromkeys(self._own(pages)))
        return list(found)

    def _own(self, pages: list[str]) -> list[str]:
        canonical = (find_canonical(text) for text in pages)
        return [url for url in canonical if url and is_same_site(url, self.site)]

    def _sitemap(self, address: str) -> tuple[list[str], list[str]]:
        found = self._fetcher.get(address)
        if found.status != 200:
            return [], []
        try:
            return read_sitemap(found.body)
        except BadSitemap:
            return [], []
