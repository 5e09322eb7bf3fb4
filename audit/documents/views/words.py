"""What pages say of papers."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from ..rules.fitness import Unfit

UNFIT: Mapping[Unfit, object] = {
    Unfit.NOT_CONFIRMED: _("还没有核实立案，或者已经办结，不能写进这种文书。"),
    Unfit.OTHER_ORGANISATION: _("属于另一个单位。一份文书只发给一个单位。"),
    Unfit.OTHER_DISTRICT: _("在另一个区县。一份文书只写一个区县的问题。"),
    Unfit.NO_ORGANISATION: _("还没有整改单位。请先派单，或者在设施资料里登记责任单位。"),
    Unfit.UNVERIFIED: _("条文待核：所依据的条文还没有人核实，不能据此责令改正。"),
    Unfit.OLDER: _("未达现行标准而列入改造，或者只是建议，不能据此责令改正。"),
    Unfit.NO_RIGHT: _("不在您可以起草这种文书的区县内。"),
    Unfit.OTHER_DEPARTMENT: _("主管部门是另一个部门，要由它责令改正。"),
    Unfit.NO_PROCURATORATE: _(
        "单位里没有登记这个区县的检察机关，不知道移送给谁。请先登记检察机关。"
    ),
    Unfit.NEVER_RECHECKED: _("还没有复查过，写不了复查记录。"),
}
