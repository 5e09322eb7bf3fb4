"""The clock of the stage a finding is in, what is asked of days, and the clock of a danger."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from audit.clocks.queries import rulebook
from audit.clocks.rules import Limit, Stage, Unit, run_clock
from audit.core.clock import here, today
from audit.core.db import db
from audit.core.errors import Invalid

from ..models import Finding
from ..rules import ANEW, CLOCKED_STATES, Note, Verb, after, counts_until, stage_of, time_to_fix
from .route import ROUTED

FURTHEST_DAYS, FURTHEST_PLAN = 3 * 366, 10 * 366
NO_DAY = _("请填一个日期，如 2026-12-31。")


def clocks_told(finding: Finding, note: Note) -> dict[str, Any]:
    """What an event is to say of the clocks that begin or end with it; nothing where all run
    on."""
    life = finding.life()
    then = after(life, note)
    told = _made_safe_by(finding, note)
    elsewhere = note.verb is Verb.DISPATCH and then.organisation_id != life.organisation_id
    stage = stage_of(then.state, then.organisation_id)
    if stage is life.stage and not elsewhere and note.verb not in ANEW:
        return told
    if finding.due_at is not None:
        told["ended_due"] = finding.due_at.isoformat()
    if stage is None:
        return told | {"clock": None}
    limit = _limit(finding, stage, note.at)
    return told | {"clock": {"stage": stage, "amount": limit.amount, "unit": limit.unit}}


def _limit(finding: Finding, stage: Stage, moment: datetime) -> Limit:
    return rulebook().limits_at(moment).of(stage, finding.case())


def _made_safe_by(finding: Finding, note: Note) -> dict[str, Any]:
    if note.verb not in ROUTED:
        return {}
    limit = _limit(finding, Stage.SAFE, note.at)
    due = run_clock(note.at, limit, rulebook().days).due
    return {"safe": due.isoformat()} if due else {}


def start_missing_clocks() -> int:
    """Of findings that were opened before there were clocks: the limits are those that hold now,
    counted from their last step. How many."""
    waiting = db.session.scalars(
        select(Finding)
        .where(Finding.stage.is_(None), Finding.state.in_(sorted(CLOCKED_STATES)))
        .order_by(Finding.id)
    ).all()
    for finding in waiting:
        stage = stage_of(finding.state, finding.organisation_id)
        limit = _limit(finding, stage, finding.changed_at) if stage else Limit(None)
        finding.stage, finding.clock_since = stage, finding.changed_at
        last = finding.milestones(), stage, Verb.DISPATCH, finding.state, finding.changed_at
        begun = time_to_fix(*last)
        finding.pass_milestones(begun)
        finding.limit_amount, finding.limit_unit = limit.amount, limit.unit
        set_due(finding)
    return len(waiting)


def follow_calendar() -> int:
    """After a day was set to be worked or free: what is counted in working days is late by the
    calendar as it is now. How many moved."""
    moved = 0
    for finding in db.session.scalars(
        select(Finding)
        .where(Finding.limit_unit == Unit.WORKING_DAYS, Finding.due_at.is_not(None))
        .order_by(Finding.id)
        .execution_options(yield_per=500)
    ):
        before = finding.due_at, finding.gross_at
        set_due(finding)
        moved += before != (finding.due_at, finding.gross_at)
    return moved


def limit_told(finding: Finding) -> dict[str, Any]:
    """What the event says with which the clock began that runs."""
    if finding.stage is None:
        return {"clock": None}
    amount, unit = finding.limit_amount, finding.limit_unit
    return {"clock": {"stage": finding.stage, "amount": amount, "unit": unit}}


def set_due(finding: Finding) -> None:
    """Reckon anew when it is late: a clock began, time was granted, or a day is worked."""
    finding.due_at = finding.gross_at = None
    limit = finding.limit
    if finding.clock_since is not None and limit is not None:
        clock = run_clock(
            finding.clock_since, limit, rulebook().days, finding.extended_to, finding.planned_on
        )
        finding.due_at, finding.gross_at = clock.due, clock.gross
    extended = finding.extended_to is not None
    if counts_until(finding.milestones(), finding.stage, finding.clock_since, extended):
        finding.fix_due_at = finding.due_at


def later_day(finding: Finding, until: date | None) -> date:
    """Raises `Invalid` for a day that gives no more time, or is beyond all reason."""
    if until is None:
        raise Invalid({"until": NO_DAY})
    if finding.due_at is None:
        raise Invalid({"until": _("这个问题没有整改期限，不用延期。")})
    if until < today() or (until - here(finding.due_at).date()).days < 0:
        raise Invalid({"until": _("这一天不晚于现在的期限，没有延长。请填更晚的日期。")})
    if (until - today()).days > FURTHEST_DAYS:
        raise Invalid({"until": _("太久了，最多三年。需要更久的，请列入改造计划。")})
    return until


def planned_day(until: date | None) -> date:
    """The last day of works to come. Raises `Invalid`."""
    if until is None:
        raise Invalid({"until": NO_DAY})
    if until <= today():
        raise Invalid({"until": _("计划完成的日期要在今天以后。")})
    if (until - today()).days > FURTHEST_PLAN:
        raise Invalid({"until": _("太久了，最多十年。")})
    return until


def past_day(until: date | None, first: date | None) -> date:
    """When something was received or sent, not before `first`. Raises `Invalid`."""
    if until is None:
        raise Invalid({"until": NO_DAY})
    if until > today():
        raise Invalid({"until": _("这一天还没有到。请填实际的日期。")})
    if first is not None and until < first:
        raise Invalid({"until": _("这一天早于 %(day)s，请核对。", day=first)})
    return until
