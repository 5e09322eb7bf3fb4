"""A notice to an organisation, and the link by which it answers without an account. Pure.

The link is as good as a key, so only its hash is kept. It opens the findings of its notice and
nothing else, until it expires or is revoked. Opening it confirms nothing: mail scanners open links.
"""

import hashlib
import ipaddress
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from audit.accounts.rules import CODE_ALPHABET, plain_code
from audit.clocks.rules import WorkingDays
from audit.core.actors import Actor, Grant, May, Role
from audit.core.text import Text
from audit.findings.rules import TRANSITIONS, Facts, Needs, Step, Verb, steps_open_to
from audit.notices.rules import Channel

SIGNS = 52  # of an alphabet of 31: more than 256 bits
USE_LASTS = timedelta(days=7)  # then the link is opened once more
MOST_NAME = 20  # signs of the name of whoever signs
LONGEST_NAME = 60  # as an event keeps it
PHONE = re.compile(r"[0-9+\-() （）转]{5,30}")  # with an area code and an extension, if any
# What an organisation says about a finding of its own.
ANSWERS: tuple[Verb, ...] = tuple(one.verb for one in TRANSITIONS if one.may is May.REPORT_FIXED)


class Standing(StrEnum):
    """How far a notice has come."""

    LATE = "late"  # nobody has confirmed the receipt in time
    UNCONFIRMED = "unconfirmed"
    UNANSWERED = "unanswered"  # received, and not everything answered
    ANSWERED = "answered"


STANDINGS: dict[Standing, Text] = {
    Standing.LATE: Text("超过期限没有签收", "Receipt overdue"),
    Standing.UNCONFIRMED: Text("还没有签收", "Receipt not confirmed"),
    Standing.UNANSWERED: Text("已签收，还没有全部答复", "Received, not all answered"),
    Standing.ANSWERED: Text("已全部答复", "All answered"),
}


SUBJECT = Text(
    "整改通知 {number}：{count} 个问题，请在 {due} 前签收",
    "Notice {number}: findings to be fixed: {count}. Please confirm the receipt by {due}",
)
BODIES: dict[Channel, Text] = {
    Channel.MAIL: Text(
        "这是发给 {organisation} 的整改通知。打开下面的地址，就能看照片和要求、签收、报告整改，"
        "不用账号。谁拿到链接，谁就能替单位答复，请只交给办理的人。链接到 {until} 有效。\n"
        "有疑问请找：{contact}",
        "This notice is for {organisation}. The address below shows pictures and requirements; "
        "there you confirm the receipt and report what was fixed, without an account. Whoever has "
        "the link can answer for you: give it only to who deals with it. It opens until {until}.\n"
        "Whom to ask: {contact}",
    ),
    Channel.SMS: Text(
        "链接请只交给办理的人。有疑问找 {contact}", "Give the link only to who deals with it. "
        "Ask {contact}",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """Of one notice: how many findings, how many the organisation has said something about since,
    when the link was opened for the first time, and how often."""

    findings: int = 0
    answered: int = 0
    opened_at: datetime | None = None
    times: int = 0


def standing(confirmed: bool, receipt_due: date, progress: Progress, today: date) -> Standing:
    if not confirmed:
        return Standing.LATE if today > receipt_due else Standing.UNCONFIRMED
    done = progress.answered >= progress.findings
    return Standing.ANSWERED if done else Standing.UNANSWERED


def receipt_due(days: WorkingDays, made_on: date, count: int) -> date:
    """The last day on which the receipt is confirmed in time."""
    return days.after(made_on, count)


def new_secret() -> str:
    """For one link: groups of four signs that cannot be mistaken for each other, since some people
    type it from paper."""
    return plain_code("".join(secrets.choice(CODE_ALPHABET) for _ in range(SIGNS)))


def secret_hash(typed: str) -> str:
    """Whatever the case, width and hyphens of what was typed."""
    return hashlib.sha256(plain_code(typed).encode()).hexdigest()


def is_open(expires_at: datetime, revoked_at: datetime | None, moment: datetime) -> bool:
    return revoked_at is None and moment < expires_at


def network_prefix(address: str | None) -> str:
    """Enough to tell whose network a link was opened from, too little to name a line."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    bits = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network((found, bits), strict=False))


def signed_name(signer: str, organisation: str, number: str) -> str:
    """Who took a step, as its event keeps it: never longer than that allows."""
    room = LONGEST_NAME - len(f"{signer}（，凭通知 {number}）")
    named = organisation if len(organisation) <= room else organisation[: room - 1] + "…"
    return f"{signer}（{named}，凭通知 {number}）"


def organisation_actor(identity: UUID, name: str, organisation_id: UUID) -> Actor:
    """Somebody of this organisation, who may see what it must fix and answer; nobody's account.

    `identity` is the notice's: that organisation is the fixer, so nobody of it re-checks.
    """
    return Actor(identity, name, (Grant(Role.ORGANISATION),), organisation_id)


def answers_open(facts: Facts) -> list[Step]:
    """What its organisation may do about a finding now; none where it is nobody's, or not its
    turn."""
    if facts.organisation_id is None:
        return []
    actor = organisation_actor(facts.organisation_id, "", facts.organisation_id)
    return [
        step
        for step in steps_open_to(facts, actor)
        if step.verb in ANSWERS and Needs.INSPECTION not in step.needs
    ]


def is_phone(text: str) -> bool:
    """Whether it can be dialled: 5 digits or more, and no sign that stands on no telephone."""
    return PHONE.fullmatch(text) is not None and sum(sign.isdigit() for sign in text) >= 5
