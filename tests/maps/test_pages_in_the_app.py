"""The pages that hold a map in a real Chromium: what they load, how they look, what they offer."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.chromium import widen
from tests.factories import YANJIANG
from tests.maps.conftest import Browser
from tests.maps.house import AT_THE_SPOT, HOSTILE, SPOT, House

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("address", ["/map/", "/map/?show=facilities", "/facilities/new/toilet"])
def test_nothing_breaks_the_policy_and_nobody_else_is_asked(
    desk: Browser, house: House, address: str
) -> None:
    desk.driver.get_log("performance")
    desk.driver.get_log("browser")
    desk.open(house.url + address)
    desk.until_js("document.querySelector('.map__status').textContent")
    assert desk.js("return window.broken") == []
    assert [entry["message"] for entry in desk.driver.get_log("browser")] == []
    urls = desk.requests()
    assert len(urls) > 5
    assert [url for url in urls if not url.startswith((house.url, "data:", "about:"))] == []


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize(
    "address",
    [
        "/map/",
        "/map/?show=facilities",
        "/map/?severity=S1",
        "/map/?q=nothing",
        "/facilities/new/road",
    ],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    desk: Browser, house: House, address: str, width: int
) -> None:
    widen(desk.driver, width)
    desk.open(house.url + address)
    desk.until_js("document.querySelector('.map__status').textContent")
    desk.js("document.querySelectorAll('details.filters__box').forEach((d) => { d.open = true; })")
    assert desk.axe() == []
    root = "const r = document.documentElement; return r.scrollWidth - r.clientWidth"
    assert desk.js(root) == 0


def test_on_a_desktop_the_map_is_large_beside_six_findings(desk: Browser, house: House) -> None:
    desk.open_map(house.url + "/map/")
    sizes = desk.js(
        "return ['.map__canvas', '.map-page__list'].map((css) => "
        "document.querySelector(css).getBoundingClientRect().toJSON())"
    )
    assert isinstance(sizes, list)
    canvas, side = sizes
    assert canvas["height"] >= 600 and canvas["width"] >= 750
    assert canvas["left"] > side["right"]


def test_without_scripts_both_lists_work(desk: Browser, house: House) -> None:
    cdp = desk.driver.execute_cdp_cmd
    cdp("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        desk.driver.get(house.url + "/map/?severity=S1")
        page = desk.driver.find_element("css selector", "main")
        assert "需要 JavaScript" in page.text
        assert "放大" not in page.text
        page.find_element("link text", "设施").click()
        desk.until(lambda: "show=facilities" in desk.driver.current_url)
        desk.driver.find_element("css selector", "details.filters__box > summary").click()
        desk.driver.find_element("css selector", "#q").send_keys("onerror", Keys.ENTER)
        desk.until(lambda: "q=onerror" in desk.driver.current_url)
        assert "show=facilities" in desk.driver.current_url
        assert "共 5 处" in desk.driver.find_element("css selector", ".lead").text
        desk.driver.find_element("css selector", ".row__title").click()
        desk.until(lambda: "/facilities/" in desk.driver.current_url)
    finally:
        cdp("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_supervisor_finds_a_place_on_the_map_and_begins_an_inspection(
    street: Browser, house: House
) -> None:
    street.open_map(house.url + "/map/?show=facilities&kind=toilet" + AT_THE_SPOT)
    street.until_js("document.querySelector('.map-marker[data-mark=toilet]:not([inert])')")
    street.js("document.querySelector('.map__canvas').focus()")
    street.press(Keys.TAB)
    assert street.focused().startswith("公共厕所：")
    street.press(Keys.ENTER)
    street.until(lambda: street.focused() == "map-main-panel")
    assert "未销号的问题" in street.text(".map__panel-facts")
    street.press(Keys.TAB, Keys.TAB, Keys.ENTER)
    street.until(lambda: "/facilities/" in street.driver.current_url)
    begin = street.driver.find_element("partial link text", "开始检查")
    assert "/inspections/" in str(begin.get_attribute("href"))
    assert street.js("return window.broken") == []


def test_the_map_begins_with_the_persons_district(street: Browser, house: House) -> None:
    street.open_map(house.url + "/map/")
    assert street.js("return window.last.zoom") == 10  # the whole city shows at 9
    middle = street.js("return location.hash")
    assert middle == "" or "/30." in str(middle)


def test_the_course_of_a_road_is_drawn_from_close_by(desk: Browser, house: House) -> None:
    for page in ("/map/", "/map/?show=facilities"):
        desk.open_map(house.url + page + AT_THE_SPOT)
        desk.until_js("document.querySelector('path.map-course')")
    desk.open(f"{house.url}/facilities/new/road?lon={SPOT.lon:.6f}&lat={SPOT.lat:.6f}")
    desk.until_js("document.querySelector('path.map-course')")
    assert desk.js("return window.broken") == []


def test_the_picker_turns_to_the_chosen_district_and_shows_what_is_known(
    desk: Browser, house: House
) -> None:
    desk.open(house.url + "/facilities/new/toilet")
    desk.until_js("document.querySelector('.map__status').textContent")
    name = ".map-name:not(.map-name--away)"
    count = f"return document.querySelectorAll('{name}').length"
    assert desk.js(count) == 3
    scale = desk.text(".leaflet-control-scale-line")
    desk.js(
        "const s = document.getElementById('district'); s.value = arguments[0];"
        "s.dispatchEvent(new Event('change', {bubbles: true}))",
        YANJIANG,
    )
    desk.until(lambda: desk.text(".leaflet-control-scale-line") != scale)
    desk.driver.find_element("css selector", "[data-pin=centre]").click()
    picked = desk.js("return ['lon', 'lat'].map((id) => Number(document.getElementById(id).value))")
    assert picked == pytest.approx([104.746, 30.08], abs=0.02)
    desk.open(f"{house.url}/facilities/new/toilet?lon={SPOT.lon:.6f}&lat={SPOT.lat:.6f}")
    desk.until_js("document.querySelector('path.map-known')")
    assert desk.text(".leaflet-control-scale-line") == "100 m"
    shown = desk.driver.find_element("css selector", ".map-known-name").text
    assert any(text.split()[0] in shown for text in HOSTILE)
    assert desk.js("return window.broken") == []


def test_on_a_phone_the_map_is_there_at_once_and_the_list_follows(
    street: Browser, house: House
) -> None:
    widen(street.driver, 390)
    street.open_map(house.url + "/map/?severity=S1")
    tops = street.js(
        "return ['.filters__count', '.map__canvas', '.map__status', '.map-page__list'].map((css) =>"
        " document.querySelector(css).getBoundingClientRect().top)"
    )
    assert isinstance(tops, list)
    assert tops == sorted(tops) and tops[1] < 600
    assert not street.js("return document.querySelector('details.filters__box').open")


def test_names_of_outlines_touch_no_name_and_no_marker(desk: Browser, house: House) -> None:
    for zoom, least in ((8, 2), (9, 3), (10, 3), (11, 3), (12, 1), (13, 1)):
        desk.open_map(f"{house.url}/map/#map={zoom}/30.15000/104.62000")
        boxes = desk.js(
            "return ['.map-name:not(.map-name--away)', '.map-marker'].map((css) => "
            "[...document.querySelectorAll(css)].map((e) => e.getBoundingClientRect().toJSON()))"
        )
        assert isinstance(boxes, list)
        names, markers = boxes
        assert len(names) >= least and markers, zoom
        pairs = [(a, b) for i, a in enumerate(names) for b in [*names[i + 1 :], *markers]]
        assert not [
            (a, b)
            for a, b in pairs
            if a["left"] < b["right"]
            and b["left"] < a["right"]
            and a["top"] < b["bottom"]
            and b["top"] < a["bottom"]
        ], zoom
        hidden = desk.driver.find_elements("css selector", ".map-name--minor:not(.map-name--away)")
        assert bool(hidden) == (zoom >= 11)
