"""What leaves by mail or SMS is promised with the message, in its transaction."""

from collections.abc import Sequence

from audit.core.clock import now
from audit.core.db import db
from audit.core.ids import new_id
from audit.core.sealing import unseal

from ..models import Contact, Delivery, Notice
from ..queries import chosen_by, contacts_of, open_channels
from ..rules import Channel, DeliveryState, Pace, Paces, next_digest, pace_of


def promise(notices: Sequence[Notice]) -> None:
    """Deliveries of what their readers want to have elsewhere too, in the caller's transaction."""
    channels = open_channels()
    if not channels or not notices:
        return
    people = {one.user_id for one in notices}
    contacts = contacts_of(people)
    paces = chosen_by(contacts)
    db.session.flush()
    for notice in notices:
        contact = contacts.get(notice.user_id)
        if contact is not None:
            chosen = paces.get(notice.user_id, {})
            db.session.add_all(_deliveries(notice, contact, chosen, channels))


def _deliveries(
    notice: Notice, contact: Contact, chosen: Paces, channels: Sequence[Channel]
) -> list[Delivery]:
    moment = now()
    found = []
    for channel in channels:
        pace = pace_of(chosen, channel, notice.topic)
        if pace is Pace.NEVER or not address_of(contact, channel):
            continue
        daily = pace is Pace.DAILY
        due = next_digest(moment, contact.digest_hour) if daily else moment
        found.append(
            Delivery(
                id=new_id(), user_id=notice.user_id, notice_id=notice.id, channel=channel,
                digest=daily, state=DeliveryState.PENDING, due_at=due,
            )
        )  # fmt: skip
    return found


def address_of(contact: Contact | None, channel: Channel, *, unconfirmed: bool = False) -> str:
    if contact is None:
        return ""
    if channel is Channel.SMS:
        return unseal(contact.phone)
    known = contact.mail_confirmed_at is not None or unconfirmed
    return unseal(contact.mail) if known else ""
