from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from audit.accounts.models import User
from audit.core.actors import Actor
from audit.core.db import db
from audit.core.errors import NotFound

from ..models import Notice
from ..rules import MOST_COUNTED, Topic

PER_PAGE = 30
SOME = 500  # parameters in one statement


@dataclass(frozen=True)
class InboxFilter:
    """Empty fields do not narrow."""

    topic: Topic | None = None
    unread: bool = False
    page: int = 1


def count_unread(actor: Actor) -> int:
    """At most one more than `MOST_COUNTED`: every page asks."""
    mine = select(Notice.id).where(Notice.user_id == actor.id, Notice.read_at.is_(None))
    few = mine.limit(MOST_COUNTED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(few)) or 0


def unread_by_topic(actor: Actor) -> dict[Topic, int]:
    """Topics without any are left out."""
    rows = db.session.execute(
        select(Notice.topic, func.count())
        .where(Notice.user_id == actor.id, Notice.read_at.is_(None))
        .group_by(Notice.topic)
    )
    return {Topic(topic): count for topic, count in rows}


def list_notices(actor: Actor, chosen: InboxFilter) -> tuple[Sequence[Notice], int]:
    """One page of one's own, the newest first, and how many there are in all."""
    where: list[ColumnElement[bool]] = [Notice.user_id == actor.id]
    if chosen.topic is not None:
        where.append(Notice.topic == chosen.topic)
    if chosen.unread:
        where.append(Notice.read_at.is_(None))
    total = db.session.scalar(select(func.count()).select_from(Notice).where(*where)) or 0
    rows = db.session.scalars(
        select(Notice)
        .where(*where)
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(PER_PAGE)
        .offset((chosen.page - 1) * PER_PAGE)
    ).all()
    return rows, total


def get_notice(notice_id: UUID, actor: Actor) -> Notice:
    """One's own. Raises `NotFound` for anybody else's."""
    found = db.session.scalar(
        select(Notice).where(Notice.id == notice_id, Notice.user_id == actor.id)
    )
    if found is None:
        raise NotFound
    return found


def active_among(people: Collection[UUID]) -> list[UUID]:
    """Those who still have an open account, by id."""
    wanted = sorted(set(people))
    found: list[UUID] = []
    for at in range(0, len(wanted), SOME):
        some = User.id.in_(wanted[at : at + SOME])
        found += db.session.scalars(select(User.id).where(some, User.active).order_by(User.id))
    return found
