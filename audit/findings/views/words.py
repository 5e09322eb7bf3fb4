"""What the page of a finding says: whose turn it is, what to do, what a step that was taken did."""

from flask_babel import lazy_gettext as _

from ..rules import State, Verb

WAITS: dict[State, object] = {
    State.REPORTED: _("现在等残联核实：问题是否成立。"),
    State.CONFIRMED: _("现在等主管部门派给负责整改的单位。"),
    State.DISPATCHED: _("现在等整改单位改好，并附照片报告。"),
    State.REOPENED: _("现在等整改单位重新整改，并附照片报告。"),
    State.FIXED: _("整改单位说已经改好。现在等另一位监督员到现场复查。"),
    State.UNSURE: _(
        "复查量得的值没有达到限值，但差别在量具误差以内，判不出合格还是不合格。"
        "现在等残联认定，或换量具、换人再复查一次。"
    ),
    State.REJECTED: _("核实后认为问题不成立，没有立案。理由写在“经过”里。"),
}
ENDED: dict[Verb, object] = {
    Verb.PASS_RECHECK: _("复查合格，已经销号。不需要再做什么。"),
    Verb.ACCEPT: _("残联认定合格，已经销号。理由写在“经过”里。"),
    Verb.VOID: _("这个问题不再适用，已经销号。理由写在“经过”里。"),
}
YOURS: dict[Verb, object] = {
    Verb.CONFIRM: _("请看照片和实测值，判断问题是否成立。"),
    Verb.DISPATCH: _("请选择负责整改的单位。派单后由这个单位整改并报告。"),
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
RESCAN = _("责任单位说已经改好。扫描程序会自己去复查：不再出现就销号，还在就退回整改。")
HANDED_OVER = _(
    "责任单位说已经改好，但扫描程序不能下结论。要由人打开网站看一看，最好用读屏软件和键盘试一试。"
)
RECHECK = _("整改单位说已经改好。请到现场复查这一项：合格即销号，不合格退回整改。")
RECHECK_AGAIN = _(
    "上次复查量得的值与限值的差别在量具误差以内，判不出合格还是不合格。请换量具，到现场再复查一次。"
)
NO_LONGER = _("按现在登记的设施资料，这一项在这里不再适用，不能再复查。等残联核对资料后销号。")

# What opens the form of a step that is not the main one, and what the form asks.
OFFERS: dict[Verb, object] = {
    Verb.REJECT: _("问题不成立？"),
    Verb.DISPATCH: _("改派给别的单位"),
    Verb.RETURN: _("不归我单位整改？"),
    Verb.ACCEPT: _("认定合格"),
    Verb.REFUSE: _("认定不合格"),
    Verb.VOID: _("这个问题不再适用？"),
    Verb.REOPEN: _("重新打开这个问题"),
    Verb.RECONSIDER: _("重新核实这个问题"),
    Verb.TRUST: _("佐证核对过了？"),
    Verb.PASS_RECHECK: _("看过了，已经改好"),
    Verb.ASK_TIME: _("来不及？申请延期"),
    Verb.GRANT_TIME: _("同意延期"),
    Verb.REFUSE_TIME: _("不同意延期"),
    Verb.FAIL_RECHECK: _("看过了，还没有改好"),
}
ASKS: dict[Verb, object] = {
    Verb.REPORT_FIXED: _("怎么改的"),
    Verb.ASK_TIME: _("为什么来不及，现在做到哪一步"),
    Verb.REFUSE_TIME: _("为什么不同意"),
    Verb.REJECT: _("为什么不成立"),
    Verb.RETURN: _("为什么不归您单位整改"),
    Verb.ACCEPT: _("为什么认定合格"),
    Verb.REFUSE: _("为什么认定不合格，要怎么改"),
    Verb.VOID: _("为什么不再适用"),
    Verb.REOPEN: _("为什么重新打开"),
    Verb.RECONSIDER: _("为什么要重新核实"),
    Verb.TRUST: _("怎么核对的"),
    Verb.PASS_RECHECK: _("怎么看的，看到了什么"),
    Verb.FAIL_RECHECK: _("怎么看的，看到了什么"),
}
SAID: dict[Verb, object] = {
    Verb.CONFIRM: _("已核实立案。"),
    Verb.REJECT: _("已记为不立案。"),
    Verb.DISPATCH: _("已派单。"),
    Verb.RETURN: _("已退回，由主管部门改派。这个问题不再是您单位的。"),
    Verb.REPORT_FIXED: _("已报告整改完成，等待复查。"),
    Verb.ASK_TIME: _("已申请延期，等主管部门决定。决定以前，期限不变。"),
    Verb.GRANT_TIME: _("已同意延期。"),
    Verb.REFUSE_TIME: _("已记下：不同意延期。期限不变。"),
    Verb.ACCEPT: _("已认定合格并销号。"),
    Verb.REFUSE: _("已认定不合格，退回整改。"),
    Verb.VOID: _("已销号：不再适用。"),
    Verb.REOPEN: _("已重新打开。"),
    Verb.RECONSIDER: _("已回到待核实。"),
    Verb.TRUST: _("已记下：佐证核对无误。"),
    Verb.PASS_RECHECK: _("复查合格，已销号。"),
    Verb.FAIL_RECHECK: _("复查不合格，已退回整改。"),
}
