"""What scans there are, what they found, and what that means against the scans before."""

from .found import (
    PREFIX,
    Latest,
    RuleFound,
    find_latest_results,
    open_findings_of_scans,
    rejected_rules,
    rules_found,
)
from .history import (
    changes_of,
    find_latest_scan,
    find_scan_before,
    suspects_after,
    suspects_of,
    urls_to_revisit,
    why_undecided,
)
from .rechecks import Recheck, recheck_of, websites_due
from .scans import (
    count_ahead,
    find_unfinished,
    get_scan,
    has_picture,
    is_anything_scanned,
    list_scans,
    scans_of,
    scans_with_old_pictures,
)

__all__ = [
    "PREFIX",
    "Latest",
    "Recheck",
    "RuleFound",
    "changes_of",
    "count_ahead",
    "find_latest_results",
    "find_latest_scan",
    "find_scan_before",
    "find_unfinished",
    "get_scan",
    "has_picture",
    "is_anything_scanned",
    "list_scans",
    "open_findings_of_scans",
    "recheck_of",
    "rejected_rules",
    "rules_found",
    "scans_of",
    "scans_with_old_pictures",
    "suspects_after",
    "suspects_of",
    "urls_to_revisit",
    "websites_due",
    "why_undecided",
]
