"""Going to an address and proving what was found there.

A browser always shows *something*: its own error page, the page before, a viewer for a file. A
visit counts as arrived only if a new document of that navigation came over http(s), as HTML,
with a status of success.
"""

import contextlib
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from .addresses import check_url, host_and_port
from .errors import BrowserGone, Ended, PageTrouble
from .guard import EgressGuard, Verdict
from .session import Browser
from .worlds import Frame, World, frame_tree

HTML_TYPES = ("text/html", "application/xhtml+xml")
LOOK_EVERY_S = 0.05
MAX_MOVES = 5
NO_ANSWER = "no_answer"

# How the browser names a status of failure without a page, and a certificate or handshake that
# it does not accept.
_STATUS_SIGNS = ("ERR_HTTP_RESPONSE_CODE_FAILURE", "ERR_INVALID_AUTH_CREDENTIALS")
_TLS_SIGNS = ("ERR_CERT_", "ERR_SSL_", "ERR_BAD_SSL_", "ERR_TLS_")

# Through the prototype: an element named "readyState" takes the property's place.
_READY = """Object.getOwnPropertyDescriptor(Document.prototype, 'readyState')
  .get.call(document) === 'complete'"""
_PLAIN_READY = "return document.readyState === 'complete' && location.protocol !== 'about:'"
_PLAIN_PROOF = """
  const entry = performance.getEntriesByType('navigation')[0];
  return [location.href, entry?.responseStatus ?? 0, document.contentType,
          document.readyState === 'complete', performance.timeOrigin];"""


class Ending(StrEnum):
    ARRIVED = "arrived"
    DOWNLOAD = "download"
    NOT_HTML = "not_html"
    HTTP_ERROR = "http_error"
    NETWORK_ERROR = "network_error"
    TLS_ERROR = "tls_error"
    REFUSED = "refused"
    RESTLESS = "restless"
    HUNG = "hung"


@dataclass(frozen=True)
class Visit:
    """What a visit found. `late` means it was stopped while still loading.

    `document_id` proves later that the document is still the one that was judged. `cause` is the
    browser's or the guard's own word for what went wrong, empty on arrival.
    """

    ending: Ending
    url: str
    final_url: str
    status: int = 0
    content_type: str = ""
    late: bool = False
    document_id: str = ""
    cause: str = ""


@dataclass(frozen=True)
class Patience:
    """How long a visit may take, in seconds.

    `answer_s` until the first byte of the document (the guard gives up before), `load_s` until
    all of it is there (then it is stopped and taken as it is), `rest_s` how long it must stay
    where it is.
    """

    answer_s: float = 30
    load_s: float = 15
    rest_s: float = 0.3


def visit(
    browser: Browser, url: str, guard: EgressGuard, patience: Patience | None = None
) -> Visit:
    """Open an address. BrowserGone only for a crash or for memory; a spinning script is HUNG.

    After HUNG, and after an answer that never came, the browser is not `alive` and wants
    `renew()`. Raises AddressRefused for an address that is not http(s).
    """
    patience = patience or Patience()
    url = check_url(url)
    browser.check_alive()
    if not browser.has_cdp:
        return visit_plainly(browser, url, guard, patience)
    started = time.monotonic()
    try:
        with browser.deadline(patience.answer_s):
            answer = browser.cdp("Page.navigate", url=url)
    except BrowserGone as gone:
        if gone.why is not Ended.WALL_CLOCK:
            raise
        return Visit(Ending.NETWORK_ERROR, url, url, cause=NO_ANSWER)
    error = str(answer.get("errorText", ""))
    if answer.get("isDownload"):
        return Visit(Ending.DOWNLOAD, url, url, cause=error)
    try:
        # A page that spins answers nothing; a page that merely loads is stopped before that.
        with browser.deadline(patience.load_s + 5):
            if error:
                return _failed(browser, url, error, guard, started)
            return _Arrival(browser, url, guard, patience, started).wait()
    except BrowserGone as gone:
        if gone.why is not Ended.WALL_CLOCK:
            raise
        return Visit(Ending.HUNG, url, url, cause=gone.why.value)


def visit_plainly(browser: Browser, url: str, guard: EgressGuard, patience: Patience) -> Visit:
    """As `visit`, with plain WebDriver. Weaker: the page's own scripts could falsify the proof,
    and a download looks like a page that never came."""
    started = time.monotonic()
    driver = browser.driver
    try:
        with browser.translated(), browser.deadline(patience.answer_s + patience.load_s):
            driver.get("about:blank")
            driver.get(url)
            while time.monotonic() - started < patience.load_s:
                if driver.execute_script(_PLAIN_READY):
                    break
                time.sleep(LOOK_EVERY_S)
            final, status, kind, complete, document = driver.execute_script(_PLAIN_PROOF)
    except BrowserGone as gone:
        if gone.why is not Ended.WALL_CLOCK:
            raise
        return Visit(Ending.HUNG, url, url, cause=gone.why.value)
    except PageTrouble as trouble:
        return Visit(Ending.NETWORK_ERROR, url, url, cause=str(trouble))
    is_http = urlsplit(final).scheme in ("http", "https")
    failed = _by_guard(guard, url, final if is_http else url, started)
    if not is_http:
        return failed or Visit(Ending.NETWORK_ERROR, url, url, cause="no_document")
    if not 200 <= status <= 299 and failed is not None:
        return failed
    return judged(Visit(Ending.ARRIVED, url, final, status, kind, not complete, str(document)))


def leave(browser: Browser) -> None:
    """Empty the window and close what a page opened beside it."""
    if not browser.has_cdp:
        with browser.translated():
            browser.driver.get("about:blank")
        return
    own = frame_tree(browser).id
    browser.cdp("Page.navigate", url="about:blank")
    for target in browser.cdp("Target.getTargets").get("targetInfos", []):
        if target.get("type") == "page" and target.get("targetId") != own:
            browser.cdp("Target.closeTarget", targetId=target["targetId"])


def _failed(browser: Browser, url: str, error: str, guard: EgressGuard, since: float) -> Visit:
    """Name why no document came: the browser's code, or what the guard did."""
    final = frame_tree(browser).failed_url or url
    if any(sign in error for sign in _TLS_SIGNS):
        return Visit(Ending.TLS_ERROR, url, final, cause=error)
    if any(sign in error for sign in _STATUS_SIGNS):
        return Visit(Ending.HTTP_ERROR, url, final, cause=error)
    if "ERR_ABORTED" in error:
        return Visit(Ending.NOT_HTML, url, final, cause="no_document")
    return _by_guard(guard, url, final, since) or Visit(
        Ending.NETWORK_ERROR, url, final, cause=error
    )


def _by_guard(guard: EgressGuard, url: str, final: str, since: float) -> Visit | None:
    failure = guard.failure(*host_and_port(final), since)
    if failure is None:
        return None
    if failure.verdict is Verdict.REFUSED:
        return Visit(Ending.REFUSED, url, final, cause=failure.reason)
    return Visit(Ending.NETWORK_ERROR, url, final, cause=failure.verdict.value)


def judged(found: Visit) -> Visit:
    """Refuse what only looks like an arrival: no status, a status of failure, or no HTML."""
    if not found.status:
        return replace(found, ending=Ending.NETWORK_ERROR, cause="no_status")
    if not 200 <= found.status <= 299:
        return replace(found, ending=Ending.HTTP_ERROR, cause=str(found.status))
    if found.content_type not in HTML_TYPES:
        return replace(found, ending=Ending.NOT_HTML, cause=found.content_type)
    return found


class _Arrival:
    """Waits for a document to be complete and to stay, then proves it."""

    def __init__(
        self, browser: Browser, url: str, guard: EgressGuard, patience: Patience, started: float
    ) -> None:
        self.browser = browser
        self.url = url
        self.guard = guard
        self.patience = patience
        self.started = started
        self.limit = time.monotonic() + patience.load_s
        self.world = World(browser, "tantu-visit")

    def wait(self) -> Visit:
        documents: list[str] = []
        quiet_since = time.monotonic()
        while True:
            frame, is_complete = self._look()
            now = time.monotonic()
            if frame is not None and frame.document_id not in documents[-1:]:
                documents.append(frame.document_id)
                quiet_since = now
            if len(documents) > MAX_MOVES:
                return self._restless()
            if now >= self.limit:
                return self._at_the_limit(len(documents))
            if not is_complete:
                quiet_since = now
            elif now - quiet_since >= self.patience.rest_s:
                with contextlib.suppress(PageTrouble):  # it moved on after all
                    return self._proven(late=False)
            time.sleep(LOOK_EVERY_S)

    def _at_the_limit(self, documents: int) -> Visit:
        """Take the page as it stands, unless it has been moving all the time."""
        if documents > 2:
            return self._restless()
        self._stop()
        try:
            return self._proven(late=True)
        except PageTrouble:
            return self._restless()

    def _restless(self) -> Visit:
        self._stop()
        return Visit(Ending.RESTLESS, self.url, self.url, cause="keeps_moving")

    def _look(self) -> tuple[Frame | None, bool]:
        """The document of this moment, and whether it is complete; None while it is changing."""
        frame = None
        with contextlib.suppress(PageTrouble):
            frame = frame_tree(self.browser)
            return frame, bool(self.world.evaluate(frame.id, _READY))
        return frame, False

    def _stop(self) -> None:
        with contextlib.suppress(PageTrouble):  # refused in the middle of a move
            self.browser.cdp("Page.stopLoading")

    def _proven(self, *, late: bool) -> Visit:
        frame = frame_tree(self.browser)
        final, kind = frame.failed_url or frame.url, frame.content_type
        status = 0 if frame.failed_url else self._status(frame)
        found = Visit(Ending.ARRIVED, self.url, final, status, kind, late, frame.document_id)
        if urlsplit(final).scheme not in ("http", "https"):
            return replace(found, ending=Ending.NOT_HTML, cause="no_document")
        if status in (403, 502, 504) and kind == "text/plain":
            # The guard's own answer to a plain http request looks like the site's.
            stopped = _by_guard(self.guard, self.url, final, self.started)
            if stopped is not None:
                return stopped
        return judged(found)

    def _status(self, frame: Frame) -> int:
        """The document's own HTTP status, as the browser's navigation record keeps it."""
        try:
            found = self.world.evaluate(
                frame.id, "performance.getEntriesByType('navigation')[0]?.responseStatus ?? 0"
            )
        except PageTrouble:
            return 0
        return int(found or 0)
