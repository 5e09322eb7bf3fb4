"""The verbs of a finding's life."""

from .counts import miscounted, recount
from .life import Failure, confirm, dispatch, open_findings, recheck, reject, reopen, report_fixed
from .places import follow_facility, move_findings
from .rescan import close_by_rescan
from .steps import check_step

__all__ = [
    "Failure",
    "check_step",
    "close_by_rescan",
    "confirm",
    "dispatch",
    "follow_facility",
    "miscounted",
    "move_findings",
    "open_findings",
    "recheck",
    "recount",
    "reject",
    "reopen",
    "report_fixed",
]
