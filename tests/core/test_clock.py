"""The clock can be moved for one block, in one thread."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from audit.core import clock

LATE = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def test_a_moved_clock_stands_at_that_moment_and_shows_its_day_in_china() -> None:
    with clock.at(LATE):
        assert clock.now() == LATE
        assert clock.today().isoformat() == "2026-03-02"
    assert clock.now() - LATE != timedelta(0)


def test_a_moved_clock_always_speaks_utc() -> None:
    with clock.at(datetime(2026, 3, 2, 7, 30, tzinfo=timezone(timedelta(hours=8)))):
        assert clock.now() == LATE
        assert clock.now().tzinfo is UTC


def test_an_error_inside_the_block_sets_the_clock_right_again() -> None:
    with clock.at(LATE):
        with pytest.raises(RuntimeError), clock.at(LATE - timedelta(days=1)):
            raise RuntimeError
        assert clock.now() == LATE


def test_another_thread_keeps_its_own_time() -> None:
    seen: list[datetime] = []
    with clock.at(LATE):
        other = threading.Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
    assert seen[0] != LATE


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError), clock.at(datetime(2026, 3, 1)):  # noqa: DTZ001
        pass
