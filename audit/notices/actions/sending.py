"""What leaves by mail or SMS: promised with the message, taken by the job, settled after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from audit.accounts.models import User
from audit.core.clock import now
from audit.core.db import db
from audit.core.ids import new_id
from audit.core.sealing import unseal

from ..models import Contact, Delivery, Notice
from ..queries import (
    chosen_by,
    contacts_of,
    find_contact,
    next_due,
    of_digest,
    open_channels,
)
from ..rules import (
    Channel,
    DeliveryState,
    Pace,
    Paces,
    Topic,
    next_digest,
    next_try,
    pace_of,
    plain_line,
)

NOWHERE = "no address to send to"
LONGEST_ERROR = 300
AFTER_A_DEATH = timedelta(hours=1)  # of the worker that had it in hand at its last try


@dataclass(frozen=True)
class Item:
    subject: str
    body: str
    address: str
    topic: Topic


@dataclass(frozen=True)
class Parcel:
    """One mail or short message, as plain values: while it is on its way, no transaction is open.
    Without items it asks whether the address is right."""

    ids: tuple[UUID, ...]
    user_id: UUID
    channel: Channel
    to: str
    language: str
    digest: bool
    items: tuple[Item, ...]


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
        if pace is Pace.NEVER or not _address(contact, channel):
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


def _address(contact: Contact | None, channel: Channel, *, unconfirmed: bool = False) -> str:
    if contact is None:
        return ""
    if channel is Channel.SMS:
        return unseal(contact.phone)
    known = contact.mail_confirmed_at is not None or unconfirmed
    return unseal(contact.mail) if known else ""


def take_next() -> Parcel | None:
    """What is due first, in the caller's transaction. It is due again later, so that who dies with
    it in hand loses nothing; a mail then bears the same number. Has nowhere to go: given up."""
    while (first := next_due()) is not None:
        together = list(of_digest(first)) if first.digest else [first]
        contact, moment = find_contact(first.user_id), now()
        to = _address(contact, first.channel, unconfirmed=first.notice_id is None)
        if contact is None or not to or not _is_active(first.user_id):
            for one in together:
                _close(one, DeliveryState.GIVEN_UP, moment, NOWHERE)
            db.session.flush()
            continue
        for one in together:
            one.attempts += 1
            one.due_at = next_try(one.attempts, moment) or moment + AFTER_A_DEATH
        return _parcel(together, contact, to)
    return None


def settle(parcel: Parcel, error: str = "", *, for_good: bool = False) -> None:
    """What became of it; `error`: it did not leave, `for_good`: and never will."""
    moment = now()
    for one in db.session.scalars(select(Delivery).where(Delivery.id.in_(parcel.ids))):
        if not error:
            _close(one, DeliveryState.SENT, moment)
            continue
        later = next_try(one.attempts, moment)
        if for_good or later is None:
            _close(one, DeliveryState.GIVEN_UP, moment, error)
        else:
            one.state, one.due_at = DeliveryState.FAILED, later
            one.error = plain_line(error, LONGEST_ERROR)


def _close(one: Delivery, state: DeliveryState, moment: datetime, error: str = "") -> None:
    one.state, one.done_at, one.error = state, moment, plain_line(error, LONGEST_ERROR)


def _parcel(together: Sequence[Delivery], contact: Contact, to: str) -> Parcel:
    first, language = together[0], contact.language
    notices = [one.notice for one in together if one.notice is not None]
    return Parcel(
        ids=tuple(one.id for one in together),
        user_id=first.user_id,
        channel=first.channel,
        to=to,
        language=language,
        digest=first.digest,
        items=tuple(
            Item(one.subject(language), one.body(language), one.address, one.topic)
            for one in notices
        ),
    )


def _is_active(user_id: UUID) -> bool:
    return db.session.scalar(select(User.active).where(User.id == user_id)) is True
