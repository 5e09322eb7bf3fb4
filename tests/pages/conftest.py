"""One small city, one server and one Chromium for every test of the pages."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait
from waitress.server import create_server

from audit.app import create_app
from audit.core.db import db, transaction
from audit.core.settings import ROOT, Settings
from audit.districts.actions import load_districts
from audit.setup import migrate
from tests.pages.city import Builder, City

AXE = (ROOT / "static/vendor/axe-core-4.14.1/axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--window-size=1366,900",
)
RUN_AXE = """
const done = arguments[arguments.length - 1];
axe.run({runOnly: arguments[0]}).then((result) => done(result.violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id} ${node.target} ${node.failureSummary}`))));
"""
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

    driver: webdriver.Chrome
    site: Site

    def become(self, role: str, language: str = "zh", theme: str = "light") -> None:
        self.driver.get(self.site.url + "/healthz")
        self.driver.delete_all_cookies()
        values = {"language": language, "theme": theme}
        if role:
            values["tantu"] = self._session(role)
        for name, value in values.items():
            self.driver.add_cookie({"name": name, "value": value, "path": "/"})
        self.driver.get_log("browser")

    def _session(self, role: str) -> str:
        maker = self.site.app.session_interface.get_signing_serializer(self.site.app)  # type: ignore[attr-defined]
        return str(maker.dumps({"token": self.site.city.sessions[role]}))

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
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
        )

    def faults(self, tags: list[str] | None = None) -> list[str]:
        """Every fault that axe sees, with its rule and place."""
        self.driver.execute_script(AXE)
        found = self.driver.execute_async_script(RUN_AXE, tags or TAGS)
        return [str(one) for one in found]

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
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    app = create_app(Settings(var_dir=tmp_path_factory.mktemp("pages")))
    with app.app_context():
        migrate()
        with transaction():
            load_districts()
    builder = Builder(app)
    city = builder.build()
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.effective_port}", city, builder)
    server.close()
    thread.join(timeout=2)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="package")
def driver() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.set_page_load_timeout(60)
    driver.set_script_timeout(60)
    yield driver
    driver.quit()


@pytest.fixture
def reader(driver: webdriver.Chrome, site: Site) -> Reader:
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
