"""One small city and one server for every test of the pages."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from audit.assignments.views.answering import cookie_of
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


LOOKS = {
    "dark": {"prefers_color_scheme": "dark"},
    "contrast": {"prefers_contrast": "more"},
    "dark contrast": {"prefers_contrast": "more", "prefers_color_scheme": "dark"},
}
NO_PAGES = {
    "static", "web.language", "web.healthz", "web.favicon", "maps.findings", "maps.facilities",
    "maps.shapes", "photos.show", "webscan.picture", "webscan.progress", "statistics.export",
    "transfer.bad", "exports.facilities", "exports.findings", "plates.by_number",
    "newcomers.template", "answering.photo", "people.slips", "rejudging.changes",
    "papers.download", "papers.picture",
    "rejudging.progress", "capture.start", "capture.manifest", "capture.service_worker",
    "capture.package", "sync.me", "sync_lists.show", "sync_photos.state",
}  # fmt: skip
A4_PX = 673  # 210 mm without the margins
# Navigation and what stays in place; text too light for white paper (a printer leaves backgrounds
# out); text on a background that is not light, where it does not; text cut by the box around it.
PAPER = """
const seen = (one) => one.checkVisibility({opacityProperty: true, visibilityProperty: true})
  && one.getClientRects().length && !one.closest('.visually-hidden, svg, .leaflet-container');
const all = [...document.body.querySelectorAll('*')].filter(seen);
const name = (one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 30)}`;
const light = (colour) => {
  const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
  const [red, green, blue] = [r, g, b].map((part) => {
    const shade = (part * a + 255 * (1 - a)) / 255;
    return shade <= 0.04045 ? shade / 12.92 : ((shade + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const says = all.filter((one) => [...one.childNodes].some(
  (node) => node.nodeType === 3 && node.data.trim()));
const cuts = (one) => {
  const style = getComputedStyle(one);
  return (style.overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1)
    || (style.overflowY !== 'visible' && one.scrollHeight > one.clientHeight + 1)
    || style.textOverflow === 'ellipsis';
};
const edge = document.documentElement.clientWidth + 1;
return {
  navigation: all.filter((one) => one.tagName === 'NAV').map(name),
  fixed: all.filter((one) => ['fixed', 'sticky'].includes(getComputedStyle(one).position))
    .map(name),
  pale: says.filter((one) => light(getComputedStyle(one).color) > 0.183).map(name),
  shaded: all.filter((one) => light(getComputedStyle(one).backgroundColor) < 0.7).map(name),
  'cut off': all.filter((one) => !['INPUT', 'SELECT', 'TEXTAREA'].includes(one.tagName)
    && getComputedStyle(one).clipPath === 'none' && cuts(one)).map(name),
  'off the sheet': says.filter((one) => one.getBoundingClientRect().right > edge).map(name),
};
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
        if role == "link":  # nobody's account: a browser that has opened a notice
            told = self.site.city.assigned
            cookies[cookie_of(told.received.number)] = told.link
        elif role:
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
            if not (
                entry["message"].startswith(here) and re.search("status of [45]", entry["message"])
            )
        ]

    def text(self, selector: str = "main") -> str:
        return str(self.driver.find_element("css selector", selector).text)

    def colours(self) -> dict[str, list[str]]:
        """Texts that are hard to read in a dark, a high-contrast and a dark high-contrast look.
        The page must have been opened in the theme `auto`, which follows the system."""
        wrong = {
            name: self.pretend("screen", **features).faults(["color-contrast"])
            for name, features in LOOKS.items()
        }
        self.pretend()
        return {name: found for name, found in wrong.items() if found}

    def enlarged(self) -> dict[str, list[str]]:
        """What hangs over the edge at 320 px where the person has chosen large text."""
        self.widen(320)
        script = "document.documentElement.dataset.text = arguments[0]"
        self.driver.execute_script(script, "large")
        found = self.wider()
        self.driver.execute_script(script, "normal")
        return {"large text": found} if found else {}

    def on_paper(self) -> dict[str, list[str]]:
        """What a sheet of A4 should not have: `PAPER` says what."""
        self.widen(A4_PX)
        self.pretend("print", **LOOKS["dark"])  # paper is white to whoever reads in the dark, too
        wrong: dict[str, list[str]] = self.driver.execute_script(PAPER)
        self.pretend()
        return {f"on paper: {name}": found for name, found in wrong.items() if found}

    def pretend(self, media: str = "", **features: str) -> "Reader":
        """To be paper, or a system with these preferences; nothing: the system as it is."""
        features |= {"prefers_reduced_motion": "reduce"}  # the colours of the end, not of the way
        told = [{"name": key.replace("_", "-"), "value": value} for key, value in features.items()]
        cdp = {"media": media, "features": told}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", cdp)
        return self

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
