"""Ask for a preview; keep what it has found so far."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from audit.accounts.rules import covers
from audit.checklists.loader import get_checklist
from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import db, is_sqlite
from audit.core.errors import Conflict, NotAllowed
from audit.journal.actions import record
from audit.queue.runs import later

from .models import Rejudging, RejudgingCount, RejudgingRow
from .queries import count_answers, find_under_way
from .rules import Change, State

REJUDGE = "rejudge"
KEPT = timedelta(days=180)  # ours: long enough for a decision to publish to be looked into
BUSY = _("另一份预览正在计算。请等它算完再开始。")
Key = tuple[str, str, Change]


@dataclass
class Batch:
    """What was found at some places. `counts`: by item, district and change, how many answers and
    how many of them the latest; `after_id`: the last of the places."""

    after_id: UUID
    judged: int = 0
    counts: Counter[Key] = field(default_factory=Counter)
    latest: Counter[Key] = field(default_factory=Counter)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, key: Key, *, is_latest: bool) -> None:
        self.counts[key] += 1
        self.latest[key] += is_latest


def start(rejudging_id: UUID, checklist_id: str, edition: str, actor: Actor) -> Rejudging:
    """A worker fills it. One at a time. The same id a second time gives the first one. Raises
    `NotAllowed`, `Conflict`, `UnknownChecklist`."""
    if not covers(actor, May.DECIDE_EDITION, None):
        raise NotAllowed
    known = db.session.get(Rejudging, rejudging_id)
    if known is not None:
        return known
    target, moment = get_checklist(checklist_id, edition), now()
    if find_under_way() is not None:
        raise Conflict(BUSY)
    made = Rejudging(
        id=rejudging_id,
        checklist_id=target.id,
        edition=target.edition,
        content_hash=target.content_hash,
        state=State.UNDER_WAY,
        created_at=moment,
        created_by_id=actor.id,
        created_by_name=actor.name,
        total=count_answers(target.id, moment),
    )
    db.session.add(made)
    db.session.flush()
    detail = {"checklist": target.id, "edition": target.edition, "content": target.content_hash}
    record(actor, "preview", "rejudging", made.id, detail=detail)
    later(REJUDGE, rejudging_id=str(made.id))
    return made


def keep(rejudging_id: UUID, after_id: UUID | None, batch: Batch) -> bool:
    """False, and nothing is kept, where another worker has done these places meanwhile."""
    made = db.session.get_one(Rejudging, rejudging_id)
    if made.state is not State.UNDER_WAY or made.after_id != after_id:
        return False
    made.after_id, made.judged = batch.after_id, made.judged + batch.judged
    _add_counts(rejudging_id, batch.counts, batch.latest)
    if batch.rows:
        db.session.execute(insert(RejudgingRow), batch.rows)
    return True


def finish(made: Rejudging) -> None:
    made.state, made.finished_at = State.DONE, now()


def fail(made: Rejudging, error: str) -> None:
    made.state, made.finished_at, made.error = State.FAILED, now(), error


def forget_old() -> int:
    """Previews that nobody needs any more, with their counts and rows; each can be computed anew.
    How many."""
    old = (Rejudging.created_at < now() - KEPT, Rejudging.state != State.UNDER_WAY)
    gone = db.session.scalars(select(Rejudging.id).where(*old)).all()
    for table in (RejudgingRow.rejudging_id, RejudgingCount.rejudging_id, Rejudging.id):
        db.session.execute(delete(table.class_).where(table.in_(gone)))
    return len(gone)


def _add_counts(rejudging_id: UUID, counts: Mapping[Key, int], latest: Mapping[Key, int]) -> None:
    rows: Sequence[dict[str, Any]] = [
        {"rejudging_id": rejudging_id, "item_id": item, "district_code": district,
         "change": change, "answers": count, "latest": latest[item, district, change]}
        for (item, district, change), count in counts.items()
    ]  # fmt: skip
    if not rows:
        return
    adding = (sqlite.insert if is_sqlite() else postgresql.insert)(RejudgingCount)
    sums = {
        "answers": RejudgingCount.answers + adding.excluded.answers,
        "latest": RejudgingCount.latest + adding.excluded.latest,
    }
    keys = ["rejudging_id", "item_id", "district_code", "change"]
    db.session.execute(adding.on_conflict_do_update(index_elements=keys, set_=sums), rows)
