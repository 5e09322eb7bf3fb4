"""One writer at a time on either database: what an action has read stays true until it writes."""

import threading

import pytest
from flask import Flask

from audit.core import db as core_db
from audit.core.db import POOL, Counter, db, transaction
from audit.core.errors import Busy


def test_two_that_read_before_they_write_lose_no_update(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.add(Counter(series="read-then-write", last=0))
    threads = [threading.Thread(target=_count_up, args=(app, 20)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert db.session.get_one(Counter, "read-then-write").last == 80


def _count_up(app: Flask, times: int) -> None:
    for _ in range(times):
        with app.app_context(), transaction() as session:
            row = session.get_one(Counter, "read-then-write")  # no lock on the row is asked for
            row.last += 1


def test_a_second_writer_waits_and_is_then_told_to_try_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_db, "LOCK_WAIT_SECONDS", 0.1)
    impatient = _another(app)
    with app.app_context(), transaction(), impatient.app_context():
        with pytest.raises(Busy), transaction():
            pass
        db.session.remove()
        db.engine.dispose()


def _another(app: Flask) -> Flask:
    from audit.app import create_app

    return create_app(app.config["SETTINGS"])


def test_every_thread_that_serve_allows_finds_a_connection() -> None:
    from audit.cli import serve

    threads = next(option for option in serve.params if option.name == "threads")
    assert POOL["pool_size"] + POOL["max_overflow"] >= threads.type.max  # type: ignore[attr-defined]
