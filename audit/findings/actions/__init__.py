"""The verbs of a finding's life."""

from .counts import miscounted, recount
from .life import Failure, confirm, dispatch, open_findings, recheck, reject, reopen, report_fixed
from .rescan import close_by_rescan

__all__ = [
    "Failure",
    "close_by_rescan",
    "confirm",
    "dispatch",
    "miscounted",
    "open_findings",
    "recheck",
    "recount",
    "reject",
    "reopen",
    "report_fixed",
]
