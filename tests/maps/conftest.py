"""One Chromium for all browser tests of the maps, and a fresh site for each."""

import json
from collections.abc import Callable, Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from tests.maps.site import ROOT, Site

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--window-size=1280,1000",
)
AXE = ROOT / "static/vendor/axe-core-4.14.1/axe.min.js"


class Browser:
    """A driver with the few questions that these tests ask."""

    def __init__(self, driver: webdriver.Chrome) -> None:
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

    def press(self, *keys: str) -> None:
        for key in keys:
            webdriver.ActionChains(self.driver).send_keys(key).perform()

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
        """Rule and place of each violation."""
        self.js(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "axe.run().then((r) => arguments[0](r.violations))"
        )
        return [f"{v['id']} {n['target']}" for v in found for n in v["nodes"]]


@pytest.fixture(scope="package")
def driver() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


@pytest.fixture
def browser(driver: webdriver.Chrome) -> Iterator[Browser]:
    yield Browser(driver)
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    driver.get("about:blank")


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()
