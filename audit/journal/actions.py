from collections.abc import Mapping
from typing import Any

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db

from .models import JournalEntry, JournalHead
from .queries import content_of
from .rules import FIRST, chain


def record(
    actor: Actor,
    verb: str,
    kind: str,
    subject_id: object,
    *,
    district: str | None = None,
    why: str = "",
    detail: Mapping[str, Any] | None = None,
) -> JournalEntry:
    """Write one act into the chain, in the caller's transaction.

    `detail` must be JSON and hold no personal data beyond ids: the journal is never rewritten.
    """
    head = db.session.get(JournalHead, 1, with_for_update=True, populate_existing=True)
    if head is None:
        head = JournalHead(id=1, seq=0, hash=FIRST)
        db.session.add(head)
    entry = JournalEntry(
        seq=head.seq + 1,
        at=now(),
        actor_id=actor.id,
        actor_name=actor.name,
        verb=verb,
        kind=kind,
        subject_id=str(subject_id),
        district_code=district,
        why=why,
        detail=dict(detail or {}),
        previous=head.hash,
    )
    entry.hash = chain(head.hash, content_of(entry))
    head.seq, head.hash = entry.seq, entry.hash
    db.session.add(entry)
    db.session.flush()
    return entry
