"""One running browser, from start to a certain end."""

import contextlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import urllib3.exceptions
from selenium import webdriver
from selenium.common.exceptions import (
    InvalidSessionIdException,
    NoSuchWindowException,
    UnexpectedAlertPresentException,
    WebDriverException,
)
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.proxy import Proxy, ProxyType
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver

from .errors import BrowserGone, BrowserMissing, Ended, PageTrouble
from .leftovers import make_home, sweep_leftovers
from .processes import end_family
from .settings import BrowserSettings, arguments, environment, preferences
from .watchdog import Watchdog

Json = dict[str, Any]

_DEAD = ("disconnected", "not reachable", "crashed", "session deleted", "target window already")

# Runs before any script of a page, in every frame. A dialog would stop the page and the driver
# with it; a window would be one more page that nobody asked for.
_NO_DIALOGS = """(() => {
  const fixed = (name, value) =>
    Object.defineProperty(window, name, { value, writable: true, configurable: true });
  fixed('alert', function alert() {});
  fixed('confirm', function confirm() { return false; });
  fixed('prompt', function prompt() { return null; });
  fixed('print', function print() {});
  fixed('open', function open() { return null; });
})();"""


class Browser:
    """A browser with a fresh profile; use as a context manager.

    After `BrowserGone` nothing works until `renew()`. `generation` counts the starts, for those
    who must set something up again after one.
    """

    def __init__(self, settings: BrowserSettings) -> None:
        self.settings = settings
        self.generation = 0
        self.version = ""
        self.has_cdp = False
        self._ended: Ended | None = None
        self._driver: WebDriver | None = None
        self._service: Service | None = None
        self._watchdog: Watchdog | None = None
        self._home: Path | None = None

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def driver(self) -> WebDriver:
        """Selenium's driver, for what it alone can do; BrowserGone when there is none."""
        self.check_alive()
        assert self._driver is not None  # noqa: S101 - what check_alive found
        return self._driver

    def check_alive(self) -> None:
        """Raise BrowserGone if there is no browser to talk to."""
        if self._driver is None or self._ended is not None:
            raise BrowserGone(self._ended or Ended.CRASHED)

    @property
    def alive(self) -> bool:
        """False before the start, and once a command has met `BrowserGone`."""
        return self._driver is not None and self._ended is None

    @property
    def leader(self) -> int | None:
        """Process id of the local driver, the head of the family; None for a remote browser."""
        return self._service.process.pid if self._service and self._service.process else None

    def renew(self) -> None:
        """End the browser, if it still lives, and start another with an empty profile."""
        self.close()
        self.__enter__()

    def cdp(self, command: str, **parameters: Any) -> Json:
        """Send one DevTools command; PageTrouble when it is refused, BrowserGone at the end."""
        with self.translated():
            try:
                answer: Json | None = self.driver.execute_cdp_cmd(command, parameters)
            except UnexpectedAlertPresentException:  # the driver has dismissed it by now
                answer = self.driver.execute_cdp_cmd(command, parameters)
            return answer or {}

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """End the browser unless the block is left in time; the block then sees BrowserGone."""
        if self._watchdog is None:
            yield
            return
        with self._watchdog.deadline(seconds):
            yield

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what Selenium and its connection raise into the errors of this room."""
        try:
            yield
        except (InvalidSessionIdException, NoSuchWindowException):
            raise self._end(Ended.CRASHED) from None
        except WebDriverException as error:
            text = str(error.msg)
            if any(sign in text for sign in _DEAD):
                raise self._end(Ended.CRASHED) from None
            raise PageTrouble(text.splitlines()[0] if text else type(error).__name__) from None
        except urllib3.exceptions.TimeoutError:
            # The connection's own limit; for a remote browser the only one.
            raise self._end(Ended.WALL_CLOCK) from None
        except (urllib3.exceptions.HTTPError, OSError):
            raise self._end(Ended.CRASHED) from None

    def close(self) -> None:
        """End the browser and remove every trace of it. Safe to call again."""
        driver, service = self._driver, self._service
        self._driver = self._service = None
        if self._watchdog is not None:
            self._watchdog.stop()
            self._watchdog = None
        if service is not None:
            _end_local(driver, service)
        elif driver is not None:
            with contextlib.suppress(WebDriverException, urllib3.exceptions.HTTPError, OSError):
                driver.quit()
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    def _end(self, otherwise: Ended) -> BrowserGone:
        verdict = self._watchdog.verdict if self._watchdog else None
        self._ended = verdict or otherwise
        return BrowserGone(self._ended)

    def _start(self) -> None:
        settings = self.settings
        self.generation += 1
        self._ended = None
        if settings.webdriver_url:
            settings.check_remote()
            address = settings.webdriver_url
        else:
            address = self._start_driver()
        with self.deadline(settings.start_s), self._starting():
            config = ClientConfig(
                remote_server_addr=address,
                timeout=int(settings.command_s),
                proxy=Proxy({"proxyType": ProxyType.DIRECT}),
            )
            self._driver = webdriver.Remote(
                command_executor=address, options=self._options(), client_config=config
            )
            self.has_cdp = self._speaks_cdp()
            self._set_up()

    def _start_driver(self) -> str:
        """Start chromedriver in a session of its own, so that its family can be found."""
        sweep_leftovers()
        self._home = make_home()
        self._service = Service(
            executable_path=self.settings.find_driver(),
            env=environment(self._home),
            popen_kw={"start_new_session": True},
        )
        with self._starting():
            self._service.start()
        if self.leader is None:
            raise BrowserMissing("chromedriver did not start")
        self._watchdog = Watchdog(self.leader, self.settings.memory_mb)
        return self._service.service_url

    @contextmanager
    def _starting(self) -> Iterator[None]:
        try:
            with self.translated():
                yield
        except (BrowserGone, PageTrouble) as error:
            raise BrowserMissing(f"the browser did not start: {error}") from None

    def _options(self) -> Options:
        options = Options()
        options.page_load_strategy = "none"
        options.unhandled_prompt_behavior = "dismiss"
        if self._home is not None:
            options.binary_location = self.settings.find_browser()
        for flag in arguments(self.settings):
            options.add_argument(flag)
        options.add_experimental_option("prefs", preferences(self.settings))
        options.add_experimental_option(
            "excludeSwitches", ["enable-automation", "disable-popup-blocking"]
        )
        return options

    def _speaks_cdp(self) -> bool:
        try:
            product = str(self.cdp("Browser.getVersion").get("product", ""))
        except PageTrouble:
            capabilities = self.driver.capabilities
            product = f"{capabilities.get('browserName')}/{capabilities.get('browserVersion')}"
            self.version = product
            return False
        self.version = product.removeprefix("Headless")
        return self.settings.devtools

    def _set_up(self) -> None:
        settings = self.settings
        if not self.has_cdp:
            self.driver.set_window_size(settings.width_px, settings.height_px)
            return
        agent = str(self.cdp("Browser.getVersion")["userAgent"]).replace("Headless", "")
        self.cdp("Browser.setDownloadBehavior", behavior="deny")
        self.cdp("Network.enable", maxTotalBufferSize=0, maxResourceBufferSize=0)
        self.cdp("Network.setBypassServiceWorker", bypass=True)
        self.cdp(
            "Emulation.setUserAgentOverride",
            userAgent=f"{agent} {settings.agent}".strip(),
            acceptLanguage=settings.language,
        )
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=settings.width_px,
            height=settings.height_px,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source=_NO_DIALOGS)


def _end_local(driver: WebDriver | None, service: Service) -> None:
    """Kill the family outright: a profile that is thrown away needs no tidy farewell."""
    if service.process is not None:
        end_family(service.process.pid)
        service.process.wait()
    with contextlib.suppress(OSError, WebDriverException):
        service.stop()
    if driver is not None and isinstance(driver.command_executor, RemoteConnection):
        with contextlib.suppress(OSError, urllib3.exceptions.HTTPError):
            driver.command_executor.close()  # type: ignore[no-untyped-call]
