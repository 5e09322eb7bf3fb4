"""What the page of a finding says: whose turn it is, what to do, what a step that was taken did."""

from flask_babel import lazy_gettext as _

from ..rules import State, Verb

WAITS: dict[State, object] = {
    State.REPORTED: _("现在等残联核实：问题是否成立。"),
    State.CONFIRMED: _("现在等主管部门派给负责整改的单位。"),
    State.DISPATCHED: _("现在等整改单位改好，并附照片报告。"),
    State.FIXING: _("整改单位已经签收，正在整改。现在等它改好，并附照片报告。"),
    State.PROGRAMMED: _("已经挂账：要等列入计划的工程。计划日期以前不算超期。"),
    State.SUBSTITUTED: _("没有办法按标准改，主管部门同意用替代措施。措施写在“经过”里。"),
    State.REOPENED: _("现在等整改单位重新整改，并附照片报告。"),
    State.FIXED: _("整改单位说已经改好。现在等另一位监督员到现场复查。"),
    State.UNSURE: _(
        "复查量得的值没有达到限值，但差别在量具误差以内，判不出合格还是不合格。"
        "现在等残联认定，或换量具、换人再复查一次。"
    ),
    State.REJECTED: _("核实后认为问题不成立，没有立案。理由写在“经过”里。"),
    State.WITHDRAWN: _("发现的人撤回了：检查有误。理由写在“经过”里。"),
    State.MERGED: _("和另一个问题是同一件事，已经并到那里办理。"),
}
ENDED: dict[Verb, object] = {
    Verb.PASS_RECHECK: _("复查合格，已经销号。不需要再做什么。"),
    Verb.ACCEPT: _("残联认定合格，已经销号。理由写在“经过”里。"),
    Verb.VOID: _("这个问题不再适用，已经销号。理由写在“经过”里。"),
    Verb.UPHOLD: _("整改单位提出异议，主管部门认为成立，不立案。理由写在“经过”里。"),
}
YOURS: dict[Verb, object] = {
    Verb.CONFIRM: _("请看照片和实测值，判断问题是否成立。"),
    Verb.DISPATCH: _("请选择负责整改的单位。派单后由这个单位整改并报告。"),
    Verb.MAKE_SAFE: _("有受伤危险：请先围挡、遮盖或者派人看守，拍照报告，再安排整改。"),
    Verb.REPORT_FIXED: _("改好以后，在问题的同一位置拍照，写明怎么改的，再提交。"),
    Verb.ACCEPT: _(
        "复查量得的值没有达到限值，但差别在量具误差以内，判不出合格还是不合格。"
        "请您认定并写明理由；也可以请人换量具再复查一次。"
    ),
    Verb.VOID: _("按现在登记的设施资料，这一项在这里不再适用。资料没有错的，请写明理由后销号。"),
}
WEB_WAITS: dict[State, object] = {
    State.DISPATCHED: _("现在等网站的责任单位修改。"),
    State.REOPENED: _("现在等网站的责任单位重新修改。"),
}
WEB_ENDED: dict[Verb, object] = {
    Verb.PASS_RECHECK: _("重新扫描没有再出现，已经销号。不需要再做什么。"),
}
WEB_YOURS: dict[Verb, object] = {
    Verb.CONFIRM: _("请看扫描结果，判断问题是否成立。"),
    Verb.REPORT_FIXED: _("改好以后，写明改了什么，再提交。扫描程序会自己去复查。"),
}
DECIDE = _("整改单位提出了申请，请您决定并写明理由。决定以前，期限不变。")
RESCAN = _("责任单位说已经改好。扫描程序会自己去复查：不再出现就销号，还在就退回整改。")
HANDED_OVER = _(
    "责任单位说已经改好，但扫描程序不能下结论。要由人打开网站看一看，最好用读屏软件和键盘试一试。"
)
RECHECK = _("整改单位说已经改好。请到现场复查这一项：合格即销号，不合格退回整改。")
RECHECK_AGAIN = _(
    "上次复查量得的值与限值的差别在量具误差以内，判不出合格还是不合格。请换量具，到现场再复查一次。"
)
NO_LONGER = _("按现在登记的设施资料，这一项在这里不再适用，不能再复查。等残联核对资料后销号。")
