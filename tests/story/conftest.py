"""The product's pages on a real port, windows of a real Chromium in which people sign in, and one
window in which people take turns."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

from audit.core.clock import here
from tests.chromium import axe_faults, keep_cookies, start_chromium, widen
from tests.factories import Factory, Person, session_cookie
from tests.served import served

PHONE, DESK = (390, 844), (1366, 900)


class Window:
    """One person's browser window."""

    def __init__(self, driver: Chrome, base: str, size: tuple[int, int]) -> None:
        self.driver, self.base = driver, base
        widen(driver, *size)

    def open(self, path: str) -> None:
        self.driver.get(self.base + path)

    def find(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def named(self, name: str) -> WebElement:
        return self.driver.find_element(By.NAME, name)

    def press(self, text: str) -> None:
        """Press the button or follow the link whose words are these, and wait for the new page."""
        path = f"//main//*[self::a or self::button][normalize-space()='{text}']"
        target = self.driver.find_element(By.XPATH, path)
        page = self.find("html")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", target)
        target.click()
        # while one page gives way to the next, the driver may lose its thread for a moment
        patient = WebDriverWait(self.driver, 30, ignored_exceptions=[WebDriverException])
        patient.until(staleness_of(page))

    def unfold(self, text: str) -> None:
        """Open what is folded away under these words."""
        path = f"//main//summary[normalize-space()='{text}']"
        summary = self.driver.find_element(By.XPATH, path)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", summary)
        summary.click()

    def choose(self, name: str, value: str) -> None:
        """Tick the radio or box of this name and value."""
        box = self.find(f'input[name="{name}"][value="{value}"]')
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", box)
        box.click()

    def type_day(self, css: str, moment: datetime) -> None:
        """What the browser's own calendar puts into a field of a date."""
        day = here(moment).date().isoformat()
        self.driver.execute_script("arguments[0].value = arguments[1]", self.find(css), day)

    def sign_in(self, person: Person) -> "Window":
        self.open("/account/login")
        self.named("login").send_keys(person.login)
        self.named("password").send_keys(person.password)
        self.press("登录")
        return self

    @property
    def text(self) -> str:
        return self.find("main").text

    def complaints(self) -> list[str]:
        """What the browser's console says was refused or went wrong."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if entry["level"] in ("SEVERE", "WARNING")
        ]

    def close(self) -> None:
        self.driver.quit()


class Turns(Window):
    """One window in which people take turns, each in the size of screen they have. Nobody types a
    password: how one signs in, other stories tell."""

    def __init__(self, driver: Chrome, base: str, make: Factory) -> None:
        super().__init__(driver, base, DESK)
        self.make = make

    def becomes(self, person: Person, path: str, size: tuple[int, int] = DESK) -> None:
        """This person comes, and opens this page."""
        self._leaves(size)
        cookie = session_cookie(self.make.app, self.make.session_of(person))
        keep_cookies(self.driver, self.base, tantu=cookie)
        self.open(path)

    def stranger(self, address: str) -> None:
        """Somebody without an account opens an address on a phone."""
        self._leaves(PHONE)
        self.driver.get(address)

    def _leaves(self, size: tuple[int, int]) -> None:
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        widen(self.driver, *size)

    def shows_pictures(self, css: str) -> int:
        """How many of these have come and can be seen."""
        loaded = "return [...document.querySelectorAll(arguments[0])].filter((one) => one.complete"
        return int(self.driver.execute_script(f"{loaded} && one.naturalWidth).length", css))

    def faults(self) -> list[str]:
        return axe_faults(self.driver)


@pytest.fixture
def turns(driver: Chrome, base: str, make: Factory) -> Turns:
    return Turns(driver, base, make)


@pytest.fixture
def base(app: Flask) -> Iterator[str]:
    with served(app) as (port, _):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def window(base: str) -> Iterator[Callable[..., Window]]:
    """`window()` opens a phone, `window(DESK)` a desktop window."""
    opened: list[Window] = []

    def start(size: tuple[int, int] = PHONE) -> Window:
        opened.append(Window(start_chromium("browser"), base, size))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.fixture
def pictures(tmp_path: Path) -> Callable[[int], str]:
    """`pictures(2)` gives the paths of two new drawn photos, as a file field takes them."""
    from audit.photos.drawing import Scene, drawn_photo

    numbers = itertools.count()

    def draw(count: int) -> str:
        paths = []
        for number in itertools.islice(numbers, count):
            path = tmp_path / f"photo-{number}.jpg"
            path.write_bytes(drawn_photo(Scene.TOILET, number, (1600, 1200)))
            paths.append(str(path))
        return "\n".join(paths)

    return draw
