"""Writers at the same moment are saved by one commit; each still stands for itself."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, text

from audit.core import group
from audit.core.db import Counter, db, is_sqlite, transaction
from audit.core.errors import Busy

pytestmark = pytest.mark.usefixtures("only_on_sqlite")


@pytest.fixture
def only_on_sqlite(app: Flask) -> None:
    with app.app_context():
        if not is_sqlite():
            pytest.skip("PostgreSQL has a group commit of its own")


def together(app: Flask, works: list[Callable[[], None]]) -> list[BaseException | None]:
    """Run each in a thread of its own while the first holds the line; how each ended."""
    ends: list[BaseException | None] = [None] * len(works)
    gate = threading.Event()

    def run(place: int) -> None:
        with app.app_context():
            try:
                with transaction():
                    if place == 0:
                        gate.wait(60)  # until the others stand in line, however busy the machine
                    works[place]()
            except BaseException as failure:
                ends[place] = failure
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    threads[0].start()
    while not app.extensions["writer_line"]._group:
        pass
    for thread in threads[1:]:
        thread.start()
    while app.extensions["writer_line"]._waiting < len(works) - 1:
        pass
    gate.set()
    for thread in threads:
        thread.join(20)
    return ends


def add(name: str) -> Callable[[], None]:
    return lambda: db.session.add(Counter(series=name, last=1))


def names(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.select(Counter.series).order_by(Counter.series)))


def test_writers_who_wait_together_are_saved_by_one_commit(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group, "LONGEST_SECONDS", 60)  # on a busy machine threads start slowly
    commits: list[int] = []

    def count(_connection: object) -> None:
        commits.append(1)

    with app.app_context():
        event.listen(db.engine, "commit", count)
    ends = together(app, [add(f"w{number}") for number in range(8)])
    assert ends == [None] * 8
    assert names(app) == [f"w{number}" for number in range(8)]
    assert len(commits) == 1
    with app.app_context():
        event.remove(db.engine, "commit", count)


def test_who_fails_is_taken_back_alone(app: Flask) -> None:
    def fail() -> None:
        db.session.add(Counter(series="bad", last=1))
        db.session.flush()
        raise ZeroDivisionError

    ends = together(app, [add("one"), fail, add("two")])
    assert [type(end) for end in ends] == [type(None), ZeroDivisionError, type(None)]
    assert names(app) == ["one", "two"]


def test_nobody_hears_of_success_before_the_shared_commit(app: Flask) -> None:
    def break_commit(_connection: object) -> None:
        raise OSError("the disk is gone")

    with app.app_context():
        event.listen(db.engine, "commit", break_commit)
    ends = together(app, [add("one"), add("two")])
    assert all(isinstance(end, OSError) for end in ends)
    with app.app_context():
        event.remove(db.engine, "commit", break_commit)
    assert names(app) == []


def test_when_the_whole_transaction_is_lost_all_of_it_is_told(app: Flask) -> None:
    def lose_everything() -> None:
        connection = db.session.connection()
        connection.connection.dbapi_connection.execute("ROLLBACK")  # type: ignore[union-attr]
        raise ZeroDivisionError

    ends = together(app, [add("one"), lose_everything, add("two")])
    assert isinstance(ends[0], Busy) and isinstance(ends[1], ZeroDivisionError)
    kept = names(app)
    assert "one" not in kept
    assert ("two" in kept) == (ends[2] is None), "what was said is what is"


def test_the_line_goes_on_after_every_kind_of_end(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            _ = 1 // 0
        with transaction() as session:
            session.execute(text("SELECT 1"))
            session.add(Counter(series="after", last=1))
    assert names(app) == ["after"]
