"""What other systems are told of, how it is signed, and how long it is tried."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from audit.core.text import Text

PATIENCE = timedelta(days=1)  # so long nothing but failures: then a webhook is stopped
HOOK_WAITS = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 480, 660)
)  # after each failure, a day in all; then it is given up
LONGEST_URL = 500


class HookTopic(StrEnum):
    OPENED = "finding.opened"
    STEP = "finding.step"
    CLOSED = "finding.closed"
    DEADLINE = "finding.deadline"


HOOK_TOPICS: Mapping[HookTopic, Text] = {
    HookTopic.OPENED: Text("发现了问题", "A finding was opened"),
    HookTopic.STEP: Text("问题办了一步", "A finding took a step"),
    HookTopic.CLOSED: Text("问题销号", "A finding was closed"),
    HookTopic.DEADLINE: Text("问题快到期或超期", "A deadline is near or over"),
}


@dataclass(frozen=True)
class Event:
    """`facts`: ids, numbers, words of ours and moments; never a person, a place or a free text."""

    id: UUID
    topic: HookTopic
    district: str
    at: datetime
    facts: Mapping[str, str | None]


def wants(topics: list[str], districts: list[str] | None, event: Event) -> bool:
    return event.topic in topics and (districts is None or event.district in districts)


def signature(secret: str, timestamp: str, body: str) -> str:
    """HMAC-SHA256 over `timestamp.body`, hex: who keeps the timestamp in view takes no old one."""
    return hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()


def next_hook_try(attempts: int, moment: datetime) -> datetime | None:
    """After so many failures; None: no more."""
    return moment + HOOK_WAITS[attempts - 1] if attempts <= len(HOOK_WAITS) else None
