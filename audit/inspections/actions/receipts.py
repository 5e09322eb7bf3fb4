"""What devices have sent, kept as it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict
from audit.journal.actions import record

from ..models import Inspection, InspectionReceipt
from ..queries import receipts_of
from ..rules import Receipt

OLDER = _("这台设备已经发来过这次检查更新的内容，这一份较旧，没有采用。")


@dataclass(frozen=True)
class Delivery:
    """`counter` orders what one device sends; `told_at` is its clock, which orders nothing."""

    digest: str
    content: Mapping[str, Any]
    device: UUID
    counter: int
    told_at: datetime | None = None


class Older(Conflict):
    message = OLDER


def check_order(inspection_id: UUID, sent: Delivery) -> None:
    """Raises `Older` where this device has sent something newer of it already."""
    for one in receipts_of(inspection_id):
        is_newer = one.device == sent.device and one.counter > sent.counter
        if is_newer and one.outcome is not Receipt.CONFLICT:
            raise Older


def keep_receipt(inspection_id: UUID, sent: Delivery, outcome: Receipt, actor: Actor) -> None:
    """Of each content one row, with what has become of it by now. What conflicts is journaled: it
    waits for somebody to look at it."""
    key = (inspection_id, sent.digest, actor.id)
    kept = db.session.get(InspectionReceipt, key)
    if kept is not None:
        kept.outcome, kept.counter = outcome, max(kept.counter, sent.counter)
        return
    db.session.add(
        InspectionReceipt(
            inspection_id=inspection_id,
            digest=sent.digest,
            sender_id=actor.id,
            sender_name=actor.name,
            device=sent.device,
            counter=sent.counter,
            told_at=sent.told_at,
            received_at=now(),
            outcome=outcome,
            content=dict(sent.content),
        )
    )
    if outcome is Receipt.CONFLICT:
        about = db.session.get_one(Inspection, inspection_id)
        detail = {"digest": sent.digest}
        record(
            actor, "keep_aside", "inspection", inspection_id,
            district=about.district_code, detail=detail,
        )  # fmt: skip
    db.session.flush()
