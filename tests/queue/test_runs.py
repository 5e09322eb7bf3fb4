"""Work that is promised is done at least once, however workers and messages fail."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from audit.core import clock
from audit.core.db import Counter, db, next_number, transaction
from audit.queue import runs
from audit.queue.models import JobRun, RunState
from audit.queue.runs import MAX_ATTEMPTS, Run, claim, do, job, later, sweep
from tests.core.test_transactions import in_threads

Work = Callable[..., None]


@pytest.fixture
def work() -> Iterator[dict[str, Work]]:
    """The job `test` does what stands under `do` here."""
    doing: dict[str, Work] = {"do": lambda _run: None}

    @job("test")
    def test(run: Run, **arguments: str) -> None:
        doing["do"](run, **arguments)

    yield doing
    runs._jobs.pop("test")


@pytest.fixture
def promised(app: Flask, work: dict[str, Work]) -> UUID:
    """A run that waits for a worker."""
    with app.app_context(), transaction():
        return later("test")


def row(run_id: UUID) -> JobRun:
    return db.session.get_one(JobRun, run_id, populate_existing=True)


def messages(app: Flask) -> int:
    waiting: int = app.extensions["queue"].waiting()
    return waiting


def after(seconds: float) -> object:
    return clock.at(clock.now() + timedelta(seconds=seconds))


def test_what_is_promised_is_done_once_and_marked_so(app: Flask, work: dict[str, Work]) -> None:
    done: list[tuple[int, str]] = []
    work["do"] = lambda run, place: done.append((run.attempt, place))
    with app.app_context():
        with transaction():
            run_id = later("test", place="公厕")
        do(str(run_id))
        do(str(run_id))
        assert done == [(1, "公厕")]
        found = row(run_id)
        assert (found.state, found.attempts, found.error) == (RunState.DONE, 1, "")
        assert found.finished_at is not None and found.lease_until is None


def test_a_promise_wakes_a_worker_once_it_is_saved(app: Flask, work: dict[str, Work]) -> None:
    with app.app_context(), transaction():
        later("test")
        assert messages(app) == 0
    assert messages(app) == 1


def test_a_promise_that_is_taken_back_wakes_nobody(app: Flask, work: dict[str, Work]) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            later("test")
            _ = 1 // 0
        assert db.session.scalar(db.select(db.func.count()).select_from(JobRun)) == 0
    assert messages(app) == 0


def test_nobody_promises_a_job_that_does_not_exist(app: Flask) -> None:
    with app.app_context(), pytest.raises(LookupError, match="no job"), transaction():
        later("fly to the moon")


def test_one_of_two_workers_gets_it(app: Flask, promised: UUID) -> None:
    taken: list[Run] = []

    def try_it() -> None:
        run = claim(promised)
        if run is not None:
            taken.append(run)

    in_threads(app, try_it, 6)
    assert [run.attempt for run in taken] == [1]


def test_what_a_dead_worker_left_is_done_by_another(
    app: Flask, promised: UUID, work: dict[str, Work]
) -> None:
    done: list[int] = []
    work["do"] = lambda run: done.append(run.attempt)
    with app.app_context():
        assert claim(promised) is not None  # and then its worker is killed
        with after(59):
            assert sweep() == []
            do(str(promised))
            assert done == [], "the lease still holds"
        with after(61):
            assert sweep() == [promised]
            do(str(promised))
        assert done == [2]
        assert row(promised).state is RunState.DONE


def test_a_run_whose_worker_always_dies_fails_after_three_attempts(
    app: Flask, promised: UUID
) -> None:
    with app.app_context():
        for attempt in range(MAX_ATTEMPTS):
            with after(61 * attempt):
                run = claim(promised)
                assert run is not None and run.attempt == attempt + 1
        with after(61 * MAX_ATTEMPTS):
            assert claim(promised) is None
            assert sweep() == []
            found = row(promised)
            assert (found.state, found.error) == (RunState.FAILED, "its worker died")
            assert found.finished_at is not None and found.lease_until is None
            assert sweep() == []


def test_a_run_that_fails_is_tried_three_times_and_keeps_its_reason(
    app: Flask, promised: UUID, work: dict[str, Work], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(run: Run) -> None:
        next_number("half")
        raise OSError(f"no room, attempt {run.attempt}\0")

    work["do"] = fail
    with app.app_context():
        for attempt in range(1, MAX_ATTEMPTS + 1):
            do(str(promised))
            found = row(promised)
            assert (found.attempts, found.error) == (
                attempt,
                f"OSError: no room, attempt {attempt}",
            )
            assert found.state is (RunState.QUEUED if attempt < MAX_ATTEMPTS else RunState.FAILED)
            db.session.rollback()
        do(str(promised))
        assert row(promised).attempts == MAX_ATTEMPTS
        assert db.session.get(Counter, "half") is None, "what it had begun is not saved"
    assert caplog.text.count("job test failed") == MAX_ATTEMPTS


@pytest.fixture
def given_up(app: Flask) -> Iterator[list[tuple[str, str]]]:
    """What the job `sad`, which always fails, learns when it is given up."""
    learnt: list[tuple[str, str]] = []

    def give_up(error: str, place: str) -> None:
        next_number("given up")
        learnt.append((error, place))
        if place == "broken" and len(learnt) == 1:
            raise OSError("no room to write")

    @job("sad", given_up=give_up)
    def sad(_run: Run, place: str) -> None:
        raise OSError(f"no way to {place}")

    yield learnt
    del runs._jobs["sad"], runs._given_up["sad"]


def test_who_waits_for_a_run_that_fails_for_good_learns_why_once(
    app: Flask, given_up: list[tuple[str, str]]
) -> None:
    with app.app_context():
        with transaction():
            run_id = later("sad", place="公厕")
        for attempt in range(1, MAX_ATTEMPTS + 1):
            assert given_up == [], attempt
            do(str(run_id))
        assert given_up == [("OSError: no way to 公厕", "公厕")]
        do(str(run_id))
        assert sweep() == [] and len(given_up) == 1


def test_who_waits_for_a_run_whose_workers_die_learns_it_too(
    app: Flask, given_up: list[tuple[str, str]]
) -> None:
    with app.app_context():
        with transaction():
            run_id = later("sad", place="公厕")
        for attempt in range(MAX_ATTEMPTS):
            with after(61 * attempt):
                assert claim(run_id) is not None
        with after(61 * MAX_ATTEMPTS):
            sweep()
        assert given_up == [("its worker died", "公厕")]
        assert row(run_id).state is RunState.FAILED


def test_a_run_is_given_up_with_what_waits_for_it_or_not_at_all(
    app: Flask, given_up: list[tuple[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        with transaction():
            run_id = later("sad", place="broken")
        for _ in range(MAX_ATTEMPTS):
            do(str(run_id))
        assert row(run_id).state is RunState.RUNNING
        assert db.session.get(Counter, "given up") is None
        assert "could not be given up" in caplog.text
        with after(61):
            sweep()
        assert row(run_id).state is RunState.FAILED
        assert db.session.get_one(Counter, "given up").last == 1


def test_what_failed_once_is_handed_out_again(
    app: Flask, promised: UUID, work: dict[str, Work]
) -> None:
    tries: list[int] = []

    def fail_first(run: Run) -> None:
        tries.append(run.attempt)
        if run.attempt == 1:
            raise OSError("the network was away")

    work["do"] = fail_first
    with app.app_context():
        do(str(promised))
        with after(60):
            assert sweep() == [promised]
            do(str(promised))
        assert tries == [1, 2]
        found = row(promised)
        assert (found.state, found.error) == (RunState.DONE, "")


def test_a_forgotten_wake_up_is_found(app: Flask, promised: UUID) -> None:
    with app.app_context():
        assert sweep() == [], "its message may still be under way"
        with after(31):
            assert sweep() == [promised]


def test_forgotten_runs_are_handed_out_in_their_order(app: Flask, work: dict[str, Work]) -> None:
    with app.app_context():
        ids = []
        for seconds in (0, 1, 2):
            with after(seconds), transaction():
                ids.append(later("test"))
        with after(60):
            assert sweep() == ids


@pytest.mark.parametrize("ending", ["well", "badly"])
def test_a_worker_that_slept_through_its_lease_does_not_undo_the_next(
    app: Flask, promised: UUID, work: dict[str, Work], ending: str
) -> None:
    """A machine that was paused wakes up and finishes, well or badly, while another is at it."""

    def oversleep(_run: Run) -> None:
        with after(61):
            assert claim(promised) == Run(promised, 2)
        if ending == "badly":
            raise OSError("I was late")

    work["do"] = oversleep
    with app.app_context():
        do(str(promised))
        found = row(promised)
        assert (found.state, found.attempts, found.error) == (RunState.RUNNING, 2, "")
        assert found.lease_until is not None


def test_the_lease_is_renewed_while_the_job_works(
    app: Flask, promised: UUID, work: dict[str, Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "BEAT_SECONDS", 0.01)
    renewed = threading.Event()

    def wait_for_a_beat(run: Run) -> None:
        first = row(run.id).lease_until
        db.session.rollback()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not renewed.is_set():
            if row(run.id).lease_until != first:
                renewed.set()
            db.session.rollback()

    work["do"] = wait_for_a_beat
    with app.app_context():
        do(str(promised))
        assert renewed.is_set()
        assert row(promised).state is RunState.DONE


def test_a_beat_that_fails_is_not_the_last(
    app: Flask,
    promised: UUID,
    work: dict[str, Work],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(runs, "BEAT_SECONDS", 0.01)
    real, beats = runs._mine, []
    beaten = threading.Event()

    def fail_first(run: Run) -> object:
        beats.append(run)
        if len(beats) == 1:
            raise OSError("the database was away")
        if len(beats) > 2:
            beaten.set()
        return real(run)

    monkeypatch.setattr(runs, "_mine", fail_first)
    work["do"] = lambda _run: beaten.wait(20)  # type: ignore[assignment]
    with app.app_context():
        do(str(promised))
        assert row(promised).state is RunState.DONE
    assert beaten.is_set()
    assert "the lease was not renewed" in caplog.text


def test_a_run_that_is_not_there_is_nothing_to_do(app: Flask, work: dict[str, Work]) -> None:
    with app.app_context():
        do("01a20cc4-6a75-728a-8e0f-534a558fd192")


def test_a_job_of_an_older_release_fails_with_its_name(app: Flask, promised: UUID) -> None:
    with app.app_context():
        with transaction() as session:
            session.execute(db.update(JobRun).values(job="of_old"))
        do(str(promised))
        assert "of_old" in row(promised).error


@pytest.mark.filterwarnings(  # huey's worker threads leave theirs to the end of the process
    "ignore:<psycopg.Connection:ResourceWarning"
)
def test_the_engine_does_a_run_that_it_is_woken_for(app: Flask, work: dict[str, Work]) -> None:
    """With the real engine and its worker threads, from promise to done."""
    done = threading.Event()
    work["do"] = lambda _run: done.set()
    consumer = app.extensions["queue"].consumer(1)
    consumer.start()
    try:
        with app.app_context():
            with transaction():
                run_id = later("test")
            assert done.wait(30)
            deadline = time.monotonic() + 20
            while row(run_id).state is not RunState.DONE and time.monotonic() < deadline:
                db.session.rollback()
            assert row(run_id).state is RunState.DONE
    finally:
        consumer.stop(graceful=True)
