from flask_babel import gettext as _

from audit.facilities.models import Facility

LONGEST_WHY = 500


def why_problems(why: str) -> dict[str, object]:
    """By control: what is wrong with the reason for an act that wants one."""
    return long_why(why) if why else {"why": _("请写明原因，别人以后要看得懂。")}


def long_why(why: str) -> dict[str, object]:
    if len(why) <= LONGEST_WHY:
        return {}
    return {"why": _("太长了，最多 %(most)s 个字。", most=LONGEST_WHY)}


def why_apart(facility: Facility, other: Facility | None) -> str | None:
    """Why neither the place nor findings of it can become part of the other; None: they can."""
    if other is None or not other.active:
        return str(_("没有这个编号，或者那一处不在您负责的区县内。"))
    if other.id == facility.id:
        return str(_("这就是同一个编号。请选另一处。"))
    if other.kind != facility.kind and not _were_one(facility, other):
        return str(_("两处的类别不同，不能合并，也不能移动问题。"))
    return None


def _were_one(facility: Facility, other: Facility) -> bool:
    """What was split can be put together again, though its parts are of two kinds."""
    return facility.split_from_id == other.id or other.split_from_id == facility.id
