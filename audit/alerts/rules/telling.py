"""Which verb is told to whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit.core.text import Text
from audit.findings.rules import Verb
from audit.notices.rules import Topic


class Who(StrEnum):
    COORDINATORS = "coordinators"  # of the district
    DEPARTMENT = "department"  # people of the competent one; where none is known, of the district
    ORGANISATION = "organisation"  # people of the one that must fix it, or had to
    FINDER = "finder"  # what became of what you found


@dataclass(frozen=True)
class Telling:
    """One row: who is told, and of what. `one` takes {number}, `many` takes {count}; `listed`: how
    the list is narrowed to which a message of many leads, where not by their states."""

    who: tuple[Who, ...]
    topic: Topic
    one: Text
    many: Text
    listed: str = ""


def _row(who: Who | tuple[Who, ...], topic: Topic, zh: str, one: str, many: str) -> Telling:
    """`zh`: what follows the number or the count."""
    several = who if isinstance(who, tuple) else (who,)
    return Telling(
        several,
        topic,
        Text(f"问题 {{number}} {zh}", f"Finding {{number}} {one}"),
        Text(f"{{count}} 个问题{zh}", f"{{count}} findings {many}"),
    )


def _outcome(zh: str, en: str, more: str = "") -> Telling:
    return Telling(
        (Who.FINDER,),
        Topic.OUTCOME,
        Text(f"您发现的问题 {{number}} {zh}", f"Finding {{number}}, which you found, was {en}"),
        Text(f"您发现的 {{count}} 个问题{zh}", f"{{count}} findings of yours were {more or en}"),
    )


ORDERED, OFFICE = Who.ORGANISATION, (Who.COORDINATORS, Who.DEPARTMENT)
# Who stands in several rows is told by the first: what is to be done counts more than news.
TABLE: Mapping[Verb, tuple[Telling, ...]] = {
    Verb.OPEN: (
        _row(Who.COORDINATORS, Topic.TODO, "等待核实", "waits to be confirmed",
             "wait to be confirmed"),
    ),
    Verb.CONFIRM: (
        _row(Who.DEPARTMENT, Topic.TODO, "已立案，等待派单", "was confirmed and waits for dispatch",
             "were confirmed and wait for dispatch"),
        _outcome("已立案", "confirmed"),
    ),
    Verb.REJECT: (_outcome("没有立案", "not accepted"),),
    Verb.DISPATCH: (
        _row(ORDERED, Topic.TODO, "派给您的单位整改", "was dispatched to your organisation",
             "were dispatched to your organisation"),
        _outcome("已派给整改单位", "dispatched", "dispatched"),
    ),
    Verb.RETURN: (
        _row(Who.DEPARTMENT, Topic.TODO, "被退回，等待改派", "was returned and waits for dispatch",
             "were returned and wait for dispatch"),
    ),
    Verb.REPORT_FIXED: (
        _row(Who.COORDINATORS, Topic.TODO, "报告已整改，等待复查",
             "is reported as fixed and waits for a re-check",
             "are reported as fixed and wait for a re-check"),
        _outcome("报告已整改，等待复查", "reported as fixed"),
    ),
    Verb.PASS_RECHECK: (
        _outcome("复查合格，已销号", "re-checked and closed"),
        _row((ORDERED, Who.DEPARTMENT), Topic.NEWS, "复查合格，已销号",
             "passed the re-check and is closed", "passed the re-check and are closed"),
    ),
    Verb.FAIL_RECHECK: (
        _row(ORDERED, Topic.TODO, "复查不合格，请继续整改",
             "failed the re-check: please go on fixing",
             "failed the re-check: please go on fixing"),
        _outcome("复查不合格，继续整改", "re-checked, failed and sent back"),
        _row(Who.DEPARTMENT, Topic.NEWS, "复查不合格，继续整改", "failed the re-check",
             "failed the re-check"),
    ),
    Verb.NEAR_RECHECK: (
        _row(Who.COORDINATORS, Topic.TODO, "复查差别在误差以内，等待认定",
             "was re-checked within the tool's error and waits for your decision",
             "were re-checked within the tool's error and wait for your decision"),
    ),
    Verb.HAND_OVER: (
        _row(Who.COORDINATORS, Topic.TODO, "要由人来复查", "must be re-checked by a person",
             "must be re-checked by a person"),
    ),
    Verb.ACCEPT: (
        _outcome("认定合格，已销号", "accepted and closed"),
        _row((ORDERED, Who.DEPARTMENT), Topic.NEWS, "认定合格，已销号",
             "was accepted and is closed", "were accepted and are closed"),
    ),
    Verb.REFUSE: (
        _row(ORDERED, Topic.TODO, "认定不合格，请继续整改", "was not accepted: please go on fixing",
             "were not accepted: please go on fixing"),
        _outcome("认定不合格，继续整改", "not accepted and sent back"),
    ),
    Verb.VOID: (
        _outcome("不再适用，已销号", "closed as no longer applying"),
        _row((ORDERED, Who.DEPARTMENT), Topic.NEWS, "不再适用，已销号",
             "no longer applies and is closed", "no longer apply and are closed"),
    ),
    Verb.REOPEN: (
        _row(ORDERED, Topic.TODO, "重新打开，请继续整改", "was reopened: please go on fixing",
             "were reopened: please go on fixing"),
        _outcome("重新打开了", "reopened"),
        _row(OFFICE, Topic.NEWS, "重新打开了", "was reopened", "were reopened"),
    ),
    Verb.RECONSIDER: (
        _row(Who.COORDINATORS, Topic.TODO, "要重新核实", "is to be reviewed again",
             "are to be reviewed again"),
        _outcome("要重新核实", "sent back for review"),
    ),
    Verb.ASK_TIME: (
        _row(Who.DEPARTMENT, Topic.TODO, "申请延期，等您决定",
             "asks for more time: please decide", "ask for more time: please decide"),
    ),
    Verb.GRANT_TIME: (
        _row(ORDERED, Topic.NEWS, "同意延期", "was given more time", "were given more time"),
    ),
    Verb.REFUSE_TIME: (
        _row(ORDERED, Topic.NEWS, "不同意延期", "was given no more time",
             "were given no more time"),
    ),
    Verb.MERGE: (_outcome("并入了另一个问题", "merged into another finding"),),
    Verb.UNMERGE: (
        _row(Who.COORDINATORS, Topic.TODO, "撤销了并案，要重新核实",
             "is no longer merged: please review it", "are no longer merged: please review them"),
        _outcome("撤销了并案，要重新核实", "no longer merged, and back for review"),
    ),
    Verb.WITHDRAW: (
        _row(OFFICE, Topic.NEWS, "被发现的人撤回", "was withdrawn by whoever found it",
             "were withdrawn by whoever found them"),
    ),
    Verb.START: (
        _row(Who.DEPARTMENT, Topic.NEWS, "整改单位已签收", "was signed for", "were signed for"),
    ),
    Verb.MAKE_SAFE: (
        _row(OFFICE, Topic.NEWS, "已采取临时防护", "was made safe", "were made safe"),
    ),
    Verb.ASK_RETURN: (
        _row(Who.DEPARTMENT, Topic.TODO, "申请退回，等您决定",
             "asks to be returned: please decide", "ask to be returned: please decide"),
    ),
    Verb.GRANT_RETURN: (
        _row(Who.DEPARTMENT, Topic.TODO, "被退回，等待改派", "was returned and waits for dispatch",
             "were returned and wait for dispatch"),
    ),
    Verb.REFUSE_RETURN: (
        _row(ORDERED, Topic.TODO, "裁定由您的单位整改", "was ruled to be yours to fix",
             "were ruled to be yours to fix"),
    ),
    Verb.ASK_SUBSTITUTE: (
        _row(Who.DEPARTMENT, Topic.TODO, "申请替代措施，等您决定",
             "asks for a substitute measure: please decide",
             "ask for a substitute measure: please decide"),
    ),
    Verb.GRANT_SUBSTITUTE: (
        _row(ORDERED, Topic.NEWS, "同意替代措施", "may have a substitute measure",
             "may have a substitute measure"),
        _outcome("改用替代措施", "given a substitute measure"),
    ),
    Verb.REFUSE_SUBSTITUTE: (
        _row(ORDERED, Topic.TODO, "不同意替代措施，请整改",
             "may not have a substitute measure: please fix it",
             "may not have a substitute measure: please fix them"),
    ),
    Verb.CONTEST: (
        _row(Who.DEPARTMENT, Topic.TODO, "提出异议，等您复核",
             "is objected to: please look at it again", "are objected to: please look again"),
    ),
    Verb.UPHOLD: (
        _row(ORDERED, Topic.NEWS, "异议成立，不立案", "was dropped: the objection holds",
             "were dropped: the objections hold"),
        _outcome("异议成立，没有立案", "dropped after an objection"),
    ),
    Verb.DISMISS: (
        _row(ORDERED, Topic.TODO, "异议不成立，请整改", "stands: please fix it",
             "stand: please fix them"),
    ),
    Verb.PROGRAMME: (
        _row(ORDERED, Topic.NEWS, "已挂账，列入计划", "was programmed", "were programmed"),
        _outcome("已挂账，列入计划", "programmed"),
    ),
    Verb.RESUME: (
        _row(ORDERED, Topic.TODO, "恢复整改", "is to be fixed now", "are to be fixed now"),
    ),
    Verb.ESCALATE: (
        _row(ORDERED, Topic.TODO, "被列为督办", "was escalated", "were escalated"),
        _row(Who.DEPARTMENT, Topic.TODO, "被列为督办", "was escalated", "were escalated"),
    ),
    Verb.RELEASE: (
        _row((ORDERED, Who.DEPARTMENT), Topic.NEWS, "解除督办", "is no longer escalated",
             "are no longer escalated"),
    ),
    Verb.REFER: (
        _row(Who.DEPARTMENT, Topic.NEWS, "线索已移送检察机关", "was referred to the procuratorate",
             "were referred to the procuratorate"),
    ),
    Verb.RECORD_ADVICE: (
        _row(Who.DEPARTMENT, Topic.TODO, "收到检察建议，要按期书面回复",
             "has a recommendation that must be answered in time",
             "have recommendations that must be answered in time"),
    ),
    Verb.RECORD_REPLY: (
        _row(OFFICE, Topic.NEWS, "已书面回复检察建议", "was answered to the procuratorate",
             "were answered to the procuratorate"),
    ),
}  # fmt: skip
# Nobody waits for it: seen again, evidence looked into, the scanner tries again tomorrow, a note.
SILENT = frozenset(
    {Verb.JOIN, Verb.LEAVE, Verb.TRUST, Verb.UNDECIDED, Verb.ASSIST, Verb.END_ASSIST, Verb.NOTE}
    | {Verb.TAKE_IN, Verb.LET_GO}
)
