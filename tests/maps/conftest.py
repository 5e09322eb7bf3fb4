"""One Chromium for all browser tests of the maps, a fresh site for each; lands with a history, and
who asks about them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.support.ui import WebDriverWait

from tests.chromium import axe_faults, keep_cookies, refresh, start_chromium, widen
from tests.conftest import lasting_app
from tests.factories import ANYUE, YANJIANG, Factory
from tests.maps.asking import Asker, asker_for
from tests.maps.house import WATCH, House, build
from tests.maps.land import Land, settle
from tests.maps.site import Site
from tests.served import served


class Browser:
    """A driver with the few questions that these tests ask."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        """Without history or place left over from the test before."""
        self.driver.get("about:blank")
        self.driver.get(url)

    def js(self, script: str, *arguments: object) -> object:
        return self.driver.execute_script(script, *arguments)

    def until(self, truth: Callable[[], object], seconds: float = 15) -> object:
        return WebDriverWait(self.driver, seconds, 0.05).until(lambda _: truth())

    def until_js(self, expression: str) -> object:
        return self.until(lambda: self.js(f"return {expression}"))

    def open_map(self, url: str) -> None:
        """A map of findings, drawn, with its summary said."""
        self.open(url)
        self.until_js("window.drawn > 0 && document.querySelector('.map__status').textContent")

    def redrawn(self, act: Callable[[], object]) -> None:
        """Do something and wait until the map is drawn anew."""
        before = self.js("return window.drawn")
        act()
        self.until_js(f"window.drawn > {before}")

    def text(self, css: str) -> str:
        return str(self.js("return document.querySelector(arguments[0]).textContent", css))

    def press(self, *keys: str) -> None:
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def status(self) -> str:
        return str(self.js("return document.querySelector('.map__status').textContent"))

    def focused(self) -> str:
        """The accessible words of what has the focus."""
        return str(
            self.js(
                "const e = document.activeElement;"
                "return e.getAttribute('aria-label') ?? e.id ?? e.textContent"
            )
        )

    def requests(self) -> list[str]:
        """What was asked for since the last look."""
        entries = self.driver.get_log("performance")
        sent = [json.loads(entry["message"])["message"] for entry in entries]
        return [
            str(message["params"]["request"]["url"])
            for message in sent
            if message["method"] == "Network.requestWillBeSent"
        ]

    def axe(self) -> list[str]:
        return axe_faults(self.driver)


@pytest.fixture(scope="package")
def listening() -> Iterator[Chrome]:
    """A Chromium of its own: to write down every request takes time."""
    driver = start_chromium("browser", "performance")
    yield driver
    driver.quit()


@pytest.fixture
def browser(listening: Chrome) -> Browser:
    refresh(listening)
    return Browser(listening)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="package")
def house(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        lasting_app(migrated, tmp_path_factory.mktemp("house")) as app,
        served(app) as (port, _),
    ):
        yield build(app, f"http://127.0.0.1:{port}")


@pytest.fixture
def desk(browser: Browser, house: House) -> Iterator[Browser]:
    """A coordinator's browser, signed in, watching what goes wrong."""
    yield from _signed_in(browser, house, house.coordinator)


@pytest.fixture
def street(browser: Browser, house: House) -> Iterator[Browser]:
    yield from _signed_in(browser, house, house.supervisor)


def _signed_in(browser: Browser, house: House, cookie: str) -> Iterator[Browser]:
    cdp = browser.driver.execute_cdp_cmd
    script = cdp("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    widen(browser.driver, 1366)
    keep_cookies(browser.driver, house.url, tantu=cookie)
    yield browser
    cdp("Page.removeScriptToEvaluateOnNewDocument", script)


@pytest.fixture
def land(make: Factory, request: pytest.FixtureRequest) -> Land:
    """A land with a long history, the same for every test that asks for it by this seed."""
    return settle(make, getattr(request, "param", 1))


@pytest.fixture
def askers(app: Flask, land: Land) -> list[Asker]:
    """Somebody for the whole city, for a county, for a zone; one whose own organisation must fix
    things elsewhere too; and one who sees that organisation's findings and nothing else."""
    make, mine = land.make, land.organisations[0]
    people = [
        make.person("coordinator", district=None),
        make.person("supervisor", district=YANJIANG),
        make.person("department", district="Z-gaoxin"),
        make.person("supervisor", district=ANYUE, organisation=mine),
        make.person("planner", district=None, organisation=mine),
    ]
    return [asker_for(app, make, person) for person in people]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Cells from four findings on, so that a small land shows both answers."""
    monkeypatch.setattr("audit.maps.queries.grid.MOST_POINTS", 3)
    monkeypatch.setattr("audit.maps.queries.findings.MOST_POINTS", 3)
    monkeypatch.setattr("audit.maps.queries.facilities.MOST_POINTS", 3)
    return 3
