"""The map of findings in a real Chromium."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.webdriver.common.keys import Keys

from audit.geo.cells import cell_of, cell_ranges, parent_cell, snapped
from audit.geo.points import Box
from tests.maps.conftest import Browser
from tests.maps.site import Site, finding, scattered

pytestmark = pytest.mark.browser

CLOSE = "#map=15/30.13180/104.62520"
HERE = (104.6252, 30.1318)


def _row(count: int = 5) -> list[dict[str, object]]:
    """Findings from west to east, 240 m apart, all in the close view."""
    return [finding(number, HERE[0] - 0.005 + number * 0.0025, HERE[1]) for number in range(count)]


def _marker(browser: Browser, text: str) -> str:
    """The label of the first marker in view that shows this text."""
    return str(
        browser.until_js(
            "[...document.querySelectorAll('.map-marker:not([inert])')]"
            f".find((m) => m.textContent === {json.dumps(text)})?.getAttribute('aria-label')"
        )
    )


def _asked(address: str) -> tuple[Box, int]:
    query = parse_qs(urlsplit(address).query)
    return Box(*(float(edge) for edge in query["bbox"][0].split(","))), int(query["z"][0])


def _click(browser: Browser, text: str) -> None:
    label = _marker(browser, text)
    browser.driver.find_element("css selector", f'.map-marker[aria-label="{label}"]').click()


def _to_first_marker(browser: Browser) -> None:
    browser.js("document.querySelector('.map__canvas').focus()")
    browser.press(Keys.TAB)


@pytest.mark.parametrize("page", ["/map", "/map?lang=en", "/picker", "/tiles"])
def test_nothing_breaks_the_strict_policy_and_nobody_else_is_asked(
    browser: Browser, site: Site, page: str
) -> None:
    site.town.findings = scattered(400)
    browser.driver.get_log("performance")
    browser.open(site.url + page)
    browser.until_js("document.querySelector('.map__status').textContent")
    broken = browser.js("return broken")
    assert isinstance(broken, list)
    assert [fault for fault in broken if "/no-tiles/" not in fault] == []
    urls = browser.requests()
    assert len(urls) > 5
    assert [url for url in urls if not url.startswith((site.url, "data:", "about:"))] == []


@pytest.mark.parametrize("page", ["/map", "/map?lang=en", "/map" + CLOSE, "/picker"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(browser: Browser, site: Site, page: str, width: int) -> None:
    site.town.findings = [*scattered(400), *_row()]
    browser.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.open(site.url + page)
    browser.until_js("document.querySelector('.map__status').textContent")
    assert browser.axe() == []
    assert (
        browser.js("const r = document.documentElement; return r.scrollWidth - r.clientWidth") == 0
    )


def test_axe_finds_nothing_in_the_open_panel(browser: Browser, site: Site) -> None:
    site.town.findings = [finding(n, *HERE) for n in range(3)]
    browser.open_map(site.url + "/map" + CLOSE)
    _click(browser, "3")
    browser.until_js("!document.querySelector('.map__panel').hidden")
    assert browser.axe() == []


def test_the_map_is_one_tab_stop_and_arrows_go_through_its_markers(
    browser: Browser, site: Site
) -> None:
    site.town.findings = _row()
    browser.open_map(site.url + "/map" + CLOSE)
    _to_first_marker(browser)
    assert "问题0" in browser.focused()
    browser.press(Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert "问题2" in browser.focused()
    browser.press(Keys.END)
    assert "问题4" in browser.focused()
    browser.press(Keys.ARROW_RIGHT)
    assert "问题0" in browser.focused()
    browser.press(Keys.HOME, Keys.ARROW_LEFT)
    assert "问题4" in browser.focused()
    browser.press(Keys.TAB)
    assert browser.focused() == "after"


def test_escape_leads_from_a_marker_to_the_map(browser: Browser, site: Site) -> None:
    site.town.findings = _row()
    browser.open_map(site.url + "/map" + CLOSE)
    _to_first_marker(browser)
    browser.press(Keys.ESCAPE)
    assert browser.focused() == "map_main"


def test_enter_opens_the_details_and_closing_returns_to_the_marker(
    browser: Browser, site: Site
) -> None:
    site.town.findings = _row()
    browser.open_map(site.url + "/map" + CLOSE)
    _to_first_marker(browser)
    browser.press(Keys.ENTER)
    browser.until(lambda: browser.focused() == "map-main-panel")
    assert browser.js("return document.activeElement.textContent") == "问题0"
    link = browser.driver.find_element("css selector", ".map__panel a")
    assert link.get_attribute("href") == site.url + "/findings/0"
    browser.press(Keys.ESCAPE)
    assert "问题0" in browser.focused()
    assert browser.js("return document.querySelector('.map__panel').hidden")


def test_the_focused_marker_stays_the_same_element_when_the_map_is_redrawn(
    browser: Browser, site: Site
) -> None:
    site.town.findings = _row()
    browser.open_map(site.url + "/map" + CLOSE)
    _to_first_marker(browser)
    browser.press(Keys.ARROW_RIGHT)
    browser.js("window.mine = document.activeElement")
    site.town.findings = [*_row(), finding(77, HERE[0], HERE[1] + 0.002)]
    browser.redrawn(lambda: browser.js("document.querySelector('[data-map=pan_north]').click()"))
    browser.until_js("document.querySelectorAll('.map-marker').length === 6")
    assert browser.js("return document.activeElement === window.mine && mine.isConnected")


def test_the_map_gets_the_focus_when_the_focused_marker_goes(browser: Browser, site: Site) -> None:
    site.town.findings = _row()
    browser.open_map(site.url + "/map" + CLOSE)
    _to_first_marker(browser)
    site.town.findings = _row()[1:]
    browser.redrawn(lambda: browser.js("document.querySelector('[data-map=pan_north]').click()"))
    browser.until(lambda: browser.focused() == "map_main")


def test_a_marker_that_leaves_the_view_hands_its_focus_to_the_map(
    browser: Browser, site: Site
) -> None:
    site.town.findings = _row()
    browser.open_map(site.url + "/map" + CLOSE)
    _to_first_marker(browser)
    browser.redrawn(lambda: browser.js("document.querySelector('[data-map=pan_east]').click()"))
    browser.redrawn(lambda: browser.js("document.querySelector('[data-map=pan_east]').click()"))
    browser.until(lambda: browser.focused() == "map_main")
    assert browser.js("return document.querySelectorAll('.map-marker[tabindex=\"0\"]').length") <= 1


def test_many_markers_are_no_tab_stops_and_the_list_is_named(browser: Browser, site: Site) -> None:
    site.town.findings = scattered(250)
    browser.open_map(site.url + "/map")
    assert "列表" in browser.status()
    assert browser.js("return document.querySelectorAll('.map-marker').length") > 50
    assert browser.js("return document.querySelectorAll('.map-marker[tabindex=\"0\"]').length") == 0


def test_the_summary_counts_what_is_in_view_and_names_the_worst(
    browser: Browser, site: Site
) -> None:
    site.town.findings = [*_row(), finding(8, HERE[0], HERE[1] + 0.002, "S2"), finding(9, 106, 31)]
    browser.open_map(site.url + "/map" + CLOSE)
    assert browser.status() == "当前范围内有 6 个问题，最严重：S2 无法使用。"


def test_an_empty_view_says_so(browser: Browser, site: Site) -> None:
    browser.open_map(site.url + "/map")
    assert browser.status() == "当前范围内没有问题。"


def test_a_group_of_cells_zooms_in(browser: Browser, site: Site) -> None:
    site.town.findings = scattered(400)
    browser.open_map(site.url + "/map")
    before = browser.js("return window.last.zoom")
    browser.redrawn(
        lambda: browser.js("document.querySelector('.map-marker:not([inert])').click()")
    )
    assert browser.js("return window.last.zoom") == before + 2  # type: ignore[operator]


def test_a_cell_that_cannot_split_lists_its_findings(browser: Browser, site: Site) -> None:
    site.town.limit = 3
    site.town.findings = [finding(n, *HERE, "S1") for n in range(120)]
    browser.open_map(site.url + "/map#map=18/30.13180/104.62520")
    _click(browser, "120")
    browser.until_js("document.querySelectorAll('.map__panel-list li').length === 100")
    assert "mode=points" in site.town.asked[-1]
    cell = cell_of(*HERE)
    first = parent_cell(cell, 18) << 2  # the map's cell at zoom 18 is four cells of zoom 21
    assert cell_ranges(*_asked(site.town.asked[-1])) == [(first, first + 3)]
    text = browser.driver.find_element("css selector", ".map__panel").text
    assert "只列出前 100 个" in text


def test_findings_at_one_place_are_listed(browser: Browser, site: Site) -> None:
    site.town.findings = [finding(n, *HERE) for n in range(3)]
    browser.open_map(site.url + "/map" + CLOSE)
    _click(browser, "3")
    browser.until_js("document.querySelectorAll('.map__panel-list li').length === 3")
    assert browser.focused() == "map-main-panel"


def test_markers_never_cover_each_other(browser: Browser, site: Site) -> None:
    site.town.findings = scattered(300, Box(104.60, 30.11, 104.65, 30.15))
    browser.open_map(site.url + "/map#map=14/30.13000/104.62500")
    boxes = browser.js(
        "return [...document.querySelectorAll('.map-marker')].map((m) => m.getBoundingClientRect())"
        ".map((r) => [r.x + r.width / 2, r.y + r.height / 2])"
    )
    assert isinstance(boxes, list)
    closest = min(
        max(abs(ax - bx), abs(ay - by))
        for i, (ax, ay) in enumerate(boxes)
        for bx, by in boxes[i + 1 :]
    )
    assert len(boxes) > 10
    assert closest >= 28  # 40 pixels apart along the diagonal


def test_hostile_words_are_shown_as_they_are(browser: Browser, site: Site) -> None:
    hostile = "<img src=x onerror=broken.push(1)>{{7*7}}${broken.push(2)}</script>"
    site.town.findings = [
        {**finding(n, *HERE), "title": hostile, "status": hostile, "url": url}
        for n, url in enumerate(["javascript:broken.push(3)", "https://elsewhere.example/", "/f/2"])
    ]
    browser.open_map(site.url + "/map" + CLOSE)
    _click(browser, "3")
    browser.until_js("document.querySelectorAll('.map__panel-list li').length === 3")
    assert browser.js("return broken") == []
    assert hostile in browser.driver.find_element("css selector", ".map__panel-list").text
    links = browser.driver.find_elements("css selector", ".map__panel-list a")
    assert [link.get_attribute("href") for link in links] == [site.url + "/f/2"]


def test_the_view_is_in_the_address_and_comes_back_with_it(browser: Browser, site: Site) -> None:
    site.town.findings = _row()
    browser.open_map(site.url + "/map" + CLOSE)
    browser.redrawn(lambda: browser.js("document.querySelector('[data-map=zoom_in]').click()"))
    shared = browser.driver.current_url
    assert "#map=16/30.13" in shared
    browser.open_map(shared)
    assert browser.js("return window.last.zoom") == 16


@pytest.mark.parametrize("hash_", ["#map=99/91/200", "#map=x", "#map=5/30.1/104<script>", "#main"])
def test_a_wrong_address_shows_the_whole_area(browser: Browser, site: Site, hash_: str) -> None:
    browser.open_map(site.url + "/map" + hash_)
    assert browser.js("return window.last.zoom") == 9


def test_the_question_is_rounded_to_tiles_and_keeps_the_filters(
    browser: Browser, site: Site
) -> None:
    browser.open_map(site.url + "/map" + CLOSE)
    assert "status=open" in site.town.asked[0]
    box, zoom = _asked(site.town.asked[0])
    whole = snapped(box, zoom)  # one tile more, were the box to touch it
    assert (whole.west, whole.south) == pytest.approx((box.west, box.south), abs=2e-6)
    assert (whole.east, whole.north) == pytest.approx((box.east, box.north), abs=2e-6)


def test_a_failing_endpoint_is_said_once_and_the_map_recovers(browser: Browser, site: Site) -> None:
    site.town.broken = True
    browser.open(site.url + "/map")
    browser.until(lambda: "暂时无法读取" in browser.status())
    site.town.broken = False
    site.town.findings = _row()
    browser.js("document.querySelector('[data-map=zoom_in]').click()")
    browser.until(lambda: "5 个问题" in browser.status())


def test_missing_tiles_are_noticed_once_and_the_source_is_shown_as_text(
    browser: Browser, site: Site
) -> None:
    site.town.findings = _row()
    browser.open_map(site.url + "/tiles")
    notice = browser.until_js("document.querySelector('.map__notice').textContent")
    assert notice == "底图暂时无法显示，轮廓和标记仍然可用。"
    credit = browser.driver.find_element("css selector", ".leaflet-control-attribution").text
    assert credit == "天地图 <GS(2024)0650号>"


def test_targets_are_large_enough(browser: Browser, site: Site) -> None:
    site.town.findings = [*_row(), *(finding(50 + n, HERE[0], HERE[1] + 0.002) for n in range(12))]
    browser.open_map(site.url + "/map" + CLOSE)
    sides = browser.js(
        "return ['.map__bar .map__tool', '.map-marker'].map((css) => Math.min("
        "...[...document.querySelectorAll(css)].map((e) => e.getBoundingClientRect())"
        ".flatMap((r) => [r.width, r.height])))"
    )
    assert isinstance(sides, list)
    assert sides[0] >= 44
    assert sides[1] >= 24


def test_the_wheel_scrolls_the_page_until_the_map_has_the_focus(
    browser: Browser, site: Site
) -> None:
    browser.open_map(site.url + "/map")
    where = browser.js(
        "const r = document.querySelector('.map__canvas').getBoundingClientRect();"
        "return {x: r.x + 50, y: r.y + 50}"
    )
    assert isinstance(where, dict)
    wheel = {"type": "mouseWheel", "deltaX": 0, "deltaY": -300, **where}
    browser.driver.execute_cdp_cmd("Input.dispatchMouseEvent", wheel)
    browser.redrawn(lambda: browser.js("document.querySelector('[data-map=zoom_in]').click()"))
    assert browser.js("return window.last.zoom") == 10
    browser.js("document.querySelector('.map__canvas').focus()")
    browser.redrawn(lambda: browser.driver.execute_cdp_cmd("Input.dispatchMouseEvent", wheel))
    assert browser.js("return window.last.zoom") > 10  # type: ignore[operator]


def test_nothing_glides_for_people_who_asked_for_less_motion(browser: Browser, site: Site) -> None:
    browser.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]},
    )
    browser.open_map(site.url + "/map")
    assert browser.js("return L.Map.prototype.options.zoomAnimation") is False
    assert browser.js("return document.querySelectorAll('.leaflet-zoom-anim').length") == 0


def test_buttons_at_the_limit_say_so(browser: Browser, site: Site) -> None:
    browser.open_map(site.url + "/map#map=18/30.13180/104.62520")
    state = "return document.querySelector('[data-map={}]').getAttribute('aria-disabled')"
    assert browser.js(state.format("zoom_in")) == "true"
    assert browser.js(state.format("zoom_out")) == "false"


def test_without_scripts_the_page_says_what_to_do_instead(browser: Browser, site: Site) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.driver.get(site.url + "/map")
        text = browser.driver.find_element("css selector", "main").text
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert "需要 JavaScript" in text
    assert "放大" not in text
