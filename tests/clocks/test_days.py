"""Working days against what was announced, counted by hand where a break begins or ends."""

import tomllib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.clocks.queries import SHIPPED_DAYS
from audit.clocks.rules import DayChange, WorkingDays, parse_announced

DAYS = WorkingDays.of(SHIPPED_DAYS)
SOME_DAY = st.dates(date(2024, 1, 1), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        # weeks around the long breaks: announced days off and weekend days worked instead
        (date(2024, 2, 9), date(2024, 2, 18), 1),
        (date(2024, 9, 30), date(2024, 10, 12), 5),
        (date(2025, 1, 25), date(2025, 2, 8), 6),
        (date(2025, 9, 27), date(2025, 10, 11), 6),
        (date(2026, 2, 13), date(2026, 2, 28), 6),
        (date(2026, 9, 30), date(2026, 10, 10), 3),
        (date(2024, 12, 31), date(2025, 1, 3), 2),
    ],
)
def test_weeks_around_a_break(first: date, last: date, count: int) -> None:
    assert DAYS.between(first, last) == count


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_the_announcement_leaves(year: int, count: int) -> None:
    """Weekdays of the year, less those free, and the weekend days worked: reckoned apart."""
    announced = next(one for one in SHIPPED_DAYS if one.year == year)
    first, last = date(year, 1, 1), date(year, 12, 31)
    weekdays = sum(
        (first + timedelta(days=one)).weekday() < 5 for one in range((last - first).days + 1)
    )
    assert DAYS.between(date(year - 1, 12, 31), last) == count
    assert weekdays - len(announced.free) + len(announced.worked) == count


def test_the_day_itself_never_counts_whether_it_is_worked_or_not() -> None:
    assert DAYS.after(date(2026, 5, 9), 1) == date(2026, 5, 11)  # a Saturday that is worked
    assert DAYS.after(date(2026, 5, 10), 1) == date(2026, 5, 11)
    assert DAYS.after(date(2026, 5, 10), 0) == date(2026, 5, 10)


@given(SOME_DAY, st.integers(0, 60), st.integers(0, 60))
def test_days_add_up(day: date, first: int, second: int) -> None:
    assert DAYS.after(DAYS.after(day, first), second) == DAYS.after(day, first + second)


@given(SOME_DAY, st.integers(1, 80))
def test_the_end_is_worked_and_exactly_so_far_away(day: date, count: int) -> None:
    end = DAYS.after(day, count)
    assert DAYS.is_working(end)
    assert DAYS.between(day, end) == count


def test_a_day_set_by_hand_holds_over_what_was_announced_and_the_last_word_holds() -> None:
    day = date(2026, 10, 1)
    worked = WorkingDays.of(SHIPPED_DAYS, [DayChange(day, working=True)])
    free = WorkingDays.of(SHIPPED_DAYS, [DayChange(day, True), DayChange(day, False)])
    assert (DAYS.is_working(day), worked.is_working(day), free.is_working(day)) == (
        False, True, False,
    )  # fmt: skip


def test_a_year_that_nobody_announced_is_not_known() -> None:
    assert DAYS.knows(date(2026, 12, 31))
    assert not DAYS.knows(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("free", "worked"),
    [("2026-01-03", ""), ("", "2026-01-05"), ("2025-01-01", "")],
    ids=["a weekend day is free anyhow", "a weekday is worked anyhow", "another year"],
)
def test_a_day_that_makes_no_sense_is_refused(free: str, worked: str) -> None:
    text = f'["2026"]\nsource = ""\nfree = [{free}]\nworked = [{worked}]\n'
    with pytest.raises(ValueError, match="wrong days"):
        parse_announced(tomllib.loads(text))
