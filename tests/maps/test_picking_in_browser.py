"""Choosing a place in a real Chromium."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from audit.geo.points import Point, distance_m
from tests.maps.conftest import Browser
from tests.maps.site import Site

pytestmark = pytest.mark.browser

START = Point(104.6252, 30.1318)
PICKER = f"/picker?lon={START.lon}&lat={START.lat}"


def _open(browser: Browser, url: str) -> None:
    browser.open(url)
    browser.until_js("document.querySelector('.map__status').textContent")


def _written(browser: Browser) -> Point:
    lon, lat = browser.js("return ['lon', 'lat'].map((id) => document.getElementById(id).value)")  # type: ignore[misc]
    return Point(float(lon), float(lat))


def _press(browser: Browser, act: str) -> None:
    browser.driver.find_element("css selector", f"[data-pin={act}]").click()


def test_a_click_sets_the_place(browser: Browser, site: Site) -> None:
    _open(browser, site.url + "/picker")
    assert browser.status() == "还没有选择位置。"
    canvas = browser.driver.find_element("css selector", ".map__canvas")
    ActionChains(browser.driver).move_to_element_with_offset(canvas, 40, 20).click().perform()
    browser.until_js("window.last")
    assert len(browser.driver.find_elements("css selector", ".map-pin")) == 1
    browser.until(lambda: f"{_written(browser).lon:.6f}" in browser.status())
    assert browser.js("return document.getElementById('acc').value") == ""


def test_the_pin_can_be_dragged(browser: Browser, site: Site) -> None:
    _open(browser, site.url + PICKER)
    pin = browser.driver.find_element("css selector", ".map-pin")
    ActionChains(browser.driver).drag_and_drop_by_offset(pin, 60, 0).perform()
    moved = browser.until(lambda: _written(browser) if _written(browser) != START else None)
    assert isinstance(moved, Point)
    assert moved.lon > START.lon
    assert moved.lat == pytest.approx(START.lat, abs=1e-4)


@pytest.mark.parametrize(
    ("act", "east", "north"), [("north", 0, 1), ("south", 0, -1), ("west", -1, 0), ("east", 1, 0)]
)
@pytest.mark.parametrize("metres", [1, 10])
def test_buttons_nudge_the_pin_by_metres(
    browser: Browser, site: Site, act: str, east: int, north: int, metres: int
) -> None:
    _open(browser, site.url + PICKER)
    browser.driver.find_element("css selector", f".map__step input[value='{metres}']").click()
    _press(browser, act)
    there = _written(browser)
    assert distance_m(START, there) == pytest.approx(metres, abs=0.12)
    assert (there.lon > START.lon) - (there.lon < START.lon) == east
    assert (there.lat > START.lat) - (there.lat < START.lat) == north


def test_by_keyboard_alone_a_place_can_be_set_and_nudged(browser: Browser, site: Site) -> None:
    _open(browser, site.url + "/picker")
    browser.js("document.querySelector('.map__canvas').focus()")
    browser.press("+", Keys.TAB)
    assert browser.js("return document.activeElement.dataset.pin") == "centre"
    browser.press(Keys.ENTER)
    first = _written(browser)
    browser.press(Keys.TAB, Keys.ARROW_RIGHT, Keys.TAB, Keys.SPACE)
    assert distance_m(first, _written(browser)) == pytest.approx(10, abs=0.12)


def test_typed_numbers_move_the_pin_and_wrong_ones_do_not(browser: Browser, site: Site) -> None:
    _open(browser, site.url + PICKER)
    lat = browser.driver.find_element("id", "lat")
    for text in ("95", "abc", "30.1400"):
        lat.clear()
        lat.send_keys(text, Keys.TAB)
    browser.until(lambda: "纬度 30.140000" in browser.status())
    assert lat.get_attribute("value") == "30.1400"


def test_own_position_is_used_with_its_accuracy(browser: Browser, site: Site) -> None:
    cdp = browser.driver.execute_cdp_cmd
    cdp("Browser.grantPermissions", {"origin": site.url, "permissions": ["geolocation"]})
    cdp(
        "Emulation.setGeolocationOverride",
        {"latitude": 30.2, "longitude": 104.7, "accuracy": 23.4},
    )
    _open(browser, site.url + "/picker")
    browser.driver.find_element("css selector", "[data-map=locate]").click()
    browser.until_js("document.getElementById('acc').value")
    assert _written(browser) == Point(104.7, 30.2)
    assert browser.js("return document.getElementById('acc').value") == "23"
    browser.until(lambda: "误差约 23 米" in browser.status())
    _press(browser, "north")
    assert browser.js("return document.getElementById('acc').value") == ""
    cdp("Browser.resetPermissions", {})


def test_a_refused_position_is_said(browser: Browser, site: Site) -> None:
    browser.driver.execute_cdp_cmd(
        "Browser.setPermission",
        {"origin": site.url, "permission": {"name": "geolocation"}, "setting": "denied"},
    )
    _open(browser, site.url + "/picker")
    browser.driver.find_element("css selector", "[data-map=locate]").click()
    browser.until(lambda: "无法取得你的位置" in browser.status())
    browser.driver.execute_cdp_cmd("Browser.resetPermissions", {})
