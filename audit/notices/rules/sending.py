"""How often a delivery is tried, and what an address must look like."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

WAITS = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)
)  # after each failure; then it is given up
MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
PHONE = re.compile(r"\+?[0-9]{5,15}")
LONGEST_MAIL = 254


class DeliveryState(StrEnum):
    PENDING = "pending"
    FAILED = "failed"  # and will be tried again
    SENT = "sent"
    GIVEN_UP = "given_up"


def next_try(attempts: int, moment: datetime) -> datetime | None:
    """After so many failures; None: no more."""
    return moment + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def mail_problem(text: str) -> bool:
    return len(text) > LONGEST_MAIL or not MAIL.fullmatch(text) or ".." in text


def plain_phone(text: str) -> str:
    return re.sub(r"[\s()-]", "", text)


def phone_problem(text: str) -> bool:
    return not PHONE.fullmatch(text)
