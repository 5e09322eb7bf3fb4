"""Make what figures are counted from anew, from the events alone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from uuid import UUID

from sqlalchemy import exists, select

from audit.clocks.queries import rulebook
from audit.core.db import db, transaction

from ..models import Finding, FindingEvent
from ..rules import FINAL_STATES, Milestones, State, replayed

CHUNK = 500


def rebuild_milestones() -> int:
    """Of every finding, a few hundred in one transaction; how many were not what their events say.
    Not to be called inside a transaction."""
    changed = 0
    for ids in _chunks():
        with transaction():
            for finding, now in _afresh(ids):
                changed += 1
                finding.pass_milestones(now)
    return changed


def fill_missing_milestones() -> int:
    """As `rebuild_milestones`, where findings are from before there were such figures."""
    past = Finding.state.not_in((State.REPORTED, *sorted(FINAL_STATES - {State.CLOSED})))
    missing = exists().where(past, Finding.confirmed_at.is_(None))
    return rebuild_milestones() if db.session.scalar(select(missing)) else 0


def strayed_milestones() -> Iterator[str]:
    """The numbers of findings whose columns are not what their events say; reads every event."""
    for ids in _chunks():
        yield from (finding.number for finding, _now in _afresh(ids))
        db.session.expire_all()


def _chunks() -> Iterator[Sequence[UUID]]:
    ids = db.session.scalars(select(Finding.id).order_by(Finding.id)).all()
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _afresh(ids: Sequence[UUID]) -> list[tuple[Finding, Milestones]]:
    """Of these findings the ones that differ, with what they should be."""
    rows = db.session.scalars(
        select(FindingEvent)
        .where(FindingEvent.finding_id.in_(ids))
        .order_by(FindingEvent.finding_id, FindingEvent.seq)
    )
    events = {key: list(group) for key, group in groupby(rows, lambda row: row.finding_id)}
    found = []
    for finding in db.session.scalars(select(Finding).where(Finding.id.in_(ids))):
        now = _of(finding, events.get(finding.id, []))
        if now != finding.milestones():
            found.append((finding, now))
    return found


def _of(finding: Finding, events: Sequence[FindingEvent]) -> Milestones:
    """Events from before there were clocks name none: then what the columns say of time stays."""
    now = replayed((event.passage() for event in events), rulebook().days)
    if any("clock" in event.detail for event in events):
        return now
    return replace(now, fix_since=finding.fix_since, fix_due_at=finding.fix_due_at)
