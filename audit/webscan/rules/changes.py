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


def changes(before: Found, after: Found, retested: Callable[[str], Set[str]]) -> dict[str, Change]:
    """Each rule of either scan with its change.

    `retested` gives the addresses of the pages that this scan has surely judged by a rule. A
    rule is fixed only if every page that showed it has been judged by it again, without it.
    """
    found = {rule: Change.PERSISTING if rule in before else Change.NEW for rule in after}
    for rule, pages in before.items():
        if rule not in after:
            found[rule] = Change.FIXED if pages <= retested(rule) else Change.NOT_RETESTED
    return found
