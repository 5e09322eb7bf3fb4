"""The map's pages in a real Chromium on the real application, its own server and database."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from waitress.server import create_server

from audit.app import create_app
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.core.settings import Settings
from audit.core.text import Text
from audit.districts.actions import load_districts
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.actions import Failure, close_by_rescan, open_findings
from audit.findings.models import Finding
from audit.findings.rules import Source
from audit.geo.points import moved
from audit.setup import migrate
from tests.factories import YANJIANG, Factory, Person
from tests.maps.conftest import Browser
from tests.maps.land import PLACED, SEATS

pytestmark = pytest.mark.browser

HOSTILE = [
    "<img src=x onerror=window.broken.push(1)>",
    "${window.broken.push(2)}`+window.broken.push(3)+`",
    "{{ 7919*7927 }}{% for x in y %}",
    "</script><script>window.broken.push(4)</script>",
    "'\"><svg/onload=window.broken.push(5)>&lt;",
]
SPOT = SEATS[YANJIANG]
AT_THE_SPOT = f"#map=17/{SPOT.lat:.5f}/{SPOT.lon:.5f}"
PLACES, ON_ONE_SPOT, FINDINGS = 24, 12, 60
WATCH = """
window.broken = []; window.drawn = 0;
addEventListener("securitypolicyviolation", (e) => broken.push(e.violatedDirective + e.blockedURI));
addEventListener("error", (e) => broken.push(e.message ?? e.target.src), true);
addEventListener("drawn", (e) => { window.drawn += 1; window.last = e.detail; });
"""


@dataclass
class House:
    url: str
    make: Factory
    coordinator: Person
    supervisor: Person


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    app = create_app(Settings(var_dir=tmp_path_factory.mktemp("house")))
    with app.app_context():
        migrate()
        with transaction():
            load_districts()
    make = Factory(app)
    _build(make, random.Random(6))
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield House(
        f"http://127.0.0.1:{server.effective_port}",
        make,
        make.person("coordinator", district=None),
        make.person("supervisor", district=YANJIANG),
    )
    server.close()
    thread.join(timeout=5)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _build(make: Factory, dice: random.Random) -> None:
    """Facilities in the streets of the seat, the first with a dozen findings on one spot."""
    actor = make.actor("coordinator", district=None)
    left = FINDINGS
    for serial in range(PLACES):
        east, north = (0.0, 0.0) if serial == 0 else (dice.gauss(0, 900), dice.gauss(0, 900))
        spot = moved(SPOT, east_m=east, north_m=north)
        place = make.facility(
            PLACED[serial % 3], name=f"{HOSTILE[serial % 5]} {serial}", lon=spot.lon, lat=spot.lat
        )
        count = ON_ONE_SPOT if serial == 0 else min(left, 1 + serial % 3)
        count = left if serial == PLACES - 1 else count
        left -= count
        failures = [_failure(HOSTILE[(serial + n) % 5], n, dice) for n in range(count)]
        with make.app.app_context(), transaction():
            open_findings(db.session.get_one(Facility, place), failures, actor, new_id())
    make.facility(FacilityKind.WEBSITE, name="门户网站")


def _failure(title: str, rule: int, dice: random.Random) -> Failure:
    return Failure(
        source=Source.INSPECTION,
        rule_id=f"rule-{rule}",
        title=Text(title, title),
        severity=dice.choice(["S1", "S2", "S3", "S4"]),
        defect="functional",
        outcome="breach",
        note=title,
    )


@pytest.fixture
def desk(browser: Browser, house: House) -> Iterator[Browser]:
    """A coordinator's browser, signed in, watching what goes wrong."""
    yield from _signed_in(browser, house, house.coordinator)


@pytest.fixture
def street(browser: Browser, house: House) -> Iterator[Browser]:
    yield from _signed_in(browser, house, house.supervisor)


def _signed_in(browser: Browser, house: House, person: Person) -> Iterator[Browser]:
    driver: webdriver.Chrome = browser.driver
    script = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    _width(browser, 1366)
    browser.open(house.url + "/account/login")
    driver.find_element("name", "login").send_keys(person.login)
    driver.find_element("name", "password").send_keys(person.password, Keys.ENTER)
    browser.until(lambda: urlsplit(driver.current_url).path == "/")
    yield browser
    driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
    driver.delete_all_cookies()


def _width(browser: Browser, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def _shown(browser: Browser, address: str) -> None:
    browser.open(address)
    browser.until_js("window.drawn > 0 && document.querySelector('.map__status').textContent")


def _text(browser: Browser, css: str) -> str:
    return str(browser.js("return document.querySelector(arguments[0]).textContent", css))


def _focus_is_somewhere(browser: Browser) -> bool:
    return bool(browser.js("return document.activeElement !== document.body"))


def test_list_map_and_status_agree_on_the_total(desk: Browser, house: House) -> None:
    _shown(desk, house.url + "/map/")
    assert f"共 {FINDINGS} 个" in _text(desk, ".lead")
    assert desk.js("return last.total") == FINDINGS
    assert f"当前范围内有 {FINDINGS} 个问题" in desk.status()
    drawn = desk.js("return [...document.querySelectorAll('.map-marker')].map(m => m.ariaLabel)")
    assert isinstance(drawn, list) and len(drawn) >= 1
    assert len(desk.driver.find_elements("css selector", ".map-page__list .row")) == 6
    _shown(desk, house.url + "/map/?show=facilities")
    assert f"共 {PLACES} 处" in _text(desk, ".lead")
    assert "另有 1 个" in _text(desk, ".lead")
    assert desk.js("return last.total") == PLACES
    assert f"当前范围内有 {PLACES} 处设施" in desk.status()


def test_the_filter_narrows_list_and_map_alike(desk: Browser, house: House) -> None:
    _shown(desk, house.url + "/map/?severity=S1&kind=toilet")
    total = desk.js("return last.total")
    assert isinstance(total, int) and 0 < total < FINDINGS
    assert f"共 {total} 个" in _text(desk, ".lead")
    chips = desk.driver.find_elements("css selector", ".chip")
    assert [chip.text.split("\n")[-1] for chip in chips] == ["S1 有受伤危险", "公共厕所"]
    chips[1].click()
    desk.until_js("window.drawn > 0 && window.last.total")
    assert total < desk.js("return last.total") < FINDINGS  # type: ignore[operator]


def test_many_findings_on_one_spot_open_as_a_list_with_their_words_as_typed(
    desk: Browser, house: House
) -> None:
    _shown(desk, house.url + "/map/" + AT_THE_SPOT)
    marker = f".map-marker[aria-label^='{ON_ONE_SPOT} 个问题']"
    desk.until(lambda: desk.driver.find_elements("css selector", marker))
    desk.driver.find_element("css selector", marker).click()
    desk.until_js(f"document.querySelectorAll('.map__panel-list li').length === {ON_ONE_SPOT}")
    words = desk.driver.find_element("css selector", ".map__panel-list").text
    for text in HOSTILE:
        assert text in words
    assert desk.js("return window.broken") == []
    assert desk.js("return document.querySelectorAll('.map__panel img, .map svg svg').length") == 0
    links = desk.driver.find_elements("css selector", ".map__panel-list a")
    assert all(
        urlsplit(str(a.get_attribute("href"))).path.startswith("/findings/ZY-") for a in links
    )
    links[0].click()
    desk.until(lambda: "/findings/ZY-" in desk.driver.current_url)
    assert desk.js("return window.broken") == []


def test_a_keyboard_opens_details_and_comes_back(desk: Browser, house: House) -> None:
    _shown(desk, house.url + "/map/#map=16/" + AT_THE_SPOT.split("/", 1)[1])
    desk.js("document.querySelector('.map__canvas').focus()")
    desk.press(Keys.TAB)
    label = desk.focused()
    assert "S" in label or "个问题" in label
    for _ in range(30):
        if desk.js("return document.activeElement.textContent").startswith("S"):  # type: ignore[union-attr]
            break
        desk.press(Keys.ARROW_RIGHT)
    label = desk.focused()
    desk.press(Keys.ENTER)
    desk.until(lambda: desk.focused() == "map-main-panel")
    title = _text(desk, ".map__panel-title")
    assert title in label and any(text in title for text in HOSTILE)
    assert desk.axe() == []
    desk.press(Keys.ESCAPE)
    assert desk.focused() == label
    assert desk.js("return window.broken") == []


def test_the_focus_is_never_lost_however_the_map_is_redrawn(desk: Browser, house: House) -> None:
    """Markers split, merge, leave and vanish under the focus, while findings are closed."""
    dice, redraws = random.Random(2), 0
    _shown(desk, house.url + "/map/?state=open#map=15/" + AT_THE_SPOT.split("/", 1)[1])
    desk.js("document.querySelector('.map__canvas').focus()")
    desk.press(Keys.TAB)
    for turn in range(14):
        if turn % 4 == 3:
            _close_one(house, dice)
        keys = [Keys.ARROW_RIGHT] * dice.randrange(3)
        desk.press(*keys)
        act = dice.choice(["zoom_in", "zoom_out", "pan_east", "pan_west", "pan_north"])
        before = desk.js("return window.drawn")
        desk.js(f"document.querySelector('[data-map={act}]').click()")
        try:
            desk.until_js(f"window.drawn > {before}")
            redraws += 1
        except Exception:
            continue  # a limit of the zoom: nothing moved
        finally:
            assert _focus_is_somewhere(desk)
        if not desk.js("return document.activeElement.matches('.map-marker')"):
            desk.js("document.querySelector('.map__canvas').focus()")
            desk.press(Keys.TAB)
    assert redraws > 8
    assert desk.js("return window.broken") == []


def _close_one(house: House, dice: random.Random) -> None:
    with house.make.app.app_context(), transaction():
        query = db.select(Finding).where(Finding.state == "reported").order_by(Finding.number)
        close_by_rescan(dice.choice(db.session.scalars(query).all()), new_id())


@pytest.mark.parametrize("row", [0, 5])
def test_a_finding_of_the_list_opens_within_fifteen_keys(
    desk: Browser, house: House, row: int
) -> None:
    _shown(desk, house.url + "/map/")
    wanted = desk.js("return document.querySelectorAll('.row__title')[arguments[0]].href", row)
    pressed = 0
    keys = [Keys.TAB, Keys.ENTER]  # over the header, by the first link
    while True:
        key = keys.pop(0) if keys else Keys.TAB
        desk.press(key)
        pressed += 1
        if desk.js("return document.activeElement.href") == wanted:
            break
        assert pressed < 15
    desk.press(Keys.ENTER)
    pressed += 1
    desk.until(lambda: desk.driver.current_url == wanted)
    assert pressed <= 15


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
    _width(desk, width)
    desk.open(house.url + address)
    desk.until_js("document.querySelector('.map__status').textContent")
    desk.js("document.querySelectorAll('details.filters__box').forEach((d) => { d.open = true; })")
    assert desk.axe() == []
    root = "const r = document.documentElement; return r.scrollWidth - r.clientWidth"
    assert desk.js(root) == 0


def test_on_a_desktop_the_map_is_large_beside_six_findings(desk: Browser, house: House) -> None:
    _shown(desk, house.url + "/map/")
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
    _shown(street, house.url + "/map/?show=facilities&kind=toilet" + AT_THE_SPOT)
    street.until_js("document.querySelector('.map-marker[data-mark=toilet]:not([inert])')")
    street.js("document.querySelector('.map__canvas').focus()")
    street.press(Keys.TAB)
    assert street.focused().startswith("公共厕所：")
    street.press(Keys.ENTER)
    street.until(lambda: street.focused() == "map-main-panel")
    assert "未销号的问题" in _text(street, ".map__panel-facts")
    street.press(Keys.TAB, Keys.TAB, Keys.ENTER)
    street.until(lambda: "/facilities/" in street.driver.current_url)
    begin = street.driver.find_element("partial link text", "开始检查")
    assert "/inspections/" in str(begin.get_attribute("href"))
    assert street.js("return window.broken") == []


def test_the_map_begins_with_the_persons_district(street: Browser, house: House) -> None:
    _shown(street, house.url + "/map/")
    assert street.js("return window.last.zoom") == 10  # the whole city shows at 9
    middle = street.js("return location.hash")
    assert middle == "" or "/30." in str(middle)


def test_the_picker_turns_to_the_chosen_district_and_shows_what_is_known(
    desk: Browser, house: House
) -> None:
    desk.open(house.url + "/facilities/new/toilet")
    desk.until_js("document.querySelector('.map__status').textContent")
    name = ".map-name:not(.map-name--away)"
    count = f"return document.querySelectorAll('{name}').length"
    assert desk.js(count) == 3
    scale = _text(desk, ".leaflet-control-scale-line")
    desk.js(
        "const s = document.getElementById('district'); s.value = arguments[0];"
        "s.dispatchEvent(new Event('change', {bubbles: true}))",
        YANJIANG,
    )
    desk.until(lambda: _text(desk, ".leaflet-control-scale-line") != scale)
    desk.driver.find_element("css selector", "[data-pin=centre]").click()
    picked = desk.js("return ['lon', 'lat'].map((id) => Number(document.getElementById(id).value))")
    assert picked == pytest.approx([104.746, 30.08], abs=0.02)
    desk.open(f"{house.url}/facilities/new/toilet?lon={SPOT.lon:.6f}&lat={SPOT.lat:.6f}")
    desk.until_js("document.querySelector('path.map-known')")
    assert _text(desk, ".leaflet-control-scale-line") == "100 m"
    shown = desk.driver.find_element("css selector", ".map-known-name").text
    assert any(text.split()[0] in shown for text in HOSTILE)
    assert desk.js("return window.broken") == []


def test_names_of_outlines_never_touch_each_other(desk: Browser, house: House) -> None:
    for zoom, least in ((8, 2), (9, 3), (10, 3), (11, 3), (12, 1), (13, 1)):
        _shown(desk, f"{house.url}/map/#map={zoom}/30.15000/104.62000")
        boxes = desk.js(
            "return [...document.querySelectorAll('.map-name:not(.map-name--away)')]"
            ".map((e) => e.getBoundingClientRect().toJSON())"
        )
        assert isinstance(boxes, list) and len(boxes) >= least, zoom
        pairs = [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :]]
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


def test_an_act_elsewhere_is_on_the_map_at_the_next_look(desk: Browser, house: House) -> None:
    _shown(desk, house.url + "/map/?state=closed")
    before = desk.js("return window.last.total")
    _close_one(house, random.Random(3))
    desk.redrawn(lambda: desk.js("document.querySelector('[data-map=zoom_in]').click()"))
    desk.redrawn(lambda: desk.js("document.querySelector('[data-map=zoom_out]').click()"))
    assert desk.js("return window.last.total") == before + 1  # type: ignore[operator]
