"""A mistaken inspection is withdrawn: it stays, with the reason, and counts nowhere."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict, Invalid, NotAllowed
from audit.findings.actions import fates, take_back
from audit.findings.models import Finding
from audit.findings.rules import Fate
from audit.journal.actions import record

from ..models import Inspection
from ..queries import findings_of
from . import see_anew

MAX_WHY = 2000
NOT_YOURS = _("只有做这次检查的人或残联可以撤回。")
WITHDRAWN_BEFORE = _("这次检查已经撤回，这一次没有再做什么。")
NOT_FILED = _("这次检查还没有提交，不用撤回。")
A_RECHECK = _("复查不能撤回。结果不对的，请残联重新打开问题，再复查一次。")


def may_withdraw(inspection: Inspection, actor: Actor) -> bool:
    own = inspection.inspector_id == actor.id and actor.id is not None
    district = inspection.district_code
    return (own and actor.may(May.INSPECT, district)) or actor.may(May.CONFIRM, district)


def offers_withdrawal(inspection: Inspection, actor: Actor) -> bool:
    return inspection.stands and inspection.round == 1 and may_withdraw(inspection, actor)


def why_not_withdrawn(inspection: Inspection, found: Mapping[Finding, Fate]) -> object:
    """What stands in the way for everybody; "" where nothing does."""
    if inspection.filed_at is None:
        return NOT_FILED
    if inspection.withdrawn_at is not None:
        return WITHDRAWN_BEFORE
    if inspection.round > 1:
        return A_RECHECK
    held = sorted(one.number for one, fate in found.items() if fate is Fate.IN_HAND)
    return _withheld(held) if held else ""


def _withheld(numbers: list[str]) -> object:
    return _(
        "问题 %(numbers)s 已经派单或并案，不能随检查撤回。请联系残联处理；整改单位也可以提出异议。",
        numbers="、".join(numbers),
    )


def withdraw(inspection: Inspection, actor: Actor, why: str) -> None:
    """Findings that only it found are withdrawn, others are found once less.

    Raises `NotAllowed` for others than its inspector and the coordinator, `Invalid` without a
    reason, `Conflict` for what stands in the way or when somebody was first.
    """
    if not may_withdraw(inspection, actor):
        raise NotAllowed(NOT_YOURS)
    found = fates(findings_of(inspection.id))
    hindered = why_not_withdrawn(inspection, found)
    if hindered:
        raise Conflict(hindered)
    _check(why)
    _claim(inspection, actor, why.strip())
    take_back(found, inspection.id, actor, why)
    counts = [fate.value for fate in found.values()]
    record(
        actor,
        "withdraw",
        "inspection",
        inspection.id,
        district=inspection.district_code,
        why=why.strip(),
        detail={fate: counts.count(fate) for fate in sorted(set(counts))},
    )
    db.session.flush()
    see_anew(inspection.facility)


def _check(why: str) -> None:
    if not why.strip():
        raise Invalid({"why": _("请写明这次检查哪里有误。")})
    if len(why) > MAX_WHY:
        raise Invalid({"why": _("太长了，最多 %(most)s 个字。", most=MAX_WHY)})


def _claim(inspection: Inspection, actor: Actor, why: str) -> None:
    """In one statement, so that of two who withdraw at once one is told."""
    claimed = db.session.execute(
        db.update(Inspection)
        .where(Inspection.id == inspection.id, Inspection.withdrawn_at.is_(None))
        .values(
            withdrawn_at=now(), withdrawn_by_id=actor.id, withdrawn_by=actor.name,
            withdrawn_why=why,
        )
        .returning(Inspection.id)
    ).scalars().all()  # fmt: skip
    if not claimed:
        raise Conflict(WITHDRAWN_BEFORE)
    db.session.refresh(inspection)
