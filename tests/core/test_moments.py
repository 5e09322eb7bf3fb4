"""Moments are kept in UTC and shown on the wall clock of Sichuan."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from audit.core import clock
from audit.core.db import UtcDateTime, db, transaction
from audit.core.ids import new_id
from audit.queue.models import JobRun, RunState
from audit.web.pages import local_date, local_time

BEIJING = timezone(timedelta(hours=8))
DIALECT = sqlite.dialect()  # type: ignore[no-untyped-call]


def promised(moment: datetime) -> JobRun:
    return JobRun(id=new_id(), job="none", arguments={}, state=RunState.QUEUED, created_at=moment)


def test_a_moment_comes_back_as_the_same_moment_in_utc(app: Flask) -> None:
    moment = datetime(2026, 11, 24, 23, 30, 15, 123456, tzinfo=BEIJING)
    row = promised(moment)
    with app.app_context():
        with transaction() as session:
            session.add(row)
        kept = db.session.scalars(db.select(JobRun.created_at)).one()
    assert kept == moment
    assert kept.tzinfo is UTC
    assert kept.hour == 15


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    naive = datetime(2026, 11, 24, 12, 0)  # noqa: DTZ001
    with (
        app.app_context(),
        pytest.raises(StatementError, match="time zone"),
        transaction() as session,
    ):
        session.add(promised(naive))


def test_no_moment_stays_none() -> None:
    assert UtcDateTime().process_bind_param(None, DIALECT) is None
    assert UtcDateTime().process_result_value(None, DIALECT) is None


@given(st.datetimes(timezones=st.timezones(), min_value=datetime(1990, 1, 1)))  # noqa: DTZ001
def test_any_zone_goes_in_and_utc_comes_out(moment: datetime) -> None:
    written = UtcDateTime().process_bind_param(moment, DIALECT)
    assert written is not None and written.tzinfo is UTC
    read = UtcDateTime().process_result_value(written.replace(tzinfo=None), DIALECT)
    assert read == written and read.timestamp() == moment.timestamp()


@pytest.mark.parametrize(
    ("utc", "day", "text"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), "2026-12-31", "2026-12-31 23:59"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "2027-01-01", "2027-01-01 00:00"),
        (datetime(2028, 2, 28, 16, 0, tzinfo=UTC), "2028-02-29", "2028-02-29 00:00"),
    ],
)
def test_days_turn_at_midnight_in_sichuan(utc: datetime, day: str, text: str) -> None:
    with time_machine.travel(utc, tick=False):
        assert clock.today() == date.fromisoformat(day)
    assert (local_date(utc), local_time(utc)) == (day, text)
    naive = utc.replace(tzinfo=None)
    assert local_time(naive) == text, "SQLite drops the zone of what was UTC"


def test_nothing_is_shown_for_no_moment() -> None:
    assert (local_date(None), local_time(None)) == ("", "")


def test_the_clock_can_be_moved_for_one_block() -> None:
    with clock.at(datetime(2025, 3, 1, tzinfo=BEIJING)):
        assert clock.now() == datetime(2025, 2, 28, 16, tzinfo=UTC)
        with clock.at(datetime(2024, 1, 1, tzinfo=UTC)):
            assert clock.now().year == 2024
        assert clock.now().year == 2025
    assert clock.now().year >= 2026
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2025, 3, 1)):  # noqa: DTZ001
        pass
