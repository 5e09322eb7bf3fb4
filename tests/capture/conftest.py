"""A supervisor's phone: a real Chromium with the offline pages, whose network can be cut."""

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.alert import Alert
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import alert_is_present
from selenium.webdriver.support.ui import WebDriverWait

from audit.photos.drawing import Scene, drawn_photo
from tests.chromium import axe_faults, keep_cookies, refresh, widen
from tests.factories import Factory, Person, session_cookie
from tests.served import served

ORIENTATION = 0x0112
WIPE = """
const done = arguments[0];
(async () => {
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
  localStorage.clear();
})().then(() => done(), () => done());
"""


class Phone:
    def __init__(self, driver: Chrome, app: Flask, url: str, folder: Path) -> None:
        self.driver, self.app, self.url, self.folder = driver, app, url, folder
        widen(driver, 390, 844)

    def sign_in(self, session: str) -> None:
        keep_cookies(self.driver, self.url, tantu=session_cookie(self.app, session))

    def sign_out(self) -> None:
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})

    def open(self, path: str = "/capture/zh/") -> None:
        self.driver.get(self.url + path)
        self.wait("return document.documentElement.dataset.capture === 'ready'")

    def reload(self) -> None:
        self.driver.refresh()
        self.wait("return document.documentElement.dataset.capture === 'ready'")

    def wait(self, script: str, *arguments: Any, seconds: int = 20) -> Any:
        waiting = WebDriverWait(self.driver, seconds, 0.05)
        try:
            return waiting.until(lambda driver: driver.execute_script(script, *arguments))
        except TimeoutException:
            page = self.driver.execute_script("return document.body.innerText")
            said = "\n".join(self.complaints())
            raise AssertionError(f"{script} {arguments}\n{page[:3000]}\n{said}") from None

    def is_kept(self) -> None:
        """Until the service worker has the pages and answers for them."""
        ready = "return navigator.serviceWorker.controller !== null"
        self.wait(f"{ready} && (await caches.keys()).length > 0")

    def find(self, css: str) -> WebElement:
        self.wait("return document.querySelector(arguments[0]) !== null", css)
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def says(self, text: str, css: str = "main", seconds: int = 20) -> None:
        self.wait(
            "return document.querySelector(arguments[0])?.innerText.includes(arguments[1])",
            css, text, seconds=seconds,
        )  # fmt: skip

    def text(self, css: str = "main") -> str:
        return self.find(css).text

    def press(self, css: str) -> None:
        target = self.find(css)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", target)
        target.click()

    def choose(self, name: str, value: str) -> None:
        self.press(f'input[name="{name}"][value="{value}"]')

    def type(self, name: str, text: str) -> None:
        box = self.find(f'[name="{name}"]')
        box.clear()
        box.send_keys(text)

    def take_photo(
        self, item: str, seed: int = 1, size: tuple[int, int] = (1200, 900), orientation: int = 1
    ) -> None:
        path, exif = self.folder / f"{seed}.jpg", Image.Exif()
        exif[ORIENTATION] = orientation
        with Image.open(io.BytesIO(drawn_photo(Scene.TOILET, seed, size))) as picture:
            picture.save(path, exif=exif)
        self.find(f'[name="photos.{item}"]').send_keys(str(path))

    def network(self, *, offline: bool = False, kb_a_second: float = -1) -> None:
        """For the page and for its service worker alike."""
        speed = kb_a_second * 1000 if kb_a_second > 0 else -1
        told = {
            "offline": offline,
            "latency": 0,
            "downloadThroughput": speed,
            "uploadThroughput": speed,
        }
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", told)

    def asked(self) -> Alert:
        """The question that the page is about to ask."""
        return WebDriverWait(self.driver, 20, 0.05).until(alert_is_present())

    def kill(self) -> None:
        """The page's process, at once; then a new tab."""
        dead = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        fresh = self.driver.current_window_handle
        self.driver.switch_to.window(dead)
        with contextlib.suppress(WebDriverException):
            self.driver.execute_cdp_cmd("Page.crash", {})
        self.driver.switch_to.window(fresh)
        widen(self.driver, 390, 844)

    def stand_at(self, lon: float, lat: float) -> None:
        """And let the page know it."""
        cdp = self.driver.execute_cdp_cmd
        cdp("Browser.grantPermissions", {"origin": self.url, "permissions": ["geolocation"]})
        place = {"longitude": lon, "latitude": lat, "accuracy": 12}
        cdp("Emulation.setGeolocationOverride", place)

    def faults(self) -> list[str]:
        return axe_faults(self.driver)

    def complaints(self) -> list[str]:
        """What the console says, but that there is no network."""
        return [
            json.dumps(one, ensure_ascii=False)
            for one in self.driver.get_log("browser")
            if one["source"] != "network"
        ]


@pytest.fixture
def phone(app: Flask, driver: Chrome, tmp_path: Path) -> Iterator[Phone]:
    with served(app) as (port, _):
        made = Phone(driver, app, f"http://127.0.0.1:{port}", tmp_path)
        yield made
        made.network()
        driver.get(made.url + "/help")
        driver.execute_async_script(WIPE)
        refresh(driver)


@pytest.fixture
def supervisor(make: Factory) -> Person:
    return make.person("supervisor")
