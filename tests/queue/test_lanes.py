"""A long run holds up neither short ones nor regular work."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask

from audit.core import clock
from audit.core.db import db, transaction
from audit.queue import runs, ticking
from audit.queue.models import JobRun, RunState
from audit.queue.runs import Run, job, later
from tests.processes import eventually

PATIENCE_S = 30
pytestmark = pytest.mark.filterwarnings(  # huey's threads leave theirs to the end of the process
    "ignore:<psycopg.Connection:ResourceWarning"
)


class Work:
    """`slow` runs last until they are let go; `short` ones are done at once."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go_on, self.short = threading.Event(), threading.Event()


@pytest.fixture
def work() -> Iterator[Work]:
    doing = Work()

    @job("slow", slow=True)
    def slow(_run: Run, which: str) -> None:
        doing.begun.append(which)
        assert doing.go_on.wait(PATIENCE_S)

    @job("short")
    def short(_run: Run) -> None:
        doing.short.set()

    yield doing
    for name in ("slow", "short"):
        runs._jobs.pop(name)
    runs._slow.discard("slow")


@contextmanager
def working(app: Flask, work: Work, threads: int) -> Iterator[None]:
    consumer = app.extensions["queue"].consumer(threads)
    consumer.start()
    try:
        yield
    finally:
        work.go_on.set()
        consumer.stop(graceful=True)


def promise(app: Flask, name: str, **arguments: str) -> None:
    with app.app_context(), transaction():
        later(name, **arguments)


def states(app: Flask) -> list[RunState]:
    with app.app_context():
        return list(db.session.scalars(db.select(JobRun.state).order_by(JobRun.created_at)))


def test_two_long_runs_leave_a_thread_to_the_short_ones(app: Flask, work: Work) -> None:
    engine = app.extensions["queue"]
    with working(app, work, threads=2):
        promise(app, "slow", which="first")
        eventually(lambda: work.begun)
        promise(app, "slow", which="second")
        promise(app, "short")
        assert work.short.wait(PATIENCE_S)
        eventually(lambda: states(app)[2] is RunState.DONE and not engine.waiting())
        assert states(app)[:2] == [RunState.RUNNING, RunState.QUEUED]
        work.go_on.set()
        eventually(lambda: set(states(app)) == {RunState.DONE})
    assert work.begun == ["first", "second"], "it is woken without waiting for the sweeper"


def test_the_sweeper_does_not_pile_up_messages_behind_a_long_run(app: Flask, work: Work) -> None:
    engine = app.extensions["queue"]
    with working(app, work, threads=1):
        promise(app, "slow", which="first")
        eventually(lambda: work.begun)
        promise(app, "short")
        with clock.at(clock.now() + timedelta(seconds=45)):
            for _ in range(5):
                engine.tick()
        assert engine.waiting() == 1
    assert work.begun == ["first"]


def test_regular_work_goes_on_while_a_run_takes_its_time(
    app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticking, "EVERY_SECONDS", 0.01)
    done: list[str] = []
    monkeypatch.setattr(runs, "_minutely", [lambda: done.append("minute")])
    engine = app.extensions["queue"]
    with working(app, work, threads=1), ticking.ticking(engine.tick, engine.tick_hourly):
        promise(app, "slow", which="first")
        eventually(lambda: work.begun)
        before = len(done)
        eventually(lambda: len(done) > before + 2)
        assert not work.go_on.is_set()


def test_ticks_come_one_at_a_time_and_outlive_one_that_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ticking, "EVERY_SECONDS", 0.001)
    monkeypatch.setattr(ticking, "TICKS_AN_HOUR", 3)
    told: list[str] = []
    inside = threading.Lock()

    def minute() -> None:
        assert inside.acquire(blocking=False)
        told.append("minute")
        threading.Event().wait(0.005)
        inside.release()
        raise ValueError("one that fails")

    with ticking.ticking(minute, lambda: told.append("hour")):
        eventually(lambda: told.count("hour") >= 2)
    assert told[:5] == ["minute", "hour", "minute", "minute", "minute"]
    count = len(told)
    threading.Event().wait(0.05)
    assert len(told) == count, "the end is the end"
