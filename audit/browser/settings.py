"""How a browser is started: what it may use, and where its programs are."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .errors import BrowserMissing

# Not the headless shell, though it costs a quarter less: it ignores the policy that keeps WebRTC
# behind the proxy, and a STUN packet gets out.
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
DRIVER_NAME = "chromedriver"
INSTALL = "apt-get install chromium chromium-driver"


@dataclass(frozen=True)
class BrowserSettings:
    """`proxy` is the guard's address: without one the browser has no network at all.

    `devtools=False` treats any browser as one that speaks plain WebDriver only.
    """

    proxy: str = ""
    webdriver_url: str = ""
    devtools: bool = True
    agent: str = ""
    language: str = "zh-CN"
    width_px: int = 1280
    height_px: int = 900
    memory_mb: int = 1500
    start_s: float = 60
    command_s: float = 90

    def find_browser(self) -> str:
        """Path of the browser's program; BrowserMissing says what to install."""
        return _find(*BROWSER_NAMES)

    def find_driver(self) -> str:
        """Path of the driver, always given, or Selenium would ask the network for one."""
        return _find(DRIVER_NAME)

    def check_remote(self) -> None:
        """A browser on another machine cannot reach a guard on this one's loopback."""
        remote, proxy = urlsplit(self.webdriver_url).hostname, urlsplit(self.proxy).hostname
        if proxy == "127.0.0.1" and remote not in ("127.0.0.1", "localhost", "::1"):
            raise BrowserMissing(
                f"the browser at {self.webdriver_url} cannot reach the guard at {self.proxy}"
            )


def arguments(settings: BrowserSettings) -> list[str]:
    """The command line of the browser. The driver itself makes a fresh profile in TMPDIR."""
    disabled = (
        # Frames of other sites stay in the page's process: only so are they in its frame tree,
        # where the isolated world reaches them.
        "IsolateOrigins", "site-per-process", "IsolateSandboxedIframes",
        # With it the headless shell now and then never starts a navigation that follows at once
        # on leaving a page with a beforeunload handler (7 in 30, without it 0).
        "RenderDocument",
        "OptimizationHints", "MediaRouter", "Translate", "InterestFeedContentSuggestions",
        "AutofillServerCommunication", "CertificateTransparencyComponentUpdater",
        "NetworkTimeServiceQuerying",
    )  # fmt: skip
    flags = [
        "--headless=new", "--disable-gpu", "--no-first-run", "--no-default-browser-check",
        "--no-pings", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-default-apps", "--disable-domain-reliability",
        "--disable-client-side-phishing-detection", "--disable-extensions", "--disable-quic",
        "--disable-breakpad", "--disable-crash-reporter", "--disable-dev-shm-usage",
        "--disable-site-isolation-trials", f"--disable-features={','.join(disabled)}",
        "--disable-blink-features=AutomationControlled", "--deny-permission-prompts",
        "--mute-audio", "--password-store=basic", "--use-mock-keychain",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        # Nothing may be resolved or dialled past the guard, the loopback included.
        f"--proxy-server={settings.proxy or 'http://127.0.0.1:9'}",
        "--proxy-bypass-list=<-loopback>",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--lang={settings.language}", f"--window-size={settings.width_px},{settings.height_px}",
    ]  # fmt: skip
    if os.geteuid() == 0:
        # Chromium refuses to start as root with its sandbox on. Run the worker as a user.
        flags.append("--no-sandbox")
    return flags


def preferences(settings: BrowserSettings) -> dict[str, object]:
    """Profile preferences: no downloads, no questions, the languages asked for."""
    return {
        "download_restrictions": 3,
        "download.prompt_for_download": False,
        "profile.default_content_setting_values.automatic_downloads": 2,
        "profile.default_content_setting_values.notifications": 2,
        "profile.default_content_setting_values.geolocation": 2,
        "profile.default_content_setting_values.popups": 2,
        "credentials_enable_service": False,
        "intl.accept_languages": settings.language,
    }


def environment(home: Path) -> dict[str, str]:
    """What the driver and the browser see of ours: nothing secret, their litter in `home`."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {**kept, "HOME": str(home), "TMPDIR": str(home), "SE_OFFLINE": "true"}


def _find(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise BrowserMissing(f"{names[0]} was not found; install it: {INSTALL}")
    return found
