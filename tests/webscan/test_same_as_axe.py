"""A scan lists exactly what axe-core reports when it is run by hand on the same page.

By hand: plain Selenium, axe-core pasted into every frame, `axe.run` in the top one.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver

from audit.browser.guard import EgressGuard
from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings
from audit.webscan.axe import AXE_FILE, TAGS
from audit.webscan.engine.pages import PageScanner
from audit.webscan.rules.outcomes import Outcome
from audit.webscan.rules.results import PageResult

from .conftest import CALM, Sites, questions, violations

pytestmark = pytest.mark.browser

PAGES = [
    "/", "/good.html", "/form.html", "/table.html", "/aria.html", "/frames.html", "/shadow.html",
    "/news/list.html", "/news/1.html", "/parts/outer.html",
]  # fmt: skip

Findings = set[tuple[str, str, tuple[str, ...]]]


@pytest.fixture(scope="module")
def by_hand() -> Iterator[WebDriver]:
    settings = BrowserSettings()
    options = Options()
    options.binary_location = settings.find_browser()
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--lang=zh-CN"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options, Service(settings.find_driver()))
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    yield driver
    driver.quit()


FRAMES = """
  const found = [];
  const look = (root) => {
    for (const one of root.querySelectorAll('*')) {
      if (/^I?FRAME$/.test(one.tagName)) found.push(one);
      if (one.shadowRoot) look(one.shadowRoot);
    }
  };
  look(document);
  return found;
"""


def inject_everywhere(driver: WebDriver, script: str) -> None:
    driver.execute_script(script)
    for frame in driver.execute_script(FRAMES):
        driver.switch_to.frame(frame)
        inject_everywhere(driver, script)
        driver.switch_to.parent_frame()


def results_by_hand(driver: WebDriver, url: str) -> dict[str, Any]:
    driver.get(url)
    script = Path(AXE_FILE).read_text(encoding="utf-8")
    inject_everywhere(driver, script + ";axe.configure({allowedOrigins:['<unsafe_all_origins>']})")
    results: dict[str, Any] = driver.execute_async_script(
        "const done = arguments[0]; axe.run(document, {runOnly: {type: 'tag', values: "
        f"{json.dumps(TAGS)}}}}}).then(done, (error) => done({{error: String(error)}}))"
    )
    assert "error" not in results, results
    return results


def said_by_hand(driver: WebDriver, url: str) -> dict[tuple[str, tuple[str, ...]], str]:
    results = results_by_hand(driver, url)
    return {
        (rule["id"], tuple(flat(step) for step in node["target"])): node["failureSummary"]
        for rule in (*results["violations"], *results["incomplete"])
        for node in rule["nodes"]
    }


def run_by_hand(driver: WebDriver, url: str) -> tuple[Findings, set[str]]:
    results = results_by_hand(driver, url)
    found = {
        (kind, rule["id"], tuple(flat(step) for step in node["target"]))
        for kind, key in (("violation", "violations"), ("question", "incomplete"))
        for rule in results[key]
        for node in rule["nodes"]
    }
    return found, {rule["id"] for rule in results["passes"]}


def flat(step: str | list[str]) -> str:
    return step if isinstance(step, str) else " >>> ".join(step)


def listed(page: PageResult) -> Findings:
    return {
        (result.kind.value, result.rule, element.target)
        for result in page.results
        for element in result.elements
    }


@pytest.mark.parametrize("path", PAGES)
def test_a_scan_lists_what_axe_reports_by_hand(
    by_hand: WebDriver, scanner: PageScanner, sites: Sites, path: str
) -> None:
    expected, passed = run_by_hand(by_hand, sites.url(path))
    page = scanner.scan(sites.url(path))
    assert page.outcome is Outcome.SCANNED
    assert listed(page) == expected
    assert set(page.passed) == passed
    assert page.engine.version == "4.14.1"
    assert len(page.engine.rules) > 90
    assert bool(expected) == (path not in ("/good.html", "/news/list.html"))


@pytest.mark.parametrize("path", ["/", "/frames.html", "/aria.html"])
def test_plain_webdriver_gives_the_same_list(
    scanner: PageScanner, guard: EgressGuard, sites: Sites, path: str
) -> None:
    expected = scanner.scan(sites.url(path))
    with Browser(BrowserSettings(proxy=guard.address, devtools=False)) as browser:
        page = PageScanner(browser, guard, CALM).scan(sites.url(path))
    assert page.outcome is Outcome.SCANNED
    assert listed(page) == listed(expected)
    assert not page.isolated
    assert expected.isolated


def test_every_frame_is_judged_and_named(scanner: PageScanner, sites: Sites) -> None:
    page = scanner.scan(sites.url("/frames.html"))
    images = next(one for one in violations(page) if one.rule == "image-alt")
    places = {(len(element.target), element.frame_url) for element in images.elements}
    other = sites.other.url("", host="localhost")
    leaf = sites.url("/parts/leaf.html")
    assert places == {
        (1, ""),
        (2, sites.url("/parts/outer.html")), (3, leaf),
        (2, "about:srcdoc"),
        (2, f"{other}/parts/outer.html"), (3, f"{other}/parts/leaf.html"),
        (2, leaf),
    }  # fmt: skip
    # The page, two outer frames with a leaf each, the srcdoc with a leaf, the one in the shadow
    # tree; not the hidden one, and no <object>: axe-core does not enter either.
    assert (page.frames, page.frames_missed) == (8, 0)


def test_frames_whose_scripts_are_off_are_judged_too(scanner: PageScanner, sites: Sites) -> None:
    page = scanner.scan(sites.url("/sandbox.html"))
    images = next(one for one in violations(page) if one.rule == "image-alt")
    assert (page.frames, page.frames_missed) == (5, 0)
    assert len(images.elements) == 4
    asked = {one.rule for one in questions(page)}
    assert "frame-tested" not in asked
    assert "no-autoplay-audio" in asked


@pytest.mark.parametrize("path", ["/aria.html", "/frames.html"])
def test_what_axe_says_of_an_element_comes_in_both_languages(
    by_hand: WebDriver, scanner: PageScanner, sites: Sites, path: str
) -> None:
    """The English is what axe-core says by hand, of the same element."""
    said = said_by_hand(by_hand, sites.url(path))
    page = scanner.scan(sites.url(path))
    assert said
    for result in page.results:
        for element in result.elements:
            assert element.message.en == said[result.rule, element.target]
            assert re.search("[一-鿿]", element.message.zh), (result.rule, element.message)
            assert len(element.message.zh.splitlines()) == len(element.message.en.splitlines())
