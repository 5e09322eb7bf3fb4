"""A real Chromium behind a real guard, shared by the tests of one module."""

from collections.abc import Iterator

import pytest

from audit.browser.addresses import Allowance
from audit.browser.guard import EgressGuard, GuardSettings
from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings

from .sites import Site


@pytest.fixture
def guard_for(request: pytest.FixtureRequest) -> Iterator[object]:
    """Make a guard that lets through to the given sites and nowhere else in private."""
    guards: list[EgressGuard] = []

    def make(*sites: Site, patience_s: float = 3) -> EgressGuard:
        allowed = tuple(
            Allowance(host, site.port) for site in sites for host in ("127.0.0.1", "localhost")
        )
        guard = EgressGuard(GuardSettings(allowed, patience_s=patience_s)).__enter__()
        guards.append(guard)
        return guard

    yield make
    for guard in guards:
        guard.__exit__(None, None, None)


@pytest.fixture
def browser_for() -> Iterator[object]:
    """Start a browser behind a guard; ended when the test ends."""
    browsers: list[Browser] = []

    def start(guard: EgressGuard, **settings: object) -> Browser:
        browser = Browser(BrowserSettings(proxy=guard.address, **settings)).__enter__()  # type: ignore[arg-type]
        browsers.append(browser)
        return browser

    yield start
    for browser in browsers:
        browser.close()
