"""Does everything agree? Database, journal, map counts, pictures and promised work."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields

import click
from flask.cli import with_appcontext
from sqlalchemy import select, text
from sqlalchemy.orm import selectinload

from audit.core.clock import now
from audit.core.db import db, is_sqlite, transaction
from audit.documents.checking import check_documents
from audit.findings.actions import (
    miscounted,
    rebuild_milestones,
    recount,
    strayed_milestones,
)
from audit.findings.models import Finding
from audit.findings.rules import Life, replay
from audit.journal.queries import first_broken_link
from audit.photos.checking import check_photos
from audit.photos.storage import StorageAway
from audit.queue.models import JobRun, RunState
from audit.webscan.checking import check_scan_pictures

CLOCK = ("stage", "clock_since", "limit_amount", "limit_unit")


def fsck(repair: bool = False) -> list[str]:
    """One sentence for each thing that does not agree; empty when all is well.

    `repair` counts the map and what figures are made of anew, and deletes picture files that no
    row knows; it touches nothing else.
    """
    checks: tuple[Callable[[bool], Iterator[str]], ...] = (
        _database, _journal, _events, _figures, _map, _pictures, _scan_pictures, _papers, _work,
    )  # fmt: skip
    found: list[str] = []
    for check in checks:
        found += check(repair)
        db.session.rollback()
    return found


def _database(_repair: bool) -> Iterator[str]:
    if not is_sqlite():
        return
    answer = db.session.scalars(text("PRAGMA integrity_check(20)")).all()
    yield from (f"database: {line}" for line in answer if line != "ok")
    for table, row, parent, _ in db.session.execute(text("PRAGMA foreign_key_check")):
        yield f"database: row {row} of {table} points at a missing {parent}"


def _journal(_repair: bool) -> Iterator[str]:
    broken = first_broken_link()
    if broken is not None:
        yield f"journal: entry {broken} does not follow from the one before it"


def _events(_repair: bool) -> Iterator[str]:
    """What is kept of a finding is what its events say."""
    findings = select(Finding).options(
        selectinload(Finding.events), selectinload(Finding.assistants)
    )
    rows = db.session.scalars(findings.order_by(Finding.number).execution_options(yield_per=500))
    for finding in rows:
        said = replay(event.told() for event in finding.events)
        wrong = _differences(finding.life(), said)
        if wrong or not finding.events:
            yield f"finding {finding.number}: not what its events say: {', '.join(wrong)}"


def _differences(kept: Life, said: Life) -> list[str]:
    """Clocks that were started without an event (see `start_missing_clocks`) are passed over."""
    unsaid = CLOCK if said.stage is None and kept.stage is not None else ()
    names = [one.name for one in fields(Life) if one.name not in unsaid]
    return [name for name in names if getattr(kept, name) != getattr(said, name)]


def _figures(repair: bool) -> Iterator[str]:
    strayed = list(strayed_milestones())
    yield from (f"finding {number}: it counts otherwise than its events say" for number in strayed)
    if repair and strayed:
        rebuild_milestones()


def _map(repair: bool) -> Iterator[str]:
    wrong = miscounted()
    if not wrong:
        return
    if repair:
        with transaction():
            recount()
    yield f"map: {wrong} cells are miscounted{', counted anew' if repair else ''}"


def _pictures(repair: bool) -> Iterator[str]:
    try:
        report = check_photos(repair=repair)
    except StorageAway:
        yield "picture: the storage does not answer; no picture was checked"
        return
    yield from (f"picture: {one}" for one in report.found)


def _scan_pictures(repair: bool) -> Iterator[str]:
    yield from (f"picture of a scan: {one}" for one in check_scan_pictures(repair=repair))


def _papers(repair: bool) -> Iterator[str]:
    yield from (f"document: {one}" for one in check_documents(repair=repair))


def _work(_repair: bool) -> Iterator[str]:
    lapsed = db.session.scalars(
        select(JobRun.job).where(JobRun.state == RunState.RUNNING, JobRun.lease_until < now())
    )
    for job, count in sorted(Counter(lapsed).items()):
        yield f"work: {count} runs of {job} lost their worker; a running worker takes them up"


@click.command("fsck")
@click.option("--repair", is_flag=True, help="count the map anew, delete files no row knows")
@with_appcontext
def command(repair: bool) -> None:
    """Check that database, journal, map, pictures and work agree; ends with 1 if not."""
    found = fsck(repair)
    for line in found:
        click.echo(line)
    click.echo(f"{len(found)} faults")
    if found:
        raise SystemExit(1)
