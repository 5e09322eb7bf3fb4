"""How much time a finding has left, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from audit.clocks.queries import rulebook
from audit.clocks.rules import STAGES, Standing, Unit, in_words, standing
from audit.core.clock import here, now
from audit.core.language import current_language
from audit.web.pages import local_date, local_time

from ..models import Finding

A_MOMENT = timedelta(microseconds=1)
TONES = {Standing.SOON: "warn", Standing.LATE: "danger", Standing.GROSS: "danger-solid"}


@dataclass(frozen=True)
class TimeLeft:
    """`tag`: a few words, empty where nothing presses; `sentence`: until when, and for what;
    `doubt`: why that may be some days off."""

    standing: Standing
    tag: str
    sentence: str
    doubt: str = ""

    @property
    def tone(self) -> str:
        return TONES.get(self.standing, "")


def time_left(finding: Finding) -> TimeLeft | None:
    """None for what is closed or rejected, and for what has no limit."""
    if finding.due_at is None:
        return None
    moment = now()
    stands = standing(finding.due_at, finding.gross_at, moment)
    tag = _tag(stands, finding.due_at, moment)
    return TimeLeft(stands, tag, _sentence(finding), _doubt(finding))


def _tag(stands: Standing, due: datetime, moment: datetime) -> str:
    last = here(due - A_MOMENT).date()
    apart = (here(moment).date() - last).days
    days = in_words(apart, Unit.DAYS).in_(current_language())
    if stands is Standing.GROSS:
        return str(_("严重超期 %(time)s", time=days))
    if stands is Standing.LATE:
        return str(_("超期 %(time)s", time=days) if apart else _("今天已超期"))
    if stands is Standing.SOON:
        return str({0: _("今天到期"), -1: _("明天到期")}.get(apart, _("后天到期")))
    return ""


def _sentence(finding: Finding) -> str:
    if finding.stage is None or finding.due_at is None:
        return ""
    if finding.planned_on is not None:
        return str(_("计划完成日期：%(day)s", day=finding.planned_on))
    in_hours = finding.limit_unit is Unit.HOURS and finding.extended_to is None
    end = local_time(finding.due_at) if in_hours else local_date(finding.due_at - A_MOMENT)
    stage = STAGES[finding.stage].in_(current_language())
    if finding.extended_to is not None:
        return str(_("%(stage)s期限：%(end)s（已同意延期）", stage=stage, end=end))
    limit = finding.limit.words.in_(current_language()) if finding.limit else ""
    return str(_("%(stage)s期限：%(end)s（%(limit)s内）", stage=stage, end=end, limit=limit))


def _doubt(finding: Finding) -> str:
    """Working days that run into a year whose holidays nobody has entered."""
    if finding.due_at is None or finding.planned_on or finding.limit_unit is not Unit.WORKING_DAYS:
        return ""
    last = here(finding.due_at - A_MOMENT).date()
    if finding.extended_to == last or rulebook().days.knows(last):
        return ""
    return str(_("%(year)s 年的节假日还没有录入，可能差几天。", year=last.year))
