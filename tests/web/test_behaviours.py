"""What the parts do in a real browser: every theme, narrow windows, keyboard, behaviours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from audit.app import create_app
from audit.core.settings import Settings
from tests.chromium import axe_faults, keep_cookies, widen
from tests.served import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def gallery_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(Settings(var_dir=tmp_path_factory.mktemp("var"), show_gallery=True))


@pytest.fixture(scope="module")
def address(gallery_app: Flask) -> Iterator[str]:
    with served(gallery_app) as (port, _):
        yield f"http://127.0.0.1:{port}"


def opened(driver: Chrome, address: str, width: int = 1366, **cookies: str) -> None:
    """The gallery, in a window of `width` × 800 CSS px, with the given preferences."""
    widen(driver, width, 800)
    keep_cookies(driver, address, **cookies)
    driver.get(f"{address}/gallery")
    until(driver, "return document.querySelector('.photo-picks') !== null")


def until(driver: Chrome, script: str) -> None:
    WebDriverWait(driver, 20, poll_frequency=0.05).until(lambda one: one.execute_script(script))


def answer(driver: Chrome, field: str, value: str) -> None:
    driver.execute_script(
        "document.querySelector(`[name='${arguments[0]}'][value='${arguments[1]}']`).click()",
        field,
        value,
    )


@pytest.mark.parametrize(
    ("width", "cookies"),
    [
        (1366, {"theme": "light"}),
        (1366, {"theme": "dark"}),
        (1366, {"theme": "contrast"}),
        (390, {"theme": "light", "text": "large", "language": "en"}),
    ],
)
def test_axe_finds_nothing_wrong_with_any_component(
    driver: Chrome, address: str, width: int, cookies: dict[str, str]
) -> None:
    opened(driver, address, width, **cookies)
    assert axe_faults(driver) == []
    assert [one["message"] for one in driver.get_log("browser")] == []


@pytest.mark.parametrize("text", ["normal", "large"])
def test_nothing_scrolls_sideways_at_320_px(driver: Chrome, address: str, text: str) -> None:
    opened(driver, address, 320, text=text)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 320


def test_targets_are_44_px_high(driver: Chrome, address: str) -> None:
    opened(driver, address, 390)
    small = driver.execute_script(
        "return [...document.querySelectorAll('.button, .choice, .input, .header__tool, .tab,"
        " .chip, .pagination a, summary')].filter((one) => one.offsetParent)"
        ".filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"
    )
    assert small == []


def test_an_item_that_does_not_apply_is_hidden_keeps_its_value_and_does_not_count(
    driver: Chrome, address: str
) -> None:
    opened(driver, address)
    item = driver.find_element(By.ID, "item-gallery-wide")
    total = driver.find_element(By.CSS_SELECTOR, "[data-progress-total]")
    assert item.is_displayed()
    before = total.text
    answer(driver, "gallery-step", "no")
    assert not item.is_displayed()
    assert total.text != before
    assert driver.find_element(By.ID, "gallery-wide").get_property("value") == "一米五"
    answer(driver, "gallery-step", "yes")
    assert item.is_displayed()
    assert total.text == before


CONDITIONS = [
    ({"item": "x", "is": [True]}, {"x": ["yes"]}, True),
    ({"item": "x", "is": [True]}, {"x": ["no"]}, False),
    ({"item": "x", "is": [False]}, {"x": ["no"]}, True),
    ({"item": "x", "is": ["male", "female"]}, {"x": ["room", "female"]}, True),
    ({"item": "x", "is": ["male"]}, {}, False),
    ({"item": "x", "field": "f", "above": 300}, {"x.f": ["300"]}, False),
    ({"item": "x", "field": "f", "above": 300}, {"x.f": ["301"]}, True),
    ({"item": "x", "at_least": 0}, {"x": [""]}, False),
    ({"item": "x", "at_least": 2, "at_most": 3}, {"x": ["4"]}, False),
    ({"item": "x", "above": 1000}, {"x": ["１，200"]}, True),
    ({"item": "x", "below": 2}, {"x": ["1.4 m"]}, True),
    ({"fact": "crowded", "is": [False]}, {"crowded": [False]}, True),
    ({"fact": "storeys", "at_least": 2}, {"storeys": [3]}, True),
    ({"any": [{"item": "x", "is": ["a"]}, {"item": "y", "is": ["b"]}]}, {"y": ["b"]}, True),
]


def test_conditions_hold_in_the_browser_as_the_grammar_says(driver: Chrome, address: str) -> None:
    opened(driver, address)
    holds = driver.execute_async_script(
        "const [conditions, done] = arguments;"
        "const main = document.querySelector('script[src$=\"main.js\"]').src;"
        "const name = (one) => one.fact ?? (one.field ? `${one.item}.${one.field}` : one.item);"
        "import(main.replace('main.js', 'relevance.js')).then(({ holds }) =>"
        " done(conditions.map(([condition, values]) =>"
        " holds(condition, (one) => values[name(one)] ?? []))))",
        CONDITIONS,
    )
    for (condition, values, expected), held in zip(CONDITIONS, holds, strict=True):
        assert held is expected, (condition, values)


def test_the_bar_at_the_bottom_never_covers_what_has_focus(driver: Chrome, address: str) -> None:
    opened(driver, address)
    driver.execute_script("document.querySelector('#gallery-step').focus()")
    seen = set()
    for _ in range(25):
        active = driver.switch_to.active_element
        seen.add(active.get_attribute("id"))
        covered = driver.execute_script(
            "const bar = document.querySelector('.sticky-bar'), one = document.activeElement;"
            "return !bar.contains(one) && one.closest('form.form-page') !== null"
            " && one.getBoundingClientRect().bottom > bar.getBoundingClientRect().top"
        )
        assert not covered, active.get_attribute("outerHTML")
        ActionChains(driver).send_keys(Keys.TAB).perform()
    assert "gallery-note" in seen


def test_a_large_photo_is_made_smaller_counted_and_can_be_removed(
    driver: Chrome, address: str, tmp_path: Path
) -> None:
    large, small = tmp_path / "large.png", tmp_path / "small.png"
    Image.new("RGB", (4000, 3000), "teal").save(large)
    Image.new("RGB", (40, 30), "teal").save(small)
    opened(driver, address)
    field = driver.find_element(By.ID, "gallery-photo")
    for path, count in ((large, 1), (small, 2)):
        field.send_keys(str(path))
        until(driver, f"return document.querySelectorAll('.photo-picks li').length === {count}")
    sizes = driver.execute_async_script(
        "const done = arguments[0], files = [...document.querySelector('#gallery-photo').files];"
        "Promise.all(files.map((file) => createImageBitmap(file))).then((all) =>"
        " done(all.map((one) => [one.width, one.height])))"
    )
    assert sizes == [[2048, 1536], [40, 30]]
    until(driver, "return document.querySelector('#announcer').textContent === '已选 2 张照片'")
    driver.execute_script("document.querySelector('.photo-picks__remove').click()")
    names = "return [...document.querySelector('#gallery-photo').files].map((one) => one.name)"
    assert driver.execute_script(names) == ["small.png"]


def test_a_form_is_sent_once_however_often_its_button_is_pressed(
    driver: Chrome, address: str
) -> None:
    opened(driver, address)
    sent = driver.execute_script(
        "let sent = 0; const form = document.querySelector('.post-button');"
        "document.addEventListener('submit', (event) => { if (!event.defaultPrevented) sent += 1;"
        " event.preventDefault(); });"
        "for (let press = 0; press < 3; press += 1) form.querySelector('button').click();"
        "return [sent, form.querySelector('button').getAttribute('aria-disabled')]"
    )
    assert sent == [1, "true"]


def test_escape_closes_the_display_settings_and_gives_focus_back(
    driver: Chrome, address: str
) -> None:
    opened(driver, address)
    summary = driver.find_element(By.CSS_SELECTOR, ".popover summary")
    summary.click()
    driver.find_element(By.ID, "display-theme").send_keys(Keys.ESCAPE)
    assert driver.switch_to.active_element == summary
    assert not driver.find_element(By.ID, "display-theme").is_displayed()
