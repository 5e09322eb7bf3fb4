"""Which page of a site comes next: a spread over its templates, not the first so many news."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .addresses import folder_of_index, is_page, is_same_site, shape


@dataclass
class Frontier:
    """Pages of one site that are known, in the order they became so, and those that were taken.

    All addresses are canonical; `known` gives the shape of each. It can be made again from what
    was stored: `add` what was known, `take` what was done.
    """

    start: str
    known: dict[str, str] = field(default_factory=dict)
    taken: dict[str, None] = field(default_factory=dict)
    _shapes: Counter[str] = field(default_factory=Counter)
    _doors: set[str] = field(default_factory=set)
    _preferred: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._know(self.start)

    def add(self, urls: Iterable[str]) -> None:
        """Remember pages of this site; other sites and files are passed over."""
        for url in urls:
            if is_page(url) and is_same_site(url, self.start):
                self._know(url)

    def _know(self, url: str) -> None:
        door = folder_of_index(url)
        if door not in self._doors:
            self._doors.add(door)
            self.known[url] = shape(url)

    def prefer(self, urls: Iterable[str]) -> None:
        """Have these pages come right after the start, in their order: a rescan goes to the
        pages of the scan before, or it could not tell what was mended."""
        for url in urls:
            if is_page(url) and is_same_site(url, self.start):
                self.known.setdefault(url, shape(url))
                self._doors.add(folder_of_index(url))
                self._preferred.setdefault(url, None)

    def take(self, url: str) -> None:
        """Mark a page as done, whether or not it was known."""
        if url not in self.taken:
            self.taken[url] = None
            self._shapes[shape(url)] += 1

    def next(self) -> str | None:
        """The start first, then the preferred; then the page whose template was seen least, the
        earliest known."""
        for url in (self.start, *self._preferred):
            if url not in self.taken:
                return url
        waiting = [url for url in self.known if url not in self.taken]
        return min(waiting, key=lambda url: self._shapes[self.known[url]], default=None)
