"""axe-core on the page that a browser shows: ours, pinned, where no page can reach it.

`PinnedAxe` is axe-selenium-python's `Axe` with its two slow and trusting parts replaced. `inject`
puts axe-core once per browser into a world of its own, instead of pasting it into every page,
where scripts may fake it, break it or hide from it. `run` judges every frame, those of other
sites included, and lets axe-core itself join the parts, so that the result is what axe-core gives
for the whole page, its messages in both languages. A browser without DevTools is served the plain
way: less safe, same rules.
"""

import hashlib
import json
from functools import lru_cache
from typing import Any, Protocol

from axe_selenium_python import Axe

from audit.browser.errors import PageTrouble
from audit.browser.session import Browser
from audit.browser.visits import HTML_TYPES
from audit.browser.worlds import World, frame_tree

from .rules.locale import DATA, VENDORED, chinese_locale

AXE_FILE = VENDORED / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
WORLD = "tantu-scan"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
CONTRAST = "color-contrast"

Json = dict[str, Any]
Path = tuple[str, ...]

_TIMERS = (DATA / "timers.js").read_text(encoding="utf-8")
_FINISH = (DATA / "finish.js").read_text(encoding="utf-8")


@lru_cache
def axe_source() -> str:
    """The script of axe-core; ValueError if the file is not the pinned one."""
    script = AXE_FILE.read_bytes()
    if hashlib.sha256(script).hexdigest() != AXE_SHA256:
        raise ValueError(f"{AXE_FILE} is not axe-core 4.14.1")
    return script.decode("utf-8")


def run_options(without: tuple[str, ...] = ()) -> Json:
    """Options of a run: the rules by tag, since axe-core's defaults leave some of them out."""
    options: Json = {
        "runOnly": {"type": "tag", "values": list(TAGS)},
        "resultTypes": ["violations", "incomplete"],
    }
    if without:
        options["rules"] = {rule: {"enabled": False} for rule in without}
    return options


class Frames(Protocol):
    """A way to run an expression in any frame, named by the selectors that lead to it."""

    def call(self, path: Path, expression: str) -> Any:
        """The value of an expression (awaited) in a frame; PageTrouble when it fails."""

    def enter(self, path: Path, selector: object) -> Path:
        """Name the frame that an element of a document holds; PageTrouble if there is none."""


class IsolatedFrames:
    """Frames through DevTools, in the isolated world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids: dict[Path, str] = {(): frame_tree(world.browser).id}

    def call(self, path: Path, expression: str) -> Any:
        return self.world.evaluate(self.ids[path], expression)

    def enter(self, path: Path, selector: object) -> Path:
        inner = (*path, json.dumps(selector))
        if inner in self.ids:
            return inner
        found = f"axe.utils.shadowSelect({json.dumps(selector)})"
        handle = self.world.handle(self.ids[path], found)
        if handle is None:
            raise PageTrouble("the frame is gone")
        node = self.world.browser.cdp("DOM.describeNode", objectId=handle)["node"]
        shown = frame_tree(self.world.browser).find(str(node.get("frameId")))
        if shown is None or shown.failed_url or shown.content_type not in HTML_TYPES:
            # The browser's own error page, or a viewer of its own, is not the site's.
            raise PageTrouble("the element holds no page")
        self.ids[inner] = shown.id
        return inner


class InjectedFrames:
    """Frames through plain WebDriver: axe-core is put into each page's own world."""

    def __init__(self, browser: Browser, source: str) -> None:
        self.browser = browser
        self.source = source
        self._filled: set[Path] = set()

    def call(self, path: Path, expression: str) -> Any:
        driver = self.browser.driver
        with self.browser.translated():
            self._switch(path)
            if path not in self._filled:
                driver.execute_script(self.source)
                self._filled.add(path)
            answer = driver.execute_async_script(
                "const done = arguments[0];"
                f"Promise.resolve().then(() => ({expression}))"
                ".then((value) => done({value}), (error) => done({error: String(error)}));"
            )
        if "error" in answer:
            raise PageTrouble(str(answer["error"]))
        return answer.get("value")

    def enter(self, path: Path, selector: object) -> Path:
        inner = (*path, json.dumps(selector))
        with self.browser.translated():
            self._switch(inner)
        return inner

    def _switch(self, path: Path) -> None:
        driver = self.browser.driver
        driver.switch_to.default_content()
        for selector in path:
            frame = driver.execute_script(f"return axe.utils.shadowSelect({selector});")
            driver.switch_to.frame(frame)


class PinnedAxe(Axe):
    """axe-core for one running browser; make a new one after the browser was renewed."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(browser.driver, script_url=str(AXE_FILE))
        self.browser = browser
        self.world = World(browser, WORLD, prelude=_TIMERS + axe_source())
        self.frames: Frames | None = None
        self.judged = 0
        self.missed = 0

    def inject(self) -> None:
        """Have axe-core ready in every document opened from now on."""
        if self.browser.has_cdp:
            self.world.prepare()

    def run(self, context: str | None = None, options: Json | None = None) -> Json:
        """Judge the page that is shown; the result is axe-core's, trimmed.

        `context` is a JavaScript expression of the document's own, by default `document`.
        PageTrouble when axe-core fails or the page moves; frames that cannot be judged are
        counted in `missed`.
        """
        options = options or run_options()
        self.judged = self.missed = 0
        self.frames = frames = self._frames()
        frames.call((), "void (globalThis.tantuParts = [])")
        self._part((), context or "document", json.dumps(options))
        texts = json.dumps(chinese_locale())
        return dict(frames.call((), f"({_FINISH})(tantuParts, {json.dumps(options)}, {texts})"))

    def rules(self) -> tuple[str, ...]:
        """Which rules the tags stand for, in this version of axe-core."""
        frames = self.frames or self._frames()
        asked = f"axe.getRules({json.dumps(TAGS)}).map((rule) => rule.ruleId)"
        return tuple(str(rule) for rule in frames.call((), asked))

    def _frames(self) -> Frames:
        if self.browser.has_cdp:
            return IsolatedFrames(self.world)
        return InjectedFrames(self.browser, axe_source())

    def _part(self, path: Path, context: str, options: str) -> None:
        """Judge one document, then the frames within it, in the order axe-core joins them."""
        assert self.frames is not None  # noqa: S101 - set by run()
        inner = self.frames.call(path, f"axe.utils.getFrameContexts({context}, {options})")
        # Where timers are dead, media never report that they are loaded either.
        without_waiting = "globalThis.tantuTimers === false ? {preload: false} : {}"
        part = f"axe.runPartial({context}, {{...{options}, ...({without_waiting})}})"
        part = f"{part}.then((part) => JSON.stringify(part))"
        if path:
            text = str(self.frames.call(path, part))
            self.frames.call((), f"void tantuParts.push({json.dumps(text)})")
        else:
            self.frames.call((), f"{part}.then((part) => void tantuParts.push(part))")
        self.judged += 1
        for frame in inner:
            self._frame(path, frame, options)

    def _frame(self, path: Path, frame: Json, options: str) -> None:
        assert self.frames is not None  # noqa: S101 - set by run()
        try:
            inner = self.frames.enter(path, frame["frameSelector"])
            self._part(inner, json.dumps(frame["frameContext"]), options)
        except PageTrouble:
            # axe-core's own sign for a part that is missing: it lets `frame-tested` say so.
            self.missed += 1
            self.frames.call((), "void tantuParts.push('null')")
