"""The clock of the stage a finding is in, and time asked for, granted or refused."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from audit.clocks.queries import rulebook
from audit.clocks.rules import Unit, run_clock
from audit.core.clock import here, today
from audit.core.db import db
from audit.core.errors import Invalid

from ..models import Finding
from ..rules import OPEN_STATES, counts_until, stage_of, time_to_fix

FURTHEST_DAYS = 3 * 366


def turn_clock(finding: Finding, moment: datetime, *, anew: bool = False) -> dict[str, Any]:
    """Start the clock of the stage that a finding has come into; `anew`: also of the one that it
    was in. What the event is to tell of it; nothing where the clock runs on."""
    stage = stage_of(finding.state, finding.organisation_id)
    if stage is finding.stage and not anew:
        return {}
    ended = {"ended_due": finding.due_at.isoformat()} if finding.due_at else {}
    finding.stage, finding.clock_since = stage, moment if stage else None
    finding.pass_milestones(time_to_fix(finding.milestones(), stage, finding.state, moment))
    finding.limit_amount = finding.limit_unit = finding.extended_to = finding.asked_until = None
    if stage is not None:
        limit = rulebook().limits_at(moment).of(stage, finding.case())
        finding.limit_amount, finding.limit_unit = limit.amount, limit.unit
    set_due(finding)
    return limit_told(finding) | ended


def start_missing_clocks() -> int:
    """Of findings that were opened before there were clocks: the limits are those that hold now,
    counted from their last step. How many."""
    waiting = db.session.scalars(
        select(Finding)
        .where(Finding.stage.is_(None), Finding.state.in_(sorted(OPEN_STATES)))
        .order_by(Finding.id)
    ).all()
    for finding in waiting:
        turn_clock(finding, finding.changed_at)
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
    """What an event says with which a clock began, or the last one ended."""
    if finding.stage is None:
        return {"clock": None}
    amount, unit = finding.limit_amount, finding.limit_unit
    return {"clock": {"stage": finding.stage, "amount": amount, "unit": unit}}


def set_due(finding: Finding) -> None:
    """Reckon anew when it is late: a clock began, time was granted, or a day is worked."""
    finding.due_at = finding.gross_at = None
    limit = finding.limit
    if finding.clock_since is not None and limit is not None:
        clock = run_clock(finding.clock_since, limit, rulebook().days, finding.extended_to)
        finding.due_at, finding.gross_at = clock.due, clock.gross
    extended = finding.extended_to is not None
    if counts_until(finding.milestones(), finding.stage, finding.clock_since, extended):
        finding.fix_due_at = finding.due_at


def check_day(finding: Finding, until: date | None) -> date:
    """Raises `Invalid` for a day that gives no more time, or is beyond all reason."""
    if until is None:
        raise Invalid({"until": _("请填一个日期，如 2026-12-31。")})
    if finding.due_at is None:
        raise Invalid({"until": _("这个问题没有整改期限，不用延期。")})
    if until < today() or (until - here(finding.due_at).date()).days < 0:
        raise Invalid({"until": _("这一天不晚于现在的期限，没有延长。请填更晚的日期。")})
    if (until - today()).days > FURTHEST_DAYS:
        raise Invalid({"until": _("太久了，最多三年。需要更久的，请列入改造计划。")})
    return until
