"""The HTML file as a tagged PDF, printed by our own Chromium, which has no network for it."""

from base64 import b64decode

from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings

SECONDS = 60


def print_pdf(page: bytes, webdriver_url: str = "") -> bytes:
    """With structure tree, outline, language and title. Raises `BrowserMissing`, `BrowserGone`."""
    with (
        Browser(BrowserSettings(webdriver_url=webdriver_url)) as browser,
        browser.deadline(SECONDS),
    ):
        frame = browser.cdp("Page.getFrameTree")["frameTree"]["frame"]["id"]
        browser.cdp("Page.setDocumentContent", frameId=frame, html=page.decode())
        browser.cdp(
            "Runtime.evaluate",
            expression="Promise.all([document.fonts.ready, "
            "...[...document.images].map((one) => one.decode())]).then(() => true)",
            awaitPromise=True,
        )
        printed = browser.cdp(
            "Page.printToPDF",
            preferCSSPageSize=True,
            printBackground=True,
            generateTaggedPDF=True,
            generateDocumentOutline=True,
        )
    return b64decode(printed["data"])
