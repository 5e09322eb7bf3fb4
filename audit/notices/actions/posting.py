"""Letters to an address outside, which hold a link that opens by itself."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete

from audit.core.clock import now
from audit.core.db import db
from audit.core.ids import new_id

from ..models import Delivery
from ..queries.sending import WAITING
from ..rules import DeliveryState, Letter, plain_line, plain_lines


def post(letters: Sequence[Letter], about: str, sender_id: UUID) -> None:
    """They leave by the job, after the caller's transaction was saved. `about`: the page of ours to
    which they belong; its sender is told there if one does not arrive."""
    for one in letters:
        said = {
            "subject": plain_line(one.subject),
            "body": plain_lines(one.body),
            "address": one.address,
            "language": one.language,
        }
        db.session.add(
            Delivery(
                id=new_id(), user_id=sender_id, notice_id=None, channel=one.channel, digest=False,
                state=DeliveryState.PENDING, due_at=now(), about=about, recipient=one.to,
                letter=json.dumps(said, ensure_ascii=False),
            )
        )  # fmt: skip


def withdraw(about: str) -> None:
    """What has not left yet never will: its link opens nothing any more."""
    waiting = Delivery.about == about, Delivery.state.in_(WAITING)
    db.session.execute(delete(Delivery).where(*waiting))
