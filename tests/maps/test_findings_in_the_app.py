"""Findings on the map in a real Chromium, on the real application with its own database."""

import random
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.keys import Keys

from tests.maps.conftest import Browser
from tests.maps.house import AT_THE_SPOT, FINDINGS, HOSTILE, ON_ONE_SPOT, PLACES, House

pytestmark = pytest.mark.browser


def test_list_map_and_status_agree_on_the_total(desk: Browser, house: House) -> None:
    desk.open_map(house.url + "/map/")
    assert f"共 {FINDINGS} 个" in desk.text(".lead")
    assert desk.js("return last.total") == FINDINGS
    assert f"当前范围内有 {FINDINGS} 个问题" in desk.status()
    drawn = desk.js("return [...document.querySelectorAll('.map-marker')].map(m => m.ariaLabel)")
    assert isinstance(drawn, list) and len(drawn) >= 1
    assert len(desk.driver.find_elements("css selector", ".map-page__list .row")) == 6
    desk.open_map(house.url + "/map/?show=facilities")
    assert f"共 {PLACES} 处" in desk.text(".lead")
    assert "另有 1 个" in desk.text(".map-page__list .small")
    assert desk.js("return last.total") == PLACES
    assert f"当前范围内有 {PLACES} 处设施" in desk.status()


def test_the_filter_narrows_list_and_map_alike(desk: Browser, house: House) -> None:
    desk.open_map(house.url + "/map/?severity=S1&kind=toilet")
    total = desk.js("return last.total")
    assert isinstance(total, int) and 0 < total < FINDINGS
    assert f"共 {total} 个" in desk.text(".lead")
    chips = desk.driver.find_elements("css selector", ".chip")
    assert [chip.text.split("\n")[-1] for chip in chips] == ["S1 有受伤危险", "公共厕所"]
    chips[1].click()
    desk.until_js("window.drawn > 0 && window.last.total")
    assert total < desk.js("return last.total") < FINDINGS  # type: ignore[operator]


def test_many_findings_on_one_spot_open_as_a_list_with_their_words_as_typed(
    desk: Browser, house: House
) -> None:
    desk.open_map(house.url + "/map/" + AT_THE_SPOT)
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
    desk.open_map(house.url + "/map/#map=16/" + AT_THE_SPOT.split("/", 1)[1])
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
    title = desk.text(".map__panel-title")
    assert title in label and any(text in title for text in HOSTILE)
    assert desk.axe() == []
    desk.press(Keys.ESCAPE)
    assert desk.focused() == label
    assert desk.js("return window.broken") == []


def test_the_focus_is_never_lost_however_the_map_is_redrawn(desk: Browser, house: House) -> None:
    """Markers split, merge, leave and vanish under the focus, while findings are closed."""
    dice, redraws = random.Random(2), 0
    desk.open_map(house.url + "/map/?state=open#map=15/" + AT_THE_SPOT.split("/", 1)[1])
    desk.js("document.querySelector('.map__canvas').focus()")
    desk.press(Keys.TAB)
    for turn in range(14):
        if turn % 4 == 3:
            house.close_one(dice)
        keys = [Keys.ARROW_RIGHT] * dice.randrange(3)
        desk.press(*keys)
        act = dice.choice(["zoom_in", "zoom_out", "pan_east", "pan_west", "pan_north"])
        button = f"document.querySelector('[data-map={act}]')"
        if desk.js(f"return {button}.getAttribute('aria-disabled') === 'true'"):
            continue  # a limit of the zoom
        desk.redrawn(lambda button=button: desk.js(f"{button}.click()"))  # type: ignore[misc]
        redraws += 1
        assert desk.js("return document.activeElement !== document.body")
        if not desk.js("return document.activeElement.matches('.map-marker')"):
            desk.js("document.querySelector('.map__canvas').focus()")
            desk.press(Keys.TAB)
    assert redraws > 8
    assert desk.js("return window.broken") == []


@pytest.mark.parametrize("row", [0, 5])
def test_a_finding_of_the_list_opens_within_fifteen_keys(
    desk: Browser, house: House, row: int
) -> None:
    desk.open_map(house.url + "/map/")
    wanted = desk.js("return document.querySelectorAll('.row__title')[arguments[0]].href", row)
    pressed = 0
    keys = [Keys.TAB, Keys.ENTER]  # over the header, by the first link
    while True:
        key = keys.pop(0) if keys else Keys.TAB
        over_the_map = desk.js("return document.activeElement.matches('.map-page__skip')")
        desk.press(Keys.ENTER if over_the_map else key)
        pressed += 1
        if desk.js("return document.activeElement.href") == wanted:
            break
        assert pressed < 15
    desk.press(Keys.ENTER)
    pressed += 1
    desk.until(lambda: desk.driver.current_url == wanted)
    assert pressed <= 15


def test_an_act_elsewhere_is_on_the_map_at_the_next_look(desk: Browser, house: House) -> None:
    desk.open_map(house.url + "/map/?state=closed")
    before = desk.js("return window.last.total")
    house.close_one(random.Random(3))
    desk.redrawn(lambda: desk.js("document.querySelector('[data-map=zoom_in]').click()"))
    desk.redrawn(lambda: desk.js("document.querySelector('[data-map=zoom_out]').click()"))
    assert desk.js("return window.last.total") == before + 1  # type: ignore[operator]
