"""What messages are about, and what reaches whom where. Pure."""

from .choosing import DEFAULTS, HOURS, OFFERED, Channel, Pace, Paces, Wishes, next_digest, pace_of
from .hooks import (
    HOOK_TOPICS,
    LONGEST_URL,
    PATIENCE,
    Event,
    HookTopic,
    next_hook_try,
    signature,
    wants,
)
from .sending import DeliveryState, mail_problem, next_try, phone_problem, plain_phone
from .texts import (
    LONGEST_ADDRESS,
    LONGEST_SUBJECT,
    MOST_COUNTED,
    TOPICS,
    Topic,
    plain_line,
    plain_lines,
)

__all__ = [
    "DEFAULTS",
    "HOOK_TOPICS",
    "HOURS",
    "LONGEST_ADDRESS",
    "LONGEST_SUBJECT",
    "LONGEST_URL",
    "MOST_COUNTED",
    "OFFERED",
    "PATIENCE",
    "TOPICS",
    "Channel",
    "DeliveryState",
    "Event",
    "HookTopic",
    "Pace",
    "Paces",
    "Topic",
    "Wishes",
    "mail_problem",
    "next_digest",
    "next_hook_try",
    "next_try",
    "pace_of",
    "phone_problem",
    "plain_line",
    "plain_lines",
    "plain_phone",
    "signature",
    "wants",
]
