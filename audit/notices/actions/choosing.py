from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import NotFound
from audit.core.ids import new_id
from audit.core.sealing import seal, unseal
from audit.journal.actions import record

from ..models import Contact, Delivery, TopicChoice
from ..queries import find_contact
from ..rules import Channel, DeliveryState, Paces, Wishes

MOST_QUESTIONS = 5  # a day


def keep_wishes(wishes: Wishes, actor: Actor) -> bool:
    """A mail address is asked first whether it is right, at most five times a day. Whether that
    happens now. The journal says that something was chosen, never which address."""
    if actor.id is None:
        raise NotFound
    contact = find_contact(actor.id)
    if contact is None:
        contact = Contact(
            user_id=actor.id, mail="", phone="", language=wishes.language,
            digest_hour=wishes.digest_hour,
        )  # fmt: skip
        db.session.add(contact)
    if wishes.mail != unseal(contact.mail):
        contact.mail, contact.mail_confirmed_at = seal(wishes.mail), None
    if wishes.phone != unseal(contact.phone):
        contact.phone = seal(wishes.phone)
    contact.language, contact.digest_hour = wishes.language, wishes.digest_hour
    _keep_paces(actor.id, wishes.paces)
    db.session.flush()
    asks = bool(wishes.mail) and contact.mail_confirmed_at is None and _may_ask(actor.id)
    if asks:
        db.session.add(_question(actor.id))
    record(actor, "choose_channels", "user", actor.id)
    return asks


def confirm_mail(user_id: UUID, mail: str, actor: Actor) -> None:
    """Raises `NotFound` where it is another person's, or no longer their address."""
    contact = find_contact(user_id)
    if contact is None or actor.id != user_id or not mail or unseal(contact.mail) != mail:
        raise NotFound
    contact.mail_confirmed_at = contact.mail_confirmed_at or now()


def _keep_paces(user_id: UUID, paces: Paces) -> None:
    db.session.execute(delete(TopicChoice).where(TopicChoice.user_id == user_id))
    for (channel, topic), pace in paces.items():
        db.session.add(TopicChoice(user_id=user_id, channel=channel, topic=topic, pace=pace))


def _may_ask(user_id: UUID) -> bool:
    """Nobody sends mail to strangers through us by typing one address after the other."""
    lately = (
        Delivery.notice_id.is_(None),
        Delivery.about == "",
        Delivery.due_at > now() - timedelta(days=1),
    )
    asked = select(func.count()).where(Delivery.user_id == user_id, *lately)
    return (db.session.scalar(asked) or 0) < MOST_QUESTIONS


def _question(user_id: UUID) -> Delivery:
    return Delivery(
        id=new_id(),
        user_id=user_id,
        notice_id=None,
        channel=Channel.MAIL,
        digest=False,
        state=DeliveryState.PENDING,
        due_at=now(),
    )
