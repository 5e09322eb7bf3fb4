"""A box drawn on a picture stands in the form, and the form covers it."""

from collections.abc import Callable

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By

from tests.pages.conftest import Reader, Site

pytestmark = pytest.mark.browser


def test_a_box_is_drawn_with_the_pointer(inspect_as: Callable[..., Reader], site: Site) -> None:
    reader = inspect_as("coordinator")
    reader.widen(1366)
    reader.open(f"/photos/{site.city.photo}/cover")
    picture = reader.driver.find_element(By.CSS_SELECTOR, ".cover__picture")
    reader.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", picture)
    quarter, down = picture.size["width"] // 4, picture.size["height"] // 4
    drag = ActionChains(reader.driver).move_to_element_with_offset(picture, -quarter, -down)
    drag.click_and_hold().move_by_offset(quarter, down).release().perform()
    typed = [
        float(reader.driver.find_element(By.NAME, f"{side}-0").get_attribute("value") or "nan")
        for side in ("left", "top", "width", "height")
    ]
    assert typed == pytest.approx([25, 25, 25, 25], abs=1)
    drawn = reader.driver.find_element(By.CSS_SELECTOR, ".cover__box")
    assert drawn.size["width"] == pytest.approx(quarter, abs=4)
