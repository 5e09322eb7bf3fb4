"""One small city and one server for every test of the pages."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from tests.chromium import axe_faults, keep_cookies, widen
from tests.conftest import lasting_app
from tests.factories import session_cookie
from tests.pages.city import Builder, City
from tests.served import served

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is wider than the window and cannot be scrolled inside a box of its own.
WIDER = """
const edge = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth <= edge) return [];
return [...document.querySelectorAll('body *')]
  .filter((one) => one.getBoundingClientRect().right > edge + 1)
  .map((one) => `${one.tagName}.${one.className}`).slice(0, 5);
"""


@dataclass
class Site:
    """The running application. `url` ends without a slash."""

    app: Flask
    url: str
    city: City
    builder: Builder


@dataclass
class Reader:
    """A browser that looks at pages as one role, in one language, in one theme."""

    driver: Chrome
    site: Site

    def become(self, role: str, language: str = "zh", theme: str = "light") -> None:
        cookies = {"language": language, "theme": theme}
        if role:
            cookies["tantu"] = session_cookie(self.site.app, self.site.city.sessions[role])
        keep_cookies(self.driver, self.site.url, **cookies)

    def open(self, path: str) -> None:
        self.driver.get(self.site.url + path)
        self.settle()

    def status(self) -> int:
        """Of the page itself, as the browser was told."""
        script = "return performance.getEntriesByType('navigation')[0].responseStatus"
        return int(self.driver.execute_script(script))

    def settle(self) -> None:
        """Until the page's modules and pictures are there, and no map is still being drawn."""
        WebDriverWait(self.driver, 20, 0.05).until(
            lambda driver: driver.execute_script(
                "return document.readyState === 'complete' && [...document.querySelectorAll("
                "'.map__status')].every((one) => one.textContent.trim())"
            )
        )

    def send(self, selector: str) -> None:
        """Send a form as it stands; returns when the answer is there."""
        self.driver.execute_script("document.documentElement.dataset.old = '1'")
        self.driver.execute_script(
            "HTMLFormElement.prototype.submit.call(document.querySelector(arguments[0]))", selector
        )
        WebDriverWait(self.driver, 20, 0.05).until(
            lambda driver: driver.execute_script(
                "return document.readyState === 'complete' && !document.documentElement.dataset.old"
            )
        )
        self.settle()

    def widen(self, width: int) -> None:
        widen(self.driver, width)

    def faults(self, tags: list[str] | None = None) -> list[str]:
        """Every fault that axe sees, with its rule and place."""
        return axe_faults(self.driver, tags or TAGS)

    def wider(self) -> list[str]:
        """What hangs over the window's edge; empty where the page fits."""
        return list(self.driver.execute_script(WIDER))

    def complaints(self) -> list[str]:
        """What the console says, but for the status of the page itself."""
        here = self.driver.current_url
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if not (entry["message"].startswith(here) and "status of 4" in entry["message"])
        ]

    def text(self, selector: str = "main") -> str:
        return str(self.driver.find_element("css selector", selector).text)

    def look(self) -> dict[str, list[str]]:
        """Everything wrong with this page at a wide window, on a phone and at 320 px."""
        wrong: dict[str, list[str]] = {}
        for width in (1366, 390):
            self.widen(width)
            wrong[f"axe at {width}"] = self.faults()
        for width in (1366, 390, 320):
            self.widen(width)
            wrong[f"wider than {width}"] = self.wider()
        wrong["console"] = self.complaints()
        return {name: found for name, found in wrong.items() if found}


@pytest.fixture(scope="package")
def site(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with lasting_app(migrated, tmp_path_factory.mktemp("pages")) as app:
        builder = Builder(app)
        city = builder.build()
        with served(app) as (port, _):
            yield Site(app, f"http://127.0.0.1:{port}", city, builder)


@pytest.fixture
def reader(driver: Chrome, site: Site) -> Reader:
    return Reader(driver, site)


@pytest.fixture
def inspect_as(reader: Reader) -> Callable[..., Reader]:
    """`inspect_as("coordinator", "en")` looks at pages as that person."""

    def become(role: str, language: str = "zh", theme: str = "light") -> Reader:
        reader.become(role, language, theme)
        return reader

    return become


def pretty(wrong: object) -> str:
    return json.dumps(wrong, ensure_ascii=False, indent=1)
