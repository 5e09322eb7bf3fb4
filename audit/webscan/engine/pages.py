"""Scanning one page: go there, prove it, judge it, keep evidence. Always ends with an outcome."""

import time
from dataclasses import dataclass, field, replace
from typing import Any

from audit.browser.addresses import AddressRefused
from audit.browser.errors import BrowserError, BrowserGone, Ended, PageTrouble
from audit.browser.guard import EgressGuard
from audit.browser.session import Browser
from audit.browser.visits import NO_ANSWER, Ending, Patience, Visit, leave, visit
from audit.browser.worlds import frame_tree
from audit.core.clock import now

from ..axe import CONTRAST, PinnedAxe, run_options
from ..rules.addresses import find_canonical, is_attachment, is_same_site
from ..rules.cleaning import cleaned
from ..rules.locale import DATA
from ..rules.outcomes import Outcome
from ..rules.results import Engine, PageResult
from .evidence import Picturing
from .reading import read_results, with_pictures

Json = dict[str, Any]
_FACTS = (DATA / "facts.js").read_text(encoding="utf-8")

_OUTCOMES = {
    Ending.DOWNLOAD: Outcome.DOWNLOAD,
    Ending.NOT_HTML: Outcome.NOT_HTML,
    Ending.HTTP_ERROR: Outcome.HTTP_ERROR,
    Ending.NETWORK_ERROR: Outcome.NETWORK_ERROR,
    Ending.TLS_ERROR: Outcome.TLS_ERROR,
    Ending.REFUSED: Outcome.BLOCKED_BY_GUARD,
    Ending.RESTLESS: Outcome.REDIRECTED_AWAY,
    Ending.HUNG: Outcome.SCRIPT_HUNG,
}


@dataclass(frozen=True)
class PageSettings:
    """Limits for one page, in seconds, and what to keep of it."""

    patience: Patience = field(default_factory=Patience)
    judge_s: float = 40
    evidence_s: float = 20
    tries: int = 3
    picturing: Picturing = field(default_factory=Picturing)


class PageScanner:
    """Scans pages one after the other in one browser, which it renews when it must."""

    def __init__(
        self, browser: Browser, guard: EgressGuard, settings: PageSettings | None = None
    ) -> None:
        self.browser = browser
        self.guard = guard
        self.settings = settings or PageSettings()
        self._axe: PinnedAxe | None = None
        self._generation = 0

    def scan(self, url: str) -> PageResult:
        """What became of a page. BrowserMissing only if no browser can be started any more."""
        started = time.monotonic()
        result = self._scan(url)
        refused = tuple(f"{one.host}:{one.port}" for one in self.guard.refusals(started))
        self._leave()
        return replace(
            result,
            cause=cleaned(result.cause),
            refused=refused,
            seconds=round(time.monotonic() - started, 3),
            scanned_at=now(),
        )

    def _scan(self, url: str) -> PageResult:
        try:
            return self._attempt(url, without=())
        except AddressRefused as refused:
            return PageResult(url, Outcome.BLOCKED_BY_GUARD, cause=refused.reason)
        except BrowserGone as gone:
            if gone.why is not Ended.WALL_CLOCK:
                return PageResult(url, Outcome.ENGINE_FAILED, cause=gone.why.value)
        except PageTrouble as trouble:
            return PageResult(url, Outcome.ENGINE_FAILED, cause=str(trouble))
        return self._second_attempt(url)

    def _second_attempt(self, url: str) -> PageResult:
        """Judging took too long: once more without the rule that takes half of the time."""
        try:
            return self._attempt(url, without=(CONTRAST,))
        except BrowserGone as gone:
            hung = gone.why is Ended.WALL_CLOCK
            outcome = Outcome.SCRIPT_HUNG if hung else Outcome.ENGINE_FAILED
            return PageResult(url, outcome, cause=gone.why.value)
        except PageTrouble as trouble:
            return PageResult(url, Outcome.ENGINE_FAILED, cause=str(trouble))

    def _attempt(self, url: str, without: tuple[str, ...]) -> PageResult:
        """Visit and judge, again if the page moved meanwhile."""
        for number in range(self.settings.tries):
            axe = self._ready_axe()
            found = visit(self.browser, url, self.guard, self.settings.patience)
            if found.cause == NO_ANSWER and number == 0:
                continue  # a browser that was stuck must not be held against the site
            if found.ending is not Ending.ARRIVED:
                return _unscanned(found, _OUTCOMES[found.ending], found.cause)
            if not is_same_site(url, found.final_url):
                return _unscanned(found, Outcome.REDIRECTED_AWAY, "other_site")
            try:
                return self._judged(found, axe, without)
            except PageTrouble:
                if not self._has_moved(found):
                    raise
        return _unscanned(found, Outcome.REDIRECTED_AWAY, "keeps_moving")

    def _judged(self, found: Visit, axe: PinnedAxe, without: tuple[str, ...]) -> PageResult:
        with self.browser.deadline(self.settings.judge_s):
            raw = axe.run(options=run_options(without))
            results = read_results(raw, axe)
            facts = cleaned(self._facts(axe))
            rules = axe.rules()
        if self._has_moved(found):
            raise PageTrouble("the page moved while it was judged")
        page = _scanned(found, raw, facts)
        engine = Engine(
            version=str(raw["version"]),
            browser=self.browser.version,
            width_px=self.browser.settings.width_px,
            height_px=self.browser.settings.height_px,
            rules=tuple(rule for rule in rules if rule not in without),
        )
        with self.browser.deadline(self.settings.evidence_s):
            results = with_pictures(results, axe, self.settings.picturing)
        return replace(
            page,
            results=results,
            frames=axe.judged,
            frames_missed=axe.missed,
            left_out=without,
            isolated=self.browser.has_cdp,
            engine=engine,
        )

    def _facts(self, axe: PinnedAxe) -> Json:
        assert axe.frames is not None  # noqa: S101 - set by run()
        return dict(axe.frames.call((), _FACTS))

    def _has_moved(self, found: Visit) -> bool:
        """Whether the window shows another document than the one that was proved."""
        if not self.browser.has_cdp:
            return False
        return frame_tree(self.browser).document_id != found.document_id

    def _ready_axe(self) -> PinnedAxe:
        if not self.browser.alive:
            self.browser.renew()
        if self._axe is None or self._generation != self.browser.generation:
            self._axe = PinnedAxe(self.browser)
            self._axe.inject()
            self._generation = self.browser.generation
        return self._axe

    def _leave(self) -> None:
        if self.browser.alive:
            try:
                with self.browser.deadline(10):
                    leave(self.browser)
            except BrowserError:
                self.browser.renew()


def _unscanned(found: Visit, outcome: Outcome, cause: str) -> PageResult:
    return PageResult(found.url, outcome, found.final_url, found.status, cause)


def _scanned(found: Visit, raw: Json, facts: Json) -> PageResult:
    links = [link for text in facts["links"] if (link := find_canonical(str(text)))]
    distinct = list(dict.fromkeys(links))
    return PageResult(
        url=found.url,
        outcome=Outcome.SCANNED_LATE if found.late else Outcome.SCANNED,
        final_url=found.final_url,
        status=found.status,
        title=str(facts["title"]).strip(),
        language=str(facts["language"]),
        passed=tuple(str(rule) for rule in raw["passes"]),
        inapplicable=tuple(str(rule) for rule in raw["inapplicable"]),
        links=tuple(link for link in distinct if not is_attachment(link)),
        attachments=tuple(link for link in distinct if is_attachment(link)),
    )
