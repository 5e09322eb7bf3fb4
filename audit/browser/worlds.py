"""JavaScript in a world of our own: sees a page's document, is not seen or altered by its scripts.

A page may have replaced JSON, Promise or querySelectorAll; here they are the browser's. No frame
is out of reach, and a content security policy does not apply.
"""

from dataclasses import dataclass, field
from typing import Any

from .errors import PageTrouble
from .session import Browser, Json


@dataclass(frozen=True)
class Frame:
    """One document in the tree of frames; `document_id` changes with every navigation."""

    id: str
    document_id: str
    url: str
    content_type: str
    failed_url: str = ""
    children: tuple["Frame", ...] = field(default=())

    def find(self, frame_id: str) -> "Frame | None":
        """This frame or the one below it with that id."""
        if self.id == frame_id:
            return self
        found = (child.find(frame_id) for child in self.children)
        return next((frame for frame in found if frame is not None), None)


def frame_tree(browser: Browser) -> Frame:
    """The page as it stands this moment."""
    return _frame(browser.cdp("Page.getFrameTree")["frameTree"])


def _frame(node: Json) -> Frame:
    frame = node["frame"]
    return Frame(
        id=str(frame["id"]),
        document_id=str(frame.get("loaderId", "")),
        url=str(frame.get("url", "")) + str(frame.get("urlFragment", "")),
        content_type=str(frame.get("mimeType", "")),
        failed_url=str(frame.get("unreachableUrl", "")),
        children=tuple(_frame(child) for child in node.get("childFrames", [])),
    )


class World:
    """A named world, the same in every frame. `prelude` runs first in each new document."""

    def __init__(self, browser: Browser, name: str, prelude: str = "") -> None:
        self.browser = browser
        self.name = name
        self._prelude = prelude
        self._prepared = 0

    def prepare(self) -> None:
        """Have the prelude run in documents opened from now on; once per browser."""
        if self._prelude and self._prepared != self.browser.generation:
            self.browser.cdp(
                "Page.addScriptToEvaluateOnNewDocument",
                source=self._prelude,
                worldName=self.name,
            )
            self._prepared = self.browser.generation

    def evaluate(self, frame_id: str, expression: str) -> Any:
        """The value of an expression (awaited if it is a promise), as JSON carries it.

        PageTrouble when it throws or the frame is gone.
        """
        result = self._evaluate(frame_id, expression, by_value=True)
        return result.get("value")

    def handle(self, frame_id: str, expression: str) -> str | None:
        """A handle on the object that an expression gives, for DOM commands; None for null."""
        found = self._evaluate(frame_id, expression, by_value=False).get("objectId")
        return None if found is None else str(found)

    def _evaluate(self, frame_id: str, expression: str, *, by_value: bool) -> Json:
        context = self.browser.cdp(
            "Page.createIsolatedWorld", frameId=frame_id, worldName=self.name
        )["executionContextId"]
        answer = self.browser.cdp(
            "Runtime.evaluate",
            contextId=context,
            expression=expression,
            awaitPromise=True,
            returnByValue=by_value,
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            text = details.get("exception", {}).get("description") or details.get("text", "")
            raise PageTrouble(str(text).splitlines()[0][:300])
        result: Json = answer["result"]
        return result
