"""What a figure counts, as SQL: the number and the list behind it are one question."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from audit.core.clock import now

from ..models import Finding
from ..rules import PUT_OFF_STATES, Ending, Figure, Span

Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
BASES: Mapping[Moment, tuple[Figure, ...]] = {
    Finding.opened_at: (Figure.RECEIVED, Figure.CONFIRMED),
    Finding.fix_due_at: (
        Figure.DUE, Figure.PUT_OFF, Figure.CLOSED, Figure.IN_TIME, Figure.UNCLOSED,
        Figure.EXTENDED,
    ),
    Finding.first_fixed_at: (Figure.HANDLED, Figure.REWORKED),
}  # fmt: skip
_COUNTS = or_(Finding.ending.is_(None), Finding.ending != Ending.VOID)
_PUT_OFF = Finding.state.in_(sorted(PUT_OFF_STATES))
NARROWER: Mapping[Figure, ColumnElement[bool]] = {
    Figure.RECEIVED: true(),
    Figure.CONFIRMED: Finding.confirmed_at.is_not(None),
    Figure.DUE: _COUNTS,
    Figure.PUT_OFF: and_(Finding.ending.is_(None), _PUT_OFF),
    Figure.CLOSED: Finding.ending.in_((Ending.IN_TIME, Ending.LATE)),
    Figure.IN_TIME: Finding.ending == Ending.IN_TIME,
    Figure.UNCLOSED: and_(Finding.ending.is_(None), ~_PUT_OFF),
    Figure.EXTENDED: and_(_COUNTS, Finding.extensions > 0),
    Figure.HANDLED: true(),
    Figure.REWORKED: Finding.reworks > 0,
}


def base_of(figure: Figure) -> Moment:
    """The moment by which it falls into a month."""
    return next(base for base, figures in BASES.items() if figure in figures)


def within(base: Moment, span: Span) -> ColumnElement[bool]:
    """What is due at the midnight that ends a month is due in it; what is not due yet, in none."""
    if base is Finding.fix_due_at:
        return and_(base > span.begin, base <= min(span.end, now()))
    return and_(base >= span.begin, base < span.end)


def is_counted(figure: Figure, span: Span | None) -> ColumnElement[bool]:
    base = base_of(figure)
    if span is not None:
        return and_(within(base, span), NARROWER[figure])
    known = base <= now() if base is Finding.fix_due_at else base.is_not(None)
    return and_(known, NARROWER[figure])
