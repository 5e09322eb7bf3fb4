"""How often a delivery is tried, and what an address must look like."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

WAITS = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)
)  # after each failure; then it is given up
PHONE = re.compile(r"\+?[0-9]{5,15}")
MOBILE = re.compile(r"(\+?86)?1[3-9][0-9]{9}")  # of China: an office telephone reads no SMS


class DeliveryState(StrEnum):
    PENDING = "pending"
    FAILED = "failed"  # and will be tried again
    SENT = "sent"
    GIVEN_UP = "given_up"


def next_try(attempts: int, moment: datetime) -> datetime | None:
    """After so many failures; None: no more."""
    return moment + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def plain_phone(text: str) -> str:
    return re.sub(r"[\s()-]", "", text)


def phone_problem(text: str) -> bool:
    return not PHONE.fullmatch(text)


def mobile_in(text: str) -> str:
    """The telephone, where it is one that gets short messages; else nothing."""
    plain = plain_phone(text)
    return plain if MOBILE.fullmatch(plain) else ""
