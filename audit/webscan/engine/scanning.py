"""A whole scan: guard, browser and crawler put together and taken apart again."""

from collections.abc import Iterable, Iterator

from audit.browser.addresses import Allowance
from audit.browser.guard import EgressGuard, GuardSettings
from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings

from ..rules.results import PageResult
from .sites import Seen, SiteScanner, SiteSettings


def scan_site(
    start: str,
    settings: SiteSettings,
    allowed: tuple[Allowance, ...] = (),
    webdriver_url: str = "",
    seen: Iterable[Seen] = (),
    revisit: Iterable[str] = (),
) -> Iterator[PageResult]:
    """Scan a site from a start address, page by page, each as soon as it is done.

    The browser and its guard live as long as the iterator. ValueError for no http(s) address;
    BrowserMissing, at the first page, when there is no browser.
    """
    with EgressGuard(GuardSettings(allowed)) as guard:
        browser_settings = BrowserSettings(
            proxy=guard.address, webdriver_url=webdriver_url, agent=settings.agent
        )
        with Browser(browser_settings) as browser:
            yield from SiteScanner(start, browser, guard, settings).pages(seen, revisit)
