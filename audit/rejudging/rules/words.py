from collections.abc import Mapping

from audit.checklists.rules import Verdict
from audit.core.text import Text

from .judging import Change

CHANGES: Mapping[Change, Text] = {
    Change.STAYS: Text("判定不变", "Verdict stays"),
    Change.FAILS: Text("变为不合格", "Turns to failed"),
    Change.PASSES: Text("变为合格", "Turns to passed"),
    Change.REMEASURE: Text("需要重新测量", "Needs a new measurement"),
    Change.UNJUDGED: Text("不再判定", "Not judged any more"),
    Change.GONE: Text("不再询问", "Not asked any more"),
    Change.OTHER: Text("因容差变化而不同", "Differs by the tolerance"),
    Change.UNMEASURED: Text("没有测过的新项", "New, never measured"),
}
VERDICTS: Mapping[str, Text] = {
    Verdict.PASS: Text("合格", "passed"),
    Verdict.FAIL: Text("不合格", "failed"),
    Verdict.SECOND_LOOK: Text("需复核", "second look"),
    Verdict.NOT_APPLICABLE: Text("不适用", "not applicable"),
    Verdict.NOT_CHECKED: Text("未检", "not checked"),
    Verdict.INFO: Text("仅记录", "for the record"),
    Verdict.HIDDEN: Text("不询问", "not asked"),
}
