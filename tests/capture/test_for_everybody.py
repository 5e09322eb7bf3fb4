"""A whole inspection by keyboard alone, at 400 % zoom, with every control named for who listens."""

import pytest
from flask import Flask
from selenium.webdriver import ActionChains, Keys

from audit.core.db import db
from audit.inspections.models import Inspection
from tests.capture.conftest import Phone
from tests.chromium import widen
from tests.factories import Factory, Person
from tests.pages.conftest import WIDER

pytestmark = [pytest.mark.browser, pytest.mark.own_app]
WIDTH = "wc-stall-width"
CONTROLS = {"textbox", "searchbox", "radio", "checkbox", "button", "link", "spinbutton"}
UNITS = ("毫米", "百分比", "牛顿", "秒", "平方米")


def keys(phone: Phone, *what: str) -> None:
    ActionChains(phone.driver).send_keys(*what).perform()


def tab_to(phone: Phone, css: str) -> None:
    """By the tab key alone."""
    for _ in range(150):
        if phone.driver.execute_script("return document.activeElement.matches(arguments[0])", css):
            return
        keys(phone, Keys.TAB)
    raise AssertionError(f"the tab key does not lead to {css}")


def names(phone: Phone) -> list[tuple[str, str]]:
    """Role and name of every control, as a screen reader has them."""
    phone.driver.execute_cdp_cmd("Accessibility.enable", {})
    tree = phone.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", "").strip())
        for node in tree
        if not node.get("ignored") and node["role"]["value"] in CONTROLS
    ]


def check(phone: Phone) -> None:
    assert phone.faults() == []
    assert phone.driver.execute_script(WIDER) == []
    assert [role for role, name in names(phone) if not name] == []


def test_by_keyboard_alone_at_400_percent(
    app: Flask, phone: Phone, make: Factory, supervisor: Person
) -> None:
    place = make.toilet()
    phone.sign_in(make.session_of(supervisor))
    widen(phone.driver, 320, 256)
    phone.open()
    phone.says("资料更新于")
    check(phone)
    tab_to(phone, "#place-search")
    keys(phone, "市民广场")
    tab_to(phone, f'a[href="#/new/{place}/public-toilet"]')
    keys(phone, Keys.ENTER)
    tab_to(phone, '[data-on="steps"]')
    keys(phone, Keys.SPACE)
    phone.says("第 1 题", ".sticky-bar")
    check(phone)
    for number in (2, 3):
        tab_to(phone, '[data-on="next"]')
        keys(phone, Keys.ENTER)
        phone.says(f"第 {number} 题", ".sticky-bar")
        focused = "return document.activeElement.matches('[data-item]')"
        assert phone.driver.execute_script(focused), "the next question has the focus"
    tab_to(phone, '[name="wc-provision"][value="male_stall"]')
    keys(phone, Keys.SPACE)
    phone.says("已存在本机", ".sticky-bar")
    phone.driver.execute_script("document.querySelector('[data-on=steps]').focus()")
    keys(phone, Keys.SPACE)
    check(phone)
    measured = phone.driver.execute_script(
        "return [...document.querySelectorAll('.input-group__unit')]"
        ".map((one) => one.closest('.input-group').querySelector('input').labels[0].textContent)"
    )
    assert measured and all(any(unit in name for unit in UNITS) for name in measured)
    draft = phone.driver.current_url
    phone.driver.execute_script("document.querySelector('.skip-link').click()")
    phone.driver.execute_script("document.querySelector('.section-nav__list a').click()")
    assert phone.driver.current_url == draft, "a link within the screen leads to no other"
    assert phone.driver.execute_script("return document.activeElement.matches('[data-section]')")
    tab_to(phone, f'[name="{WIDTH}"]')
    keys(phone, "1400")
    tab_to(phone, '[name="no_photo_reason"]')
    keys(phone, "我看不见，由陪同人确认")
    tab_to(phone, 'button[type="submit"]')
    keys(phone, Keys.ENTER)
    phone.says("已提交：不合格")
    check(phone)
    with app.app_context():
        assert db.session.scalars(db.select(Inspection)).one().filed_at is not None


def test_what_is_to_be_corrected_is_named_and_led_to(
    app: Flask, phone: Phone, make: Factory, supervisor: Person
) -> None:
    place = make.toilet()
    phone.sign_in(make.session_of(supervisor))
    phone.open("/capture/en/")
    phone.press(f'a[href="#/new/{place}/public-toilet"]')
    phone.choose("wc-provision", "male_stall")
    phone.type(WIDTH, "very wide")
    phone.press('button[type="submit"]')
    phone.says("To be corrected: 1")
    phone.press('a.row__title[href^="#/draft/"]')
    check(phone)
    assert "13. " in phone.text("#error-summary")
    phone.press("#error-summary a")
    field = phone.find(f'[name="{WIDTH}"]')
    assert field == phone.driver.switch_to.active_element
    assert field.get_attribute("value") == "very wide"
    assert field.get_attribute("aria-invalid") == "true"
    phone.type(WIDTH, "1400")
    phone.press('button[type="submit"]')
    phone.says("To be corrected")  # pictures, or why there are none
