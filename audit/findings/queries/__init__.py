"""What the findings say, to whom."""

from .counts import (
    Load,
    count_by_state,
    count_late,
    count_open_at,
    count_open_by_severity,
    open_by,
)
from .figures import BASES, NARROWER, Moment, within
from .filtering import (
    FindingFilter,
    concerns,
    conditions,
    for_a_person,
    has_mark,
    unindexed,
    visible_to,
)
from .lists import (
    PER_PAGE,
    count_findings,
    find_open_of,
    find_seen,
    findings_at,
    findings_named,
    get_finding,
    list_findings,
    merged_into,
    numbers_of,
    open_at,
    open_findings_of,
    turns_of,
)
from .pictures import (
    earlier_uses,
    may_see_photo,
)

__all__ = [
    "BASES",
    "NARROWER",
    "PER_PAGE",
    "FindingFilter",
    "Load",
    "Moment",
    "concerns",
    "conditions",
    "count_by_state",
    "count_findings",
    "count_late",
    "count_open_at",
    "count_open_by_severity",
    "earlier_uses",
    "find_open_of",
    "find_seen",
    "findings_at",
    "findings_named",
    "for_a_person",
    "get_finding",
    "has_mark",
    "list_findings",
    "may_see_photo",
    "merged_into",
    "numbers_of",
    "open_at",
    "open_by",
    "open_findings_of",
    "turns_of",
    "unindexed",
    "visible_to",
    "within",
]
