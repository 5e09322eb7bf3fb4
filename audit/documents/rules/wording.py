"""What stands in the blanks of a paper before anybody has typed. Pure."""

from collections.abc import Mapping

from .kinds import Kind

DEFAULTS: Mapping[Kind, Mapping[str, str]] = {
    Kind.ADVICE: {
        "asks": "请对照问题清单逐项整改，使各项达到“要求”一栏的要求，"
        "并把整改情况和整改后的照片书面回复我单位。",
        "recheck": "收到回复后，由未参与整改的人员到现场复查，复查合格的予以销号。",
        "objection": "对上述问题有异议的，可以在整改期限内书面说明理由，并附照片或者其他材料。",
    },
    Kind.ORDER: {
        "asks": "请对照问题清单逐项改正，使各项达到“要求”一栏的要求，"
        "并把改正情况和改正后的照片书面报告本机关。",
        "recheck": "收到报告后，由未参与整改的人员到现场复查，复查合格的予以销号。",
        "objection": "你单位对本通知书认定的事实和依据有权陈述、申辩，"
        "可以书面或者当面向本机关提出。",
    },
}
