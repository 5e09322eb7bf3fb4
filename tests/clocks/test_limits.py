"""When a stage is late: at the very moment, and one moment before."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.checklists.loader import all_checklists
from audit.clocks.queries import SHIPPED_DAYS, SHIPPED_LIMITS
from audit.clocks.rules import (
    Case,
    Limit,
    LimitTable,
    Scope,
    Stage,
    Standing,
    Unit,
    WorkingDays,
    parse_limits,
    run_clock,
    standing,
)
from audit.core.clock import HERE

DAYS = WorkingDays.of(SHIPPED_DAYS)
MOMENT = timedelta(microseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("since", "limit", "due", "gross"),
    [
        ("2026-09-30 09:00", Limit(3, Unit.WORKING_DAYS), "2026-10-11 00:00", "2026-10-20 00:00"),
        ("2026-01-31 23:59", Limit(30, Unit.DAYS), "2026-03-03 00:00", "2026-05-02 00:00"),
        ("2024-02-28 00:00", Limit(1, Unit.DAYS), "2024-03-01 00:00", "2024-03-03 00:00"),
        ("2026-11-20 17:30", Limit(24, Unit.HOURS), "2026-11-21 17:30", "2026-11-23 17:30"),
        ("2026-11-21 10:00", Limit(2, Unit.WORKING_DAYS), "2026-11-25 00:00", "2026-12-01 00:00"),
    ],
    ids=["over the national day", "month ends", "leap day", "hours go on by night", "a Saturday"],
)
def test_when_it_is_late(since: str, limit: Limit, due: str, gross: str) -> None:
    clock = run_clock(at(since), limit, DAYS)
    assert (clock.due, clock.gross) == (at(due), at(gross))


def test_a_day_ends_at_midnight_here_not_in_greenwich() -> None:
    """23:30 in UTC is the next morning here, so its day is the next one."""
    late_evening = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    clock = run_clock(late_evening, Limit(1, Unit.DAYS), DAYS)
    assert clock.due == at("2026-11-26 00:00")


def test_what_has_no_limit_is_never_late() -> None:
    clock = run_clock(at("2020-01-01 00:00"), Limit(None), DAYS)
    assert standing(clock.due, clock.gross, at("2030-01-01 00:00")) is Standing.UNLIMITED


def test_late_and_grossly_late_begin_at_their_moment_and_not_before() -> None:
    clock = run_clock(at("2026-11-02 10:00"), Limit(7, Unit.DAYS), DAYS)
    assert clock.due
    assert clock.gross
    seen = [
        standing(clock.due, clock.gross, moment)
        for moment in (
            clock.due - timedelta(days=2) - MOMENT, clock.due - timedelta(days=2),
            clock.due - MOMENT, clock.due, clock.gross - MOMENT, clock.gross,
        )
    ]  # fmt: skip
    assert seen == [
        Standing.IN_TIME, Standing.SOON, Standing.SOON, Standing.LATE, Standing.LATE,
        Standing.GROSS,
    ]  # fmt: skip


def test_time_granted_moves_the_end_and_the_gross_end_with_it() -> None:
    limit = Limit(7, Unit.DAYS)
    plain = run_clock(at("2026-11-02 10:00"), limit, DAYS)
    longer = run_clock(at("2026-11-02 10:00"), limit, DAYS, date(2026, 11, 30))
    assert longer.due == at("2026-12-01 00:00")
    assert longer.gross == at("2026-12-15 00:00")
    shorter = run_clock(at("2026-11-02 10:00"), limit, DAYS, date(2026, 11, 3))
    assert shorter.due == plain.due


FIRST, LAST = datetime(2024, 1, 1), datetime(2026, 9, 1)  # noqa: DTZ001
MOMENTS = st.datetimes(FIRST, LAST).map(lambda one: one.replace(tzinfo=HERE))


@given(MOMENTS, MOMENTS, st.integers(0, 40), st.sampled_from(Unit))
def test_who_begins_later_ends_no_earlier(
    first: datetime, second: datetime, amount: int, unit: Unit
) -> None:
    ends = [run_clock(since, Limit(amount, unit), DAYS) for since in sorted((first, second))]
    assert ends[0].due
    assert ends[1].due
    assert ends[0].due <= ends[1].due
    assert ends[0].gross
    assert min(first, second) <= ends[0].due <= ends[0].gross


@given(MOMENTS, st.integers(1, 40), st.sampled_from(Unit))
def test_gross_is_three_times_the_limit(since: datetime, amount: int, unit: Unit) -> None:
    once = run_clock(since, Limit(amount, unit), DAYS)
    thrice = run_clock(since, Limit(3 * amount, unit), DAYS)
    assert once.gross == thrice.due


NARROWER = [
    Scope(Stage.FIX, rule="rd-tactile-occupied"),
    Scope(Stage.FIX, district="512002"),
    Scope(Stage.FIX, defect="systemic"),
    Scope(Stage.FIX, outcome="upkeep"),
    Scope(Stage.FIX, severity="S1"),
    Scope(Stage.FIX),
]
ALL_OF_IT = Case("S1", "systemic", "upkeep", "512002", "rd-tactile-occupied")


def test_the_nearest_limit_holds_in_whatever_order_they_stand() -> None:
    for count in range(1, len(NARROWER) + 1):
        chosen = NARROWER[-count:]
        table = {scope: Limit(number) for number, scope in enumerate(chosen)}
        for order in list(permutations(chosen))[:24]:
            shuffled = LimitTable({scope: table[scope] for scope in order})
            assert shuffled.of(Stage.FIX, ALL_OF_IT) == table[chosen[0]]


@pytest.mark.parametrize(
    ("stage", "case", "limit"),
    [
        (Stage.CONFIRM, Case("S1"), Limit(2)),
        (Stage.DISPATCH, Case("S1"), Limit(1)),
        (Stage.DISPATCH, Case("S3"), Limit(5)),
        (Stage.FIX, Case("S1"), Limit(7, Unit.DAYS)),
        (Stage.FIX, Case("S2"), Limit(30, Unit.DAYS)),
        (Stage.FIX, Case("S3"), Limit(60, Unit.DAYS)),
        (Stage.FIX, Case("S4"), Limit(None)),
        (Stage.FIX, Case("S1", rule="rd-tactile-occupied"), Limit(3)),
        (Stage.FIX, Case("S1", outcome="web"), Limit(20)),
        (Stage.FIX, Case("S3", outcome="web"), Limit(60)),
        (Stage.RECHECK, Case("S4"), Limit(10)),
    ],
)
def test_the_shipped_limits(stage: Stage, case: Case, limit: Limit) -> None:
    assert SHIPPED_LIMITS.of(stage, case) == limit


def test_items_that_a_shipped_limit_names_exist() -> None:
    known = {item.id for one in all_checklists() for item in one.items}
    assert {scope.rule for scope in SHIPPED_LIMITS.limits if scope.rule} <= known


def test_what_was_chosen_lies_over_what_was_shipped_and_can_be_taken_back() -> None:
    everywhere, here = Scope(Stage.CONFIRM), Scope(Stage.CONFIRM, district="512002")
    chosen: list[tuple[Scope, Limit | None]] = [(everywhere, Limit(4)), (here, Limit(1))]
    table = SHIPPED_LIMITS.over(chosen)
    assert table.of(Stage.CONFIRM, Case("S2")) == Limit(4)
    assert table.of(Stage.CONFIRM, Case("S2", district="512002")) == Limit(1)
    back = SHIPPED_LIMITS.over([*chosen, (everywhere, None), (here, None)])
    assert back == SHIPPED_LIMITS


def test_a_scope_that_stands_twice_is_refused() -> None:
    row = {"stage": "fix", "amount": 3}
    with pytest.raises(ValueError, match="twice"):
        parse_limits([row, row])
