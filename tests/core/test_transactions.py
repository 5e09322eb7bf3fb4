"""All or nothing, side effects afterwards, and no update lost between two writers."""

import sqlite3
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from audit.app import create_app
from audit.core import db as core_db
from audit.core.db import (
    Counter,
    after_commit,
    db,
    is_sqlite,
    next_number,
    next_numbers,
    plain_error,
    transaction,
)
from audit.core.errors import Busy, DiskFull

THREADS, ROUNDS = 4, 25


def last_of(series: str) -> int | None:
    return db.session.scalar(select(Counter.last).where(Counter.series == series))


def in_threads(app: Flask, work: Callable[[], None], count: int = THREADS) -> None:
    """Run `work` in several threads at once, each with a session of its own."""
    failures: list[BaseException] = []
    start = threading.Barrier(count)

    def run() -> None:
        with app.app_context():
            start.wait()
            try:
                work()
            except BaseException as failure:
                failures.append(failure)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_what_is_written_together_is_saved_together(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            session.add_all([Counter(series="one", last=1), Counter(series="two", last=2)])
        db.session.rollback()
        assert (last_of("one"), last_of("two")) == (1, 2)


def test_an_error_anywhere_leaves_nothing(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction() as session:
            session.add(Counter(series="one", last=1))
            session.flush()
            _ = 1 // 0
        assert last_of("one") is None


def test_an_error_at_the_very_end_leaves_nothing(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            session.add(Counter(series="taken", last=1))
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(Counter(series="fresh", last=1))
            session.add(Counter(series="taken", last=1))  # refused only when it is flushed
        assert last_of("fresh") is None


def test_what_was_changed_before_the_transaction_is_not_saved_with_it(app: Flask) -> None:
    with app.app_context():
        db.session.add(Counter(series="stray", last=1))
        with transaction():
            next_number("meant")
        assert last_of("stray") is None
        assert last_of("meant") == 1


def test_a_transaction_inside_a_transaction_is_refused(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError, match="inside a transaction"), transaction():
            next_number("outer")
            with transaction():
                pass
        assert last_of("outer") is None
        with transaction():
            next_number("outer")
        assert last_of("outer") == 1


def test_side_effects_follow_a_save_in_their_order(app: Flask) -> None:
    done: list[object] = []
    with app.app_context():
        with transaction():
            next_number("one")
            after_commit(lambda: done.append(last_of("one")))
            after_commit(lambda: done.append("second"))
            assert done == []
        assert done == [1, "second"]
        with transaction():
            next_number("one")
        assert done == [1, "second"], "each runs once"


def test_side_effects_do_not_follow_a_failure(app: Flask) -> None:
    done: list[int] = []
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            after_commit(lambda: done.append(1))
            _ = 1 // 0
        with transaction():
            next_number("later")
    assert done == []


def test_a_failing_side_effect_neither_undoes_the_save_nor_stops_the_next(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[int] = []

    def fail() -> None:
        raise OSError("no post today")

    with app.app_context():
        with transaction():
            next_number("one")
            after_commit(fail)
            after_commit(lambda: done.append(1))
        assert last_of("one") == 1
    assert done == [1]
    assert "side effect" in caplog.text


def test_a_side_effect_without_a_transaction_is_a_mistake(app: Flask) -> None:
    with app.app_context(), pytest.raises(KeyError):
        after_commit(lambda: None)


def test_writers_that_read_first_lose_no_update(app: Flask) -> None:
    def add_one() -> None:
        for _ in range(ROUNDS):
            with transaction() as session:
                row = session.get(Counter, "shared", with_for_update=True)
                assert row is not None
                row.last += 1

    with app.app_context(), transaction() as session:
        session.add(Counter(series="shared", last=0))
    in_threads(app, add_one)
    with app.app_context():
        assert last_of("shared") == THREADS * ROUNDS


def test_no_number_is_given_twice_not_even_the_first(app: Flask) -> None:
    given: list[int] = []

    def take() -> None:
        for _ in range(ROUNDS):
            with transaction():
                number = next_number("finding-2026")
            given.append(number)

    in_threads(app, take)
    assert sorted(given) == list(range(1, THREADS * ROUNDS + 1))


def test_several_numbers_come_in_one_piece(app: Flask) -> None:
    with app.app_context():
        with transaction():
            assert list(next_numbers("many", 3)) == [1, 2, 3]
            assert next_number("many") == 4
            assert list(next_numbers("other", 2)) == [1, 2]
        with pytest.raises(ZeroDivisionError), transaction():
            assert next_number("many") == 5
            _ = 1 // 0
        with transaction():
            assert next_number("many") == 5, "a number that was not used is given again"


def test_a_reader_does_not_wait_for_a_writer(app: Flask) -> None:
    written, read = threading.Event(), threading.Event()

    def write() -> None:
        with app.app_context():
            with transaction():
                next_number("slow")
                written.set()
                assert read.wait(20)
            db.session.remove()

    writer = threading.Thread(target=write)
    writer.start()
    with app.app_context():
        assert written.wait(20)
        assert db.session.scalar(select(func.count()).select_from(Counter)) == 0
        db.session.remove()
    read.set()
    writer.join()


def test_who_waits_too_long_for_another_writer_is_told_so(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction() as session:
        session.add(Counter(series="shared", last=0))
    holding, release = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context():
            with transaction() as session:
                session.get(Counter, "shared", with_for_update=True)
                holding.set()
                assert release.wait(20)
            db.session.remove()

    holder = threading.Thread(target=hold)
    holder.start()
    assert holding.wait(20)
    monkeypatch.setattr(core_db, "LOCK_WAIT_SECONDS", 0.1)
    hasty = create_app(app.config["SETTINGS"])
    with hasty.app_context():
        with pytest.raises(Busy), transaction():
            next_number("shared")
        db.session.remove()
        db.engine.dispose()
    release.set()
    holder.join()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("database is locked", Busy),
        ("database table is locked: counter", Busy),
        ("deadlock detected", Busy),
        ("canceling statement due to lock timeout", Busy),
        ("database or disk is full", DiskFull),
        ("could not extend file: No space left on device", DiskFull),
        ("no such table: counter", None),
    ],
)
def test_only_contention_and_a_full_disk_are_excused(said: str, kind: type | None) -> None:
    error = plain_error(OperationalError("insert", {}, sqlite3.OperationalError(said)))
    assert type(error) is (kind or type(None))


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "delete"), ((3, 44, 5), "delete"), ((3, 44, 6), "wal"),
        ((3, 45, 0), "delete"), ((3, 50, 6), "delete"), ((3, 50, 7), "wal"),
        ((3, 51, 2), "delete"), ((3, 51, 3), "wal"), ((3, 52, 0), "delete"), ((3, 53, 0), "wal"),
    ],
)  # fmt: skip
def test_the_write_ahead_log_is_used_only_where_it_is_mended(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], mode: str
) -> None:
    monkeypatch.setattr(core_db.sqlite3, "sqlite_version_info", version)
    assert core_db.journal_mode() == mode


@pytest.mark.own_app
def test_sqlite_is_durable_and_checks_references(app: Flask) -> None:
    with app.app_context():
        if not is_sqlite():
            assert db.session.scalar(text("SHOW lock_timeout")) == "10s"
            return
        asked = {
            name: db.session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert asked == {
        "journal_mode": core_db.journal_mode(),
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }
