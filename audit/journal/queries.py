from collections.abc import Sequence
from contextlib import closing
from datetime import datetime

from sqlalchemy import select

from audit.core.db import db

from .models import JournalEntry, JournalHead
from .rules import FIRST, chain, moment_text


def entries_about(kind: str, subject_id: object, limit: int = 200) -> Sequence[JournalEntry]:
    """What was done to one thing, newest first."""
    return db.session.scalars(
        select(JournalEntry)
        .where(JournalEntry.kind == kind, JournalEntry.subject_id == str(subject_id))
        .order_by(JournalEntry.seq.desc())
        .limit(limit)
    ).all()


def last_change(
    kind: str, subject_id: object, verb: str, **detail: object
) -> tuple[str, datetime] | None:
    """Who did this to it last, and when; `detail`: what the entry must say."""
    for entry in entries_about(kind, subject_id):
        if entry.verb == verb and detail.items() <= entry.detail.items():
            return entry.actor_name, entry.at
    return None


def content_of(entry: JournalEntry) -> dict[str, object]:
    """What the hash of an entry is taken over."""
    return {
        "seq": entry.seq,
        "at": moment_text(entry.at),
        "actor_id": str(entry.actor_id) if entry.actor_id else None,
        "actor_name": entry.actor_name,
        "verb": entry.verb,
        "kind": entry.kind,
        "subject_id": entry.subject_id,
        "district_code": entry.district_code,
        "why": entry.why,
        "detail": entry.detail,
    }


def first_broken_link() -> int | None:
    """The `seq` of the first entry that does not follow from the one before; None if whole.

    Where the last ones were cut off, that of the first one missing: the head remembers more.
    Whoever rewrites chain and head together is found only by a copy of the head kept elsewhere.
    Reads every entry in order, a thousand at a time.
    """
    previous, expected = FIRST, 1
    rows = db.session.scalars(
        select(JournalEntry).order_by(JournalEntry.seq).execution_options(yield_per=1000)
    )
    with closing(rows):
        for entry in rows:
            whole = entry.seq == expected and entry.previous == previous
            if not whole or chain(previous, content_of(entry)) != entry.hash:
                return entry.seq
            previous, expected = entry.hash, expected + 1
    head = db.session.get(JournalHead, 1, populate_existing=True)
    seq, last = (head.seq, head.hash) if head is not None else (0, FIRST)
    return None if (seq, last) == (expected - 1, previous) else expected
