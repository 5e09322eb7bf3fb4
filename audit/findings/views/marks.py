"""What stands beside the state of a finding, as tags and as sentences."""

from dataclasses import dataclass

from flask_babel import gettext as _

from audit.clocks.rules import SOURCE, UNVERIFIED
from audit.core.clock import here, now
from audit.core.language import current_language
from audit.core.text import Text
from audit.web.pages import local_date, local_time

from ..models import Finding
from ..rules import MARKS, PLEAS, Mark
from .time import A_MOMENT


@dataclass(frozen=True)
class MarkTag:
    tone: str
    text: Text
    icon: str


def marks_told(finding: Finding) -> list[MarkTag]:
    """The gravest first."""
    found = []
    if finding.is_unsafe and finding.safe_due_at is not None:
        late = finding.safe_due_at <= now()
        tone = "danger-solid" if late else "danger"
        found.append(MarkTag(tone, MARKS[Mark.UNSAFE_LATE if late else Mark.UNSAFE], "warning"))
    if finding.escalated_at is not None:
        found.append(MarkTag("danger", MARKS[Mark.ESCALATED], "flag"))
    if finding.reply_due_at is not None:
        found.append(MarkTag("warn", MARKS[Mark.REPLY_DUE], "document"))
    elif finding.referred_at is not None:
        found.append(MarkTag("info", MARKS[Mark.REFERRED], "send"))
    if finding.plea is not None:
        found.append(MarkTag("warn", PLEAS[finding.plea], "question"))
    return found


@dataclass(frozen=True)
class Sentence:
    """`doubt`: whether the law it stands on is still to be checked."""

    text: str
    doubt: bool = False


def sentences_of(finding: Finding) -> list[Sentence]:
    """Each clock and mark beside the stage, said in full."""
    found = []
    if finding.is_unsafe and finding.safe_due_at is not None:
        when = local_time(finding.safe_due_at)
        found.append(Sentence(_("临时防护期限：%(when)s。不等整改，先消除危险。", when=when)))
    if finding.safe_at is not None:
        when = local_time(finding.safe_at)
        found.append(Sentence(_("%(when)s 已采取临时防护。", when=when)))
    if finding.escalated_at is not None:
        found.append(Sentence(_("%(day)s 起督办。", day=here(finding.escalated_at).date())))
    return found + _with_the_procuratorate(finding)


def _with_the_procuratorate(finding: Finding) -> list[Sentence]:
    if finding.reply_due_at is not None:
        told = _(
            "%(day)s 收到检察建议，%(end)s以前书面回复（%(source)s）。",
            day=finding.advised_on,
            end=local_date(finding.reply_due_at - A_MOMENT),
            source=SOURCE.in_(current_language()),
        )
        return [Sentence(told, UNVERIFIED)]
    if finding.replied_on is not None:
        return [Sentence(_("%(day)s 已书面回复检察建议。", day=finding.replied_on))]
    if finding.referred_at is not None:
        day = here(finding.referred_at).date()
        return [Sentence(_("%(day)s 线索移送检察机关。", day=day))]
    return []
