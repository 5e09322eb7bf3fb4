"""Run rows: how work is promised, claimed, kept alive, finished and found again.

    @job("scan_website")
    def scan_website(run: Run, scan_id: str) -> None: ...

    with transaction():
        ...
        later("scan_website", scan_id=str(scan.id))

A run is done at least once: a worker that dies leaves a lease that ends, and the sweeper hands
the run to another. So a job must be safe to run twice. What was waiting for a run that fails for
good learns of it: see `job`.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import Update, and_, or_, select, update

from audit.core.clock import now
from audit.core.db import after_commit, db, transaction
from audit.core.ids import new_id

from .models import JobRun, RunState

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BEAT_SECONDS = 20
MAX_ATTEMPTS = 3
FORGOTTEN = timedelta(seconds=30)  # a queued run whose wake-up message never came


@dataclass(frozen=True)
class Run:
    """What a job knows of itself."""

    id: UUID
    attempt: int


Job = Callable[..., None]
_jobs: dict[str, Job] = {}
_given_up: dict[str, Job] = {}
_slow: set[str] = set()
_minutely: list[Callable[[], object]] = []
_hourly: list[Callable[[], object]] = []


def job(name: str, given_up: Job | None = None, *, slow: bool = False) -> Callable[[Job], Job]:
    """Give a function the name under which `later` can ask for it.

    `given_up(error, **arguments)` is called when a run has failed for good, in the transaction
    that says so. `slow`: takes many minutes, and may not take the last thread of a worker.
    """

    def register(function: Job) -> Job:
        _jobs[name] = function
        if given_up is not None:
            _given_up[name] = given_up
        if slow:
            _slow.add(name)
        return function

    return register


def minutely(function: Callable[[], object]) -> Callable[[], object]:
    """Have the worker call this once a minute; it must be cheap, and safe to run twice."""
    _minutely.append(function)
    return function


def hourly(function: Callable[[], object]) -> Callable[[], object]:
    """Have the worker call this once an hour; it must be safe to run twice."""
    _hourly.append(function)
    return function


def do_minutely() -> None:
    _do_each(_minutely)


def do_hourly() -> None:
    _do_each(_hourly)


def _do_each(functions: list[Callable[[], object]]) -> None:
    """One that fails does not keep the others from running."""
    for function in functions:
        try:
            function()
        except Exception:
            db.session.rollback()
            log.exception("regular work failed: %s", function.__name__)


def later(name: str, **arguments: str) -> UUID:
    """Promise a job in the present transaction; a worker is woken once that is saved."""
    if name not in _jobs:
        raise LookupError(f"no job is called {name}")
    run = JobRun(
        id=new_id(), job=name, arguments=arguments, state=RunState.QUEUED, created_at=now()
    )
    db.session.add(run)
    db.session.flush()
    run_id = run.id
    after_commit(lambda: wake(run_id))
    return run_id


def asked_since(name: str, moment: datetime) -> bool:
    """Whether a job of this name was promised at that moment or later."""
    asked = select(JobRun.id).where(JobRun.job == name, JobRun.created_at >= moment).limit(1)
    return db.session.scalar(asked) is not None


def wake(run_id: UUID) -> None:
    engine = current_app.extensions.get("queue")
    if engine is not None:
        engine.wake(str(run_id))


def do(run_id: str) -> None:
    """Claim a run and do it. Does nothing when another worker holds it or it is finished."""
    run = claim(UUID(run_id))
    if run is None:
        return
    row = db.session.get_one(JobRun, run.id)
    name, arguments = row.job, dict(row.arguments)
    db.session.rollback()  # hold no read transaction while the job works
    try:
        with _Heartbeat(run):
            _jobs[name](run, **arguments)
    except Exception as error:
        log.exception("job %s failed", name)
        _after_failure(run, error)
    else:
        _leave(run, state=RunState.DONE, error="", finished_at=now())


def is_slow(run_id: str) -> bool:
    name = db.session.scalar(select(JobRun.job).where(JobRun.id == UUID(run_id)))
    db.session.rollback()
    return name in _slow


def next_slow() -> list[UUID]:
    """The oldest run of a slow job that was never tried, or none."""
    untried = JobRun.state == RunState.QUEUED, JobRun.attempts == 0, JobRun.job.in_(_slow)
    oldest = select(JobRun.id).where(*untried).order_by(JobRun.created_at).limit(1)
    found = list(db.session.scalars(oldest))
    db.session.rollback()
    return found


def claim(run_id: UUID) -> Run | None:
    """Take a run for this worker, in one statement; None when it is not to be had."""
    moment = now()
    free = or_(
        JobRun.state == RunState.QUEUED,
        and_(JobRun.state == RunState.RUNNING, JobRun.lease_until < moment),
    )
    with transaction() as session:
        taken = session.execute(
            update(JobRun)
            .where(JobRun.id == run_id, free, JobRun.attempts < MAX_ATTEMPTS)
            .values(
                state=RunState.RUNNING,
                attempts=JobRun.attempts + 1,
                lease_until=moment + LEASE,
                worker=f"{socket.gethostname()}:{os.getpid()}",
            )
            .returning(JobRun.attempts)
        ).scalar_one_or_none()
    return None if taken is None else Run(run_id, taken)


def sweep() -> list[UUID]:
    """Runs to hand out again: forgotten ones and those whose worker died.

    A run that died `MAX_ATTEMPTS` times is marked failed instead.
    """
    moment = now()
    lapsed = and_(JobRun.state == RunState.RUNNING, JobRun.lease_until < moment)
    forgotten = and_(JobRun.state == RunState.QUEUED, JobRun.created_at < moment - FORGOTTEN)
    may_try = or_(and_(lapsed, JobRun.attempts < MAX_ATTEMPTS), forgotten)
    with transaction() as session:
        gone = select(JobRun.id).where(lapsed, JobRun.attempts >= MAX_ATTEMPTS)
        died = session.scalars(gone).all()
        again = select(JobRun.id).where(may_try).order_by(JobRun.created_at)
        waiting = list(session.scalars(again))
    for run_id in died:
        _give_up(update(JobRun).where(JobRun.id == run_id, lapsed), "its worker died")
    return waiting


def _after_failure(run: Run, error: Exception) -> None:
    db.session.rollback()
    text = f"{type(error).__name__}: {error}".replace("\0", "")[:2000]
    if run.attempt >= MAX_ATTEMPTS:
        _give_up(_mine(run), text)
    else:
        _leave(run, state=RunState.QUEUED, error=text)


def _give_up(row: Update, error: str) -> None:
    """The run has failed for good, and whoever waits for it learns so, or neither: then the
    sweeper comes back to it."""
    try:
        with transaction() as session:
            failed = session.execute(
                row.values(
                    state=RunState.FAILED, error=error, lease_until=None, finished_at=now()
                ).returning(JobRun.job, JobRun.arguments)
            ).one_or_none()
            if failed is not None and failed.job in _given_up:
                _given_up[failed.job](error, **failed.arguments)
    except Exception:
        log.exception("a run that failed could not be given up: %s", error)


def _leave(run: Run, **outcome: object) -> None:
    """Write down what became of this attempt, unless the lease lapsed and another one has begun."""
    with transaction() as session:
        session.execute(_mine(run).values(lease_until=None, **outcome))


def _mine(run: Run) -> Update:
    """The row, as long as this attempt holds it."""
    return update(JobRun).where(
        JobRun.id == run.id, JobRun.state == RunState.RUNNING, JobRun.attempts == run.attempt
    )


class _Heartbeat:
    """Renews a run's lease from a thread of its own for as long as the job works."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._over = threading.Event()
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._beat, args=(app,), daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: Any) -> None:
        self._over.set()
        self._thread.join(timeout=30)

    def _beat(self, app: Flask) -> None:
        while not self._over.wait(BEAT_SECONDS):
            try:
                with app.app_context(), transaction() as session:
                    session.execute(_mine(self._run).values(lease_until=now() + LEASE))
            except Exception:  # the next beat may succeed; a lease outlives two that do not
                log.exception("run %s: the lease was not renewed", self._run.id)
