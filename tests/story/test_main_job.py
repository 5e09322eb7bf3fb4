"""The product's main job, in a real browser, from the first look to the closed finding."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.factories import Factory

from .conftest import DESK, Window

pytestmark = [pytest.mark.browser, pytest.mark.own_app]

Open = Callable[..., Window]
Pictures = Callable[[int], str]
STALL = "wc-stall-width"


def test_a_narrow_stall_from_first_look_to_closed(
    make: Factory, window: Open, pictures: Pictures
) -> None:
    owner = make.organisation("资阳市示例城市管理局")
    make.toilet(name="示例广场公共厕所", built_on=date(2023, 5, 1), organisation=owner)
    phone = window().sign_in(make.person("supervisor"))
    number = _inspect(phone, pictures(2))

    office = window(DESK).sign_in(make.person("coordinator"))
    _sees_it_in_list_and_map(office, number)
    office.open(f"/findings/{number}")
    office.press("核实立案")
    assert "已立案" in office.text

    department = window(DESK).sign_in(make.person("department"))
    department.open(f"/findings/{number}")
    Select(department.named("organisation")).select_by_visible_text("资阳市示例城市管理局")
    department.press("派单")
    assert "已派单" in department.text

    fixer = window().sign_in(make.person("organisation", organisation=owner))
    fixer.open(f"/findings/{number}")
    fixer.find("#report_fixed-why").send_keys("已把隔板外移，短边 1520 mm。")
    fixer.find("#report_fixed-photos").send_keys(pictures(1))
    fixer.press("报告已整改")
    assert "待复查" in fixer.text

    other = window().sign_in(make.person("supervisor"))
    other.open(f"/findings/{number}")
    other.press("去复查")
    other.named(STALL).send_keys("1520")
    other.find(f'input[name="photos.{STALL}"]').send_keys(pictures(1))
    other.press("提交复查")
    assert "合格" in other.text
    other.open(f"/findings/{number}")
    assert "已销号" in other.text
    for one in (phone, office, department, fixer, other):
        assert one.complaints() == []


def test_the_same_stall_of_2015_is_never_called_a_breach(
    make: Factory, window: Open, pictures: Pictures
) -> None:
    make.toilet(name="示例广场公共厕所", built_on=date(2015, 5, 1))
    phone = window().sign_in(make.person("supervisor"))
    _inspect(phone, pictures(2), said="未达现行标准")
    assert "不符合强制标准" not in phone.text


def _inspect(phone: Window, files: str, said: str = "不符合强制标准") -> str:
    """Find the toilet by name, inspect it, read the verdict. Returns the finding's number."""
    phone.open("/")
    phone.press("开始检查")
    phone.named("q").send_keys("示例广场")
    phone.press("查找")
    phone.press("示例广场公共厕所")
    phone.press("开始检查")
    assert not _is_shown(phone, STALL), "a stall is asked for only where there is one"
    phone.choose("wc-provision", "male_stall")
    phone.choose("wc-provision", "female_stall")
    assert _is_shown(phone, STALL)
    numbers = phone.driver.find_elements(By.CSS_SELECTOR, "[data-item]:not([hidden]) .item__number")
    said_numbers = [int(one.text) for one in numbers]
    assert said_numbers == list(range(1, len(numbers) + 1)), "none is left out for what is hidden"
    phone.find('input[name="photos.wc-provision"]').send_keys(files.split("\n")[0])
    phone.named(STALL).send_keys("1.40 m")
    phone.find(f'input[name="photos.{STALL}"]').send_keys(files)
    phone.press("提交检查")
    text = phone.text
    assert "GB 55019-2021 第3.2.2(1)条" in text
    assert "1,400 mm" in text and "1,500 mm" in text and said in text
    link = phone.driver.find_element(By.CSS_SELECTOR, 'main a[href^="/findings/ZY-"]')
    found = re.search(r"ZY-\d{4}-\d{6}", str(link.get_attribute("href")))
    assert found
    phone.open(f"/findings/{found[0]}")
    pictures_shown = phone.driver.find_elements(By.CSS_SELECTOR, "main img")
    assert len(pictures_shown) == len(files.split("\n"))
    assert said in phone.text
    return found[0]


def _is_shown(phone: Window, name: str) -> bool:
    return phone.named(name).is_displayed()


def _sees_it_in_list_and_map(office: Window, number: str) -> None:
    office.open("/findings/?state=open")
    assert number in office.text
    office.open("/map/")
    assert number in office.text

    def markers(_driver: object) -> list[object]:
        return office.driver.find_elements(By.CSS_SELECTOR, ".leaflet-marker-icon[aria-label]")

    assert len(WebDriverWait(office.driver, 15).until(markers)) == 1
