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
    The entry is saved with the next flush, at the latest with the commit.
    """
    head = _locked_head()
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
    return entry


def _locked_head() -> JournalHead:
    """The chain's last link, read and locked once in a transaction: writers stand in a line."""
    session = db.session()
    transaction = session.get_transaction()
    kept: tuple[object, JournalHead] | None = session.info.get("journal_head")
    if kept is not None and kept[0] is transaction:
        return kept[1]
    with session.no_autoflush:  # what the act changed is saved together with its entry
        head = session.get(JournalHead, 1, with_for_update=True, populate_existing=True)
    if head is None:
        head = JournalHead(id=1, seq=0, hash=FIRST)
        session.add(head)
    session.info["journal_head"] = (transaction, head)
    return head
