"""What leaves by mail or SMS: taken by the job, settled after it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from audit.accounts.models import User
from audit.core.clock import now
from audit.core.db import db
from audit.core.text import Text

from ..models import Delivery
from ..queries import find_contact, next_due, of_digest
from ..rules import NOWHERE, Channel, DeliveryState, Topic, next_try, plain_line
from .inbox import tell
from .sending import address_of

LONGEST_ERROR = 300
AFTER_A_DEATH = timedelta(hours=1)  # of the worker that had it in hand at its last try
NOT_THERE = Text("您发出的一封信没有送到", "A letter that you sent did not arrive")
NOT_THERE_MORE = Text(
    "里面的内容已经删除，不会再试。请打开看原因，再发一次。",
    "What it said has been erased and it will not be tried again. Open to see why, and send it "
    "once more.",
)


@dataclass(frozen=True)
class Item:
    subject: str
    body: str
    address: str
    topic: Topic


@dataclass(frozen=True)
class Parcel:
    """One mail or short message, as plain values: while it is on its way, no transaction is open.
    Without items it asks whether the address is right; `outside`: to somebody without an account,
    with an address of ours that opens by itself."""

    ids: tuple[UUID, ...]
    user_id: UUID
    channel: Channel
    to: str
    language: str
    digest: bool
    items: tuple[Item, ...]
    outside: bool = False

    def kept_back(self, text: str) -> str:
        """What a server said, without the address of the reader or a link that opens by itself."""
        private = [self.to] + [one.address.split("/")[-1] for one in self.items if self.outside]
        for one in private:
            text = re.sub(re.escape(one), "…", text, flags=re.IGNORECASE) if one else text
        return text


def take_next() -> Parcel | None:
    """What is due first, in the caller's transaction. It is due again later, so that who dies with
    it in hand loses nothing; a mail then bears the same number. Has nowhere to go: given up."""
    while (first := next_due()) is not None:
        together = list(of_digest(first)) if first.digest else [first]
        parcel, moment = _letter(first) if first.about else _message(together), now()
        if parcel is None:
            for one in together:
                _close(one, DeliveryState.GIVEN_UP, NOWHERE)
            db.session.flush()
            continue
        for one in together:
            one.attempts += 1
            one.due_at = next_try(one.attempts, moment) or moment + AFTER_A_DEATH
        return parcel
    return None


def settle(parcel: Parcel, error: str = "", *, for_good: bool = False) -> None:
    """What became of it; `error`: it did not leave, `for_good`: and never will."""
    for one in db.session.scalars(select(Delivery).where(Delivery.id.in_(parcel.ids))):
        if not error:
            _close(one, DeliveryState.SENT)
            continue
        later = next_try(one.attempts, now())
        if for_good or later is None:
            _close(one, DeliveryState.GIVEN_UP, error)
        else:
            one.state, one.due_at = DeliveryState.FAILED, later
            one.error = plain_line(error, LONGEST_ERROR)


def _close(one: Delivery, state: DeliveryState, error: str = "") -> None:
    """Of a letter nothing is left but that there was one; who sent it hears where it failed."""
    one.state, one.done_at, one.error = state, now(), plain_line(error, LONGEST_ERROR)
    if one.about:
        one.recipient = one.letter = ""
        if state is DeliveryState.GIVEN_UP:
            tell([one.user_id], NOT_THERE, NOT_THERE_MORE, one.about, Topic.PLATFORM)


def _message(together: Sequence[Delivery]) -> Parcel | None:
    """None where its reader cannot be reached any more."""
    first = together[0]
    contact = find_contact(first.user_id)
    to = address_of(contact, first.channel, unconfirmed=first.notice_id is None)
    if contact is None or not to or not _is_active(first.user_id):
        return None
    notices, language = [one.notice for one in together if one.notice], contact.language
    items = [
        Item(one.subject(language), one.body(language), one.address, one.topic) for one in notices
    ]
    ids = tuple(one.id for one in together)
    return Parcel(
        ids, first.user_id, first.channel, to, language, first.digest, tuple(items)
    )  # fmt: skip


def _letter(one: Delivery) -> Parcel | None:
    """None where what it says cannot be read any more: the key that sealed it is gone."""
    if not one.recipient or not one.letter:
        return None
    said = json.loads(one.letter)
    item = Item(said["subject"], said["body"], said["address"], Topic.TODO)
    return Parcel(
        (one.id,), one.user_id, one.channel, one.recipient, said["language"], False, (item,), True
    )  # fmt: skip


def _is_active(user_id: UUID) -> bool:
    return db.session.scalar(select(User.active).where(User.id == user_id)) is True
