"""What a scan means against the one before: new, persisting, fixed, or not looked at again."""

from collections.abc import Callable, Mapping, Set
from enum import StrEnum

from audit.core.text import Text

Found = Mapping[str, Set[str]]  # rule -> addresses of the pages on which it was found


class Change(StrEnum):
    NEW = "new"
    PERSISTING = "persisting"
    FIXED = "fixed"
    NOT_RETESTED = "not_retested"

    @property
    def text(self) -> Text:
        return _TEXTS[self]


_TEXTS = {
    Change.NEW: Text("新出现", "New"),
    Change.PERSISTING: Text("仍存在", "Persisting"),
    Change.FIXED: Text("已修复", "Fixed"),
    Change.NOT_RETESTED: Text("未能重测", "Not retested"),
}


def suspects(before: Found, found: Found, judged: Callable[[str], Set[str]]) -> Found:
    """The pages that showed each fault when they were last judged by its rule.

    `before` are those of the scan before. `judged` gives the pages that this scan has surely
    judged by a rule: a page that was out of reach stays suspect, for however many scans.
    """
    pages = {
        rule: (before.get(rule, frozenset()) - judged(rule)) | found.get(rule, frozenset())
        for rule in before.keys() | found.keys()
    }
    return {rule: left for rule, left in pages.items() if left}


def changes(before: Found, found: Found, after: Found) -> dict[str, Change]:
    """Each rule's change: `before` and `after` are the suspects of two scans, `found` what the
    later one found. A rule is fixed only when no page is suspect any more."""
    told = {rule: Change.PERSISTING if rule in before else Change.NEW for rule in found}
    for rule in before.keys() - found.keys():
        told[rule] = Change.NOT_RETESTED if rule in after else Change.FIXED
    return told
