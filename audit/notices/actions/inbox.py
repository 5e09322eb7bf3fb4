from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.ids import new_id
from audit.core.text import Text

from ..models import Notice
from ..queries import active_among, get_notice
from ..rules import LONGEST_ADDRESS, Topic, plain_line, plain_lines
from .sending import promise


def tell(
    people: Collection[UUID],
    subject: Text,
    body: Text,
    address: str,
    topic: Topic,
    *,
    at: datetime | None = None,
) -> int:
    """Write a message into the inbox of each, in the caller's transaction. How many got it.

    Who has no open account any more gets none. `address`: a path of ours to go on to, or nothing.
    `at`: when what it tells of happened. No text of a person may stand in it: it leaves by mail.
    """
    if address and (not address.startswith("/") or len(address) > LONGEST_ADDRESS):
        raise ValueError(f"no path of ours: {address[:80]}")
    moment = at or now()
    notices = [
        Notice(
            id=new_id(),
            user_id=user_id,
            topic=topic,
            subject_zh=plain_line(subject.zh),
            subject_en=plain_line(subject.en),
            body_zh=plain_lines(body.zh),
            body_en=plain_lines(body.en),
            address=address,
            created_at=moment,
        )
        for user_id in active_among(people)
    ]
    db.session.add_all(notices)
    promise(notices)
    return len(notices)


def mark(notice_id: UUID, actor: Actor, *, read: bool) -> Notice:
    """Raises `NotFound` for somebody else's."""
    notice = get_notice(notice_id, actor)
    notice.read_at = (notice.read_at or now()) if read else None
    return notice


def mark_all(actor: Actor, topic: Topic | None = None) -> None:
    """All of one's own that are unread now, or those of one topic."""
    mine = [Notice.user_id == actor.id, Notice.read_at.is_(None)]
    if topic is not None:
        mine.append(Notice.topic == topic)
    db.session.execute(update(Notice).where(*mine).values(read_at=now()))
