"""The verbs of a finding's life."""

from .clauses import mark_clauses
from .clocks import follow_calendar, start_missing_clocks
from .counts import miscounted, recount
from .life import Told, act, dispatch, report_fixed
from .many import Outlook, foresee, take_many
from .milestones import fill_missing_milestones, rebuild_milestones, strayed_milestones
from .opening import Failure, open_findings
from .rechecking import Recheck, recheck
from .rescan import close_by_rescan, leave_undecided, recheck_by_hand, reopen_by_rescan
from .steps import check_step
from .withdrawing import fates, take_back

__all__ = [
    "Failure",
    "Outlook",
    "Recheck",
    "Told",
    "act",
    "check_step",
    "close_by_rescan",
    "dispatch",
    "fates",
    "fill_missing_milestones",
    "follow_calendar",
    "foresee",
    "leave_undecided",
    "mark_clauses",
    "miscounted",
    "open_findings",
    "rebuild_milestones",
    "recheck",
    "recheck_by_hand",
    "recount",
    "reopen_by_rescan",
    "report_fixed",
    "start_missing_clocks",
    "strayed_milestones",
    "take_back",
    "take_many",
]
