"""Scanning a site: what it allows, page after page, politely, until enough were seen."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from audit.browser.guard import EgressGuard
from audit.browser.session import Browser

from ..rules.addresses import canonical, find_canonical
from ..rules.frontier import Frontier
from ..rules.outcomes import Outcome
from ..rules.pace import MAX_DELAY_S, Pace
from ..rules.results import PageResult
from .fetch import Fetcher
from .pages import PageScanner, PageSettings
from .robots import AGENT_NAME, Robots

VERSION = "1"
MAX_BLOCKED = 50


@dataclass(frozen=True)
class SiteSettings:
    """How much of a site is scanned and how gently."""

    pages: int = 10
    delay_s: float = 1.0
    contact: str = ""
    page: PageSettings = field(default_factory=PageSettings)

    @property
    def agent(self) -> str:
        """How we name ourselves to a site, in every request."""
        return agent(self.contact)


def agent(contact: str) -> str:
    """The name in every request, with an address to complain to; ASCII, one line."""
    shown = "".join(ch for ch in contact if " " <= ch <= "~" and ch not in "()")
    return f"{AGENT_NAME}/{VERSION} (+{shown})" if shown else f"{AGENT_NAME}/{VERSION}"


@dataclass(frozen=True)
class Seen:
    """A page that an earlier, interrupted run of the same scan has done."""

    url: str
    final_url: str
    links: tuple[str, ...]
    outcome: Outcome = Outcome.SCANNED


class SiteScanner:
    """Scans one site from a start address. ValueError if that is no http(s) address."""

    def __init__(
        self, start: str, browser: Browser, guard: EgressGuard, settings: SiteSettings
    ) -> None:
        self.settings = settings
        self.frontier = Frontier(canonical(start))
        self._scanner = PageScanner(browser, guard, settings.page)
        self._fetcher = Fetcher(guard, settings.agent)
        self._attempts = 0
        self._blocked = 0
        self._scanned: set[str | None] = set()

    def pages(self, seen: Iterable[Seen] = (), revisit: Iterable[str] = ()) -> Iterator[PageResult]:
        """Each page as soon as it is done. `seen` counts as done and is not scanned again;
        `revisit` are pages of an earlier scan, which come first.

        A page that leads to one already done is passed over, unless it is to be revisited.
        BrowserMissing when no browser can be started.
        """
        again = dict.fromkeys(revisit)
        robots = Robots(self.frontier.start, self._fetcher)
        pace = Pace(self._least_delay(robots))
        if robots.is_reachable:
            self.frontier.prefer(again)
            self.frontier.add(robots.pages())
        for page in seen:
            self._attempts += page.outcome.was_asked_for
            self._blocked += not page.outcome.was_asked_for
            self._note(page)
        next_at = time.monotonic()
        while (url := self._choose(pace)) is not None:
            if not self._may_visit(url, robots):
                yield self._turned_away(url, robots)
                continue
            time.sleep(max(0.0, next_at - time.monotonic()))
            started = time.monotonic()
            result = self._scanner.scan(url)
            self._attempts += 1
            pace.after(result.status, answered=result.outcome is not Outcome.NETWORK_ERROR)
            next_at = started + pace.delay_s
            if not robots.is_reachable:
                result = replace(result, links=())
            if not self._is_done(result):
                yield result
            elif url in again:
                yield self._known_again(result)
            self._note(result)

    def _may_visit(self, url: str, robots: Robots) -> bool:
        if robots.allows(url):
            return True
        return url == self.frontier.start and not robots.has_answered

    def _choose(self, pace: Pace) -> str | None:
        is_enough = self._attempts >= self.settings.pages or self._blocked >= MAX_BLOCKED
        return None if is_enough or pace.is_over else self.frontier.next()

    def _is_done(self, result: PageResult) -> bool:
        """Whether it is another page that was done already, under another address."""
        is_itself = result.final_url in ("", result.url)
        return not is_itself and find_canonical(result.final_url) in self.frontier.taken

    def _known_again(self, result: PageResult) -> PageResult:
        """What is said of a page that has become another one."""
        if find_canonical(result.final_url) not in self._scanned:
            return result
        return PageResult(result.url, Outcome.MERGED, result.final_url, result.status)

    def _note(self, page: PageResult | Seen) -> None:
        places = (page.url, find_canonical(page.final_url))
        for place in filter(None, places):
            self.frontier.take(place)
        if page.outcome.is_scanned:
            self._scanned.update(places)
        self.frontier.add(page.links)

    def _turned_away(self, url: str, robots: Robots) -> PageResult:
        self._blocked += 1
        self.frontier.take(url)
        is_ruled = robots.is_reachable
        return PageResult(
            url, Outcome.BLOCKED_BY_ROBOTS if is_ruled else Outcome.ROBOTS_UNREACHABLE
        )

    def _least_delay(self, robots: Robots) -> float:
        return max(self.settings.delay_s, min(robots.delay_s, MAX_DELAY_S))
