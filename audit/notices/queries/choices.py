from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from audit.core.db import db
from audit.core.settings import settings

from ..models import Contact, TopicChoice
from ..rules import Channel, Pace, Paces, Topic

SOME = 500  # parameters in one statement


def open_channels() -> tuple[Channel, ...]:
    """Those that the server is set up for."""
    chosen = settings()
    found = ((Channel.MAIL, chosen.smtp_host), (Channel.SMS, chosen.sms_url))
    return tuple(channel for channel, address in found if address)


def find_contact(user_id: UUID | None) -> Contact | None:
    return db.session.get(Contact, user_id) if user_id is not None else None


def contacts_of(people: Collection[UUID]) -> dict[UUID, Contact]:
    """Of those who can be reached beside the inbox."""
    wanted = sorted(people)
    found: list[Contact] = []
    for at in range(0, len(wanted), SOME):
        some = Contact.user_id.in_(wanted[at : at + SOME])
        found += db.session.scalars(select(Contact).where(some)).all()
    return {one.user_id: one for one in found}


def chosen_by(people: Collection[UUID]) -> dict[UUID, Paces]:
    """What each has chosen; whoever chose nothing is left out."""
    wanted = sorted(people)
    found: dict[UUID, dict[tuple[Channel, Topic], Pace]] = {}
    for at in range(0, len(wanted), SOME):
        some = TopicChoice.user_id.in_(wanted[at : at + SOME])
        for row in db.session.scalars(select(TopicChoice).where(some)):
            found.setdefault(row.user_id, {})[row.channel, row.topic] = row.pace
    return dict(found)
