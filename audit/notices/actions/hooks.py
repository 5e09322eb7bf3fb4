"""Other systems: registered, told, tried again, stopped when nothing arrives for a day."""

import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit.browser.addresses import host_and_port
from audit.core.actors import SYSTEM, Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.ids import new_id
from audit.core.sealing import seal, unseal
from audit.core.text import Text
from audit.journal.actions import record

from ..models import HookDelivery, Webhook
from ..queries import active_webhooks, administrators, next_hook_due
from ..rules import (
    PATIENCE,
    DeliveryState,
    Event,
    HookTopic,
    Topic,
    next_hook_try,
    plain_line,
    signature,
    wants,
)
from .inbox import tell

LONGEST_ANSWER = 300
STOPPED = Text(
    "推送已停：{host} 一天没有收到", "A webhook was stopped: nothing reached {host} for a day"
)
WHAT_TO_DO = Text(
    "请查明原因，再重新启用；没有送到的可以重发。",
    "Find out why, then start it again; what did not arrive can be sent again.",
)


def register(
    webhook_id: UUID, url: str, topics: Sequence[HookTopic], districts: Sequence[str] | None,
    actor: Actor,
) -> str:  # fmt: skip
    """The secret, which is told once. The caller has checked the address."""
    secret = secrets.token_urlsafe(32)
    db.session.add(
        Webhook(
            id=webhook_id,
            url=url,
            topics=[str(one) for one in topics],
            districts=None if districts is None else list(districts),
            secret=seal(secret),
            created_at=now(),
            created_by_name=actor.name,
        )
    )
    record(actor, "register", "webhook", webhook_id, detail={"host": host_and_port(url)[0]})
    return secret


def set_active(webhook: Webhook, actor: Actor, *, active: bool) -> None:
    """What waits for a stopped one leaves when it is started again."""
    webhook.active, webhook.failing_since = active, None
    record(actor, "start" if active else "stop", "webhook", webhook.id)


def announce(events: Collection[Event]) -> None:
    """To every webhook that wants it, in the caller's transaction."""
    webhooks = active_webhooks() if events else []
    moment = now()
    for webhook in webhooks:
        for event in events:
            if wants(webhook.topics, webhook.districts, event):
                db.session.add(_delivery(webhook.id, event.id, event.topic, _body(event), moment))


def replay(delivery: HookDelivery, actor: Actor) -> None:
    """Once more, under the same id, so that the other side knows it if it has it."""
    db.session.add(
        _delivery(delivery.webhook_id, delivery.event_id, delivery.topic, delivery.body, now())
    )
    record(
        actor, "replay", "webhook", delivery.webhook_id, detail={"event": str(delivery.event_id)}
    )


@dataclass(frozen=True)
class Call:
    """One request, as plain values."""

    id: UUID
    webhook_id: UUID
    url: str
    body: str
    headers: dict[str, str]


def take_hook(resting: Collection[UUID]) -> Call | None:
    """What is due first; it is due again later, whatever becomes of this worker."""
    row = next_hook_due(resting)
    if row is None:
        return None
    moment = now()
    row.attempts += 1
    row.due_at = next_hook_try(row.attempts, moment) or moment + PATIENCE
    timestamp = str(int(moment.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "X-Tantu-Id": str(row.event_id),
        "X-Tantu-Timestamp": timestamp,
        "X-Tantu-Signature": signature(unseal(row.webhook.secret), timestamp, row.body),
    }
    return Call(row.id, row.webhook_id, row.webhook.url, row.body, headers)


def settle_hook(call: Call, status: int | None, milliseconds: int | None, answer: str) -> bool:
    """Whether it arrived: the other side said 2xx."""
    row, webhook = (
        db.session.get_one(HookDelivery, call.id),
        db.session.get_one(Webhook, call.webhook_id),
    )
    row.status, row.milliseconds = status, milliseconds
    row.answer = plain_line(answer, LONGEST_ANSWER)
    arrived = status is not None and 200 <= status < 300
    if arrived:
        row.state, webhook.failing_since = DeliveryState.SENT, None
        return True
    later = next_hook_try(row.attempts, now())
    row.state = DeliveryState.GIVEN_UP if later is None else DeliveryState.FAILED
    row.due_at = later or row.due_at
    _failed(webhook)
    return False


def _failed(webhook: Webhook) -> None:
    moment = now()
    webhook.failing_since = webhook.failing_since or moment
    if webhook.active and moment - webhook.failing_since >= PATIENCE:
        webhook.active = False
        record(SYSTEM, "stop", "webhook", webhook.id)
        host = host_and_port(webhook.url)[0]
        subject = Text(STOPPED.zh.format(host=host), STOPPED.en.format(host=host))
        tell(administrators(), subject, WHAT_TO_DO, f"/webhooks/{webhook.id}", Topic.PLATFORM)


def _delivery(
    webhook_id: UUID, event_id: UUID, topic: HookTopic, body: str, moment: datetime
) -> HookDelivery:
    return HookDelivery(
        id=new_id(), webhook_id=webhook_id, event_id=event_id, topic=topic, body=body,
        state=DeliveryState.PENDING, due_at=moment, created_at=moment,
    )  # fmt: skip


def _body(event: Event) -> str:
    told = {"id": str(event.id), "type": event.topic, "at": event.at.isoformat()}
    return json.dumps(told | {"district": event.district} | dict(event.facts), sort_keys=True)
