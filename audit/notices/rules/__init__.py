"""What messages are about, and what reaches whom where. Pure."""

from .choosing import DEFAULTS, HOURS, OFFERED, Channel, Pace, Paces, Wishes, next_digest, pace_of
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
    "HOURS",
    "LONGEST_ADDRESS",
    "LONGEST_SUBJECT",
    "MOST_COUNTED",
    "OFFERED",
    "TOPICS",
    "Channel",
    "DeliveryState",
    "Pace",
    "Paces",
    "Topic",
    "Wishes",
    "mail_problem",
    "next_digest",
    "next_try",
    "pace_of",
    "phone_problem",
    "plain_line",
    "plain_lines",
    "plain_phone",
]
