"""A picture of the element that a finding is about, with a line drawn around it."""

import base64
from dataclasses import dataclass
from pathlib import Path

from audit.browser.errors import PageTrouble
from audit.browser.session import Browser, Json
from audit.browser.worlds import World, frame_tree

_FRAME_JS = (Path(__file__).parents[1] / "data" / "outline.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Picturing:
    """How many pictures are taken of a page, and how large one may be."""

    per_rule: int = 3
    per_page: int = 24
    width_px: int = 800
    height_px: int = 500
    margin_px: int = 48
    max_bytes: int = 400_000


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    width: float
    height: float


class Camera:
    """Takes pictures of elements on the page that is shown."""

    def __init__(self, browser: Browser, world: World, picturing: Picturing) -> None:
        self.browser = browser
        self.world = world
        self.picturing = picturing
        self.top = frame_tree(browser).id

    def picture(self, frame_id: str, element: str) -> bytes | None:
        """A PNG around an element (a JavaScript expression in that frame), outlined.

        None where there is nothing to see: hidden, without size, or gone.
        """
        try:
            handle = self.world.handle(frame_id, element)
            if handle is None:
                return None
            box = self._box(handle)
            if box is None:
                return None
            return self._take(box)
        except PageTrouble:
            return None

    def _box(self, handle: str) -> _Box | None:
        """Where the element is in the window, once it was scrolled into view."""
        self.browser.cdp("DOM.scrollIntoViewIfNeeded", objectId=handle)
        quad = self.browser.cdp("DOM.getBoxModel", objectId=handle)["model"]["border"]
        across, down = quad[0::2], quad[1::2]
        box = _Box(min(across), min(down), max(across) - min(across), max(down) - min(down))
        is_outside = box.left + box.width <= 0 or box.top + box.height <= 0
        if box.width < 1 or box.height < 1 or is_outside:
            return None
        return box

    def _take(self, box: _Box) -> bytes | None:
        # The place is told in numbers only; nothing of the page's text goes into a script.
        draw = f"({_FRAME_JS})({box.left:.1f}, {box.top:.1f}, {box.width:.1f}, {box.height:.1f})"
        size = self.world.evaluate(self.top, draw)
        try:
            clip = self._clip(box, size)
            taken = self._shoot(clip)
            if len(taken) > self.picturing.max_bytes:
                taken = self._shoot({**clip, "scale": 0.5})
            return taken if len(taken) <= self.picturing.max_bytes else None
        finally:
            self.world.evaluate(self.top, "tantuOutline.remove()")

    def _clip(self, box: _Box, size: Json) -> Json:
        """The part of the window to keep: the element with a margin, within the limits."""
        limit, margin = self.picturing, self.picturing.margin_px
        width = min(box.width + 2 * margin, limit.width_px, size["width"])
        height = min(box.height + 2 * margin, limit.height_px, size["height"])
        left = min(max(0.0, box.left - margin), size["width"] - width)
        top = min(max(0.0, box.top - margin), size["height"] - height)
        return {
            "x": left + size["left"], "y": top + size["top"],
            "width": width, "height": height, "scale": 1,
        }  # fmt: skip

    def _shoot(self, clip: Json) -> bytes:
        answer = self.browser.cdp("Page.captureScreenshot", format="png", clip=clip)
        return base64.b64decode(answer["data"])
