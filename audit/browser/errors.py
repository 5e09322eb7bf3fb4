"""What can go wrong with a browser. Rooms above turn these into their own words."""

from enum import StrEnum


class BrowserError(Exception):
    """The root."""


class BrowserMissing(BrowserError):
    """No usable browser or driver here; the text says what to install or set."""


class Ended(StrEnum):
    """Why a browser is no more."""

    WALL_CLOCK = "wall_clock"
    MEMORY = "memory"
    CRASHED = "crashed"


class BrowserGone(BrowserError):
    """The browser was ended or died; `Browser.renew()` starts another."""

    def __init__(self, why: Ended) -> None:
        super().__init__(why.value)
        self.why = why


class PageTrouble(BrowserError):
    """One command failed (the page moved, a script threw); the browser itself lives."""
