"""A real Chromium for tests of our pages, and what they ask of it."""

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from audit.core.settings import ROOT

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=zh-CN",
    "--window-size=1366,900",
)
AXE = (ROOT / "static/vendor/axe-core-4.14.1/axe.min.js").read_text("utf-8")
# Without the places of what is right, which nobody asks for and which take a third of the time.
RUN_AXE = """
const [options, done] = arguments;
axe.run({...options, resultTypes: ["violations"]}).then((result) => done(result.violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id} ${node.target} ${node.failureSummary}`))));
"""


def start_chromium(*logs: str) -> Chrome:
    """A browser that keeps these logs ("browser" is the console); who started it quits it."""
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", dict.fromkeys(logs, "ALL"))
    driver = Chrome(options, Service("/usr/bin/chromedriver"))
    driver.set_page_load_timeout(60)
    driver.set_script_timeout(60)
    return driver


def refresh(driver: Chrome) -> None:
    """As if just started: no page, no cookies, nothing pretended, nothing said in the logs."""
    cdp = driver.execute_cdp_cmd
    cdp("Emulation.setScriptExecutionDisabled", {"value": False})
    cdp("Emulation.setEmulatedMedia", {"features": []})
    cdp("Emulation.clearGeolocationOverride", {})
    cdp("Emulation.clearDeviceMetricsOverride", {})
    cdp("Browser.resetPermissions", {})
    driver.get("about:blank")
    cdp("Network.clearBrowserCookies", {})
    for log in driver.log_types:
        driver.get_log(log)


def keep_cookies(driver: Chrome, url: str, **cookies: str) -> None:
    """Send these to the site from now on, without a visit to it."""
    for name, value in cookies.items():
        driver.execute_cdp_cmd("Network.setCookie", {"name": name, "value": value, "url": url})


def widen(driver: Chrome, width: int, height: int = 900) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def axe_faults(driver: Chrome, tags: list[str] | None = None) -> list[str]:
    """Every fault that axe sees on the page, with its rule and place; `tags` None: by all rules."""
    if not driver.execute_script("return 'axe' in window"):
        driver.execute_script(AXE)
    found = driver.execute_async_script(RUN_AXE, {"runOnly": tags} if tags else {})
    return [str(one) for one in found]
