"""What scans there are, what they found, and what that means against the scans before."""

from .found import (
    PREFIX,
    RuleFound,
    find_latest_results,
    open_findings_of_scans,
    rules_found,
)
from .history import changes_of, rules_mended, urls_to_revisit
from .scans import (
    count_ahead,
    find_unfinished,
    get_scan,
    has_picture,
    is_anything_scanned,
    list_scans,
    scans_of,
)

__all__ = [
    "PREFIX",
    "RuleFound",
    "changes_of",
    "count_ahead",
    "find_latest_results",
    "find_unfinished",
    "get_scan",
    "has_picture",
    "is_anything_scanned",
    "list_scans",
    "open_findings_of_scans",
    "rules_found",
    "rules_mended",
    "scans_of",
    "urls_to_revisit",
]
