from datetime import date

from flask import current_app
from flask_babel import lazy_gettext as _

from audit.accounts.rules import covers
from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import after_commit, db
from audit.core.errors import Invalid, NotAllowed
from audit.core.scopes import named
from audit.journal.actions import record

from .models import LimitChange, WorkingDayChange
from .queries import limit_of, read_rulebook, scope_of
from .rules import LONGEST_BREAK, PARTS, Limit, Scope, Unit


def choose_limit(scope: Scope, limit: Limit | None, why: str, actor: Actor) -> bool:
    """From now on clocks of this scope begin with this limit; None: with the shipped one again.
    Running ones keep theirs. Returns whether anything changed. Raises `NotAllowed`."""
    _check(actor)
    held = read_rulebook(db.session()).limits_at(now()).limits
    if limit is None and scope not in _chosen_scopes():
        return False
    if limit is not None and held.get(scope) == limit:
        return False
    unit, amount = (limit.unit, limit.amount) if limit else (Unit.WORKING_DAYS, None)
    row = LimitChange(
        stage=scope.stage, rule=scope.rule, district=scope.district, defect=scope.defect,
        outcome=scope.outcome, severity=scope.severity,
        dropped=limit is None, amount=amount, unit=unit,
        at=now(), actor_id=actor.id, actor_name=actor.name, why=why,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    told = {"stage": scope.stage} | named(scope, PARTS)
    detail = {"scope": told, "amount": amount, "unit": unit, "dropped": limit is None}
    record(actor, "choose", "limit", str(row.seq), why=why, detail=detail)
    after_commit(current_app.extensions["rulebook"].forget)
    return True


def _chosen_scopes() -> set[Scope]:
    """Those over which something chosen on screen lies now."""
    lying: dict[Scope, bool] = {}
    for row in db.session.scalars(db.select(LimitChange).order_by(LimitChange.seq)):
        lying[scope_of(row)] = limit_of(row) is not None
    return {scope for scope, lies in lying.items() if lies}


def set_day(day: date, working: bool, why: str, actor: Actor) -> None:
    """A day is worked or free, whatever was announced. Raises `NotAllowed`, or `Invalid` where
    deadlines would stand still: too many free days in a row."""
    _check(actor)
    days = read_rulebook(db.session()).days
    if not working and days.is_working(day) and days.break_with(day) > LONGEST_BREAK:
        raise Invalid(
            {"day": _("连续休息的日子不能超过 %(most)s 天，请检查这一天。", most=LONGEST_BREAK)}
        )
    _write(actor, why, day=day, working=working)


def know_year(year: int, why: str, actor: Actor) -> None:
    """The holidays of this year are all entered. Raises `NotAllowed`."""
    _write(actor, why, year=year)


def _write(
    actor: Actor, why: str, *, day: date | None = None, working: bool = False,
    year: int | None = None,
) -> None:  # fmt: skip
    _check(actor)
    row = WorkingDayChange(
        day=day, working=working, year=year, at=now(), actor_id=actor.id,
        actor_name=actor.name, why=why,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    detail = {"day": str(day) if day else None, "working": working, "year": year}
    record(actor, "choose", "working_day", str(row.seq), why=why, detail=detail)
    after_commit(current_app.extensions["rulebook"].forget)


def _check(actor: Actor) -> None:
    if not covers(actor, May.CHOOSE_SETTINGS, None):
        raise NotAllowed
