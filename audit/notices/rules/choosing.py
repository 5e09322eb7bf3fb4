"""What of the inbox also leaves by mail or SMS, and when. Shipped choices are ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock_time
from enum import StrEnum

from audit.core.clock import HERE, here
from audit.core.text import Text

from .texts import Topic


class Channel(StrEnum):
    MAIL = "mail"
    SMS = "sms"


class Pace(StrEnum):
    NEVER = "never"
    ONCE = "once"
    DAILY = "daily"


OFFERED: Mapping[Pace, Text] = {
    Pace.NEVER: Text("不发", "No"),
    Pace.ONCE: Text("马上发", "At once"),
    Pace.DAILY: Text("每天汇总一次", "In one message a day"),
}
HOURS = range(6, 22)  # of the daily message: nobody is woken
# For whoever gave an address and chose nothing. A short message costs money and disturbs.
DEFAULTS: Mapping[Channel, Mapping[Topic, Pace]] = {
    Channel.MAIL: {
        Topic.TODO: Pace.ONCE,
        Topic.DEADLINE: Pace.DAILY,
        Topic.OUTCOME: Pace.DAILY,
        Topic.NEWS: Pace.NEVER,
        Topic.PLATFORM: Pace.ONCE,
    },
    Channel.SMS: {
        Topic.TODO: Pace.DAILY,
        Topic.DEADLINE: Pace.DAILY,
        Topic.OUTCOME: Pace.NEVER,
        Topic.NEWS: Pace.NEVER,
        Topic.PLATFORM: Pace.NEVER,
    },
}


Paces = Mapping[tuple[Channel, Topic], Pace]


@dataclass(frozen=True)
class Wishes:
    """Where a person wants to be reached, and how soon with what."""

    mail: str = ""
    phone: str = ""
    language: str = "zh"
    digest_hour: int = 8
    paces: Paces = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """To somebody who has no account. `address`: a path of ours that opens by itself."""

    channel: Channel
    to: str
    subject: str
    body: str
    address: str
    language: str


def pace_of(chosen: Paces, channel: Channel, topic: Topic) -> Pace:
    return chosen.get((channel, topic), DEFAULTS[channel][topic])


def next_digest(moment: datetime, hour: int) -> datetime:
    """The next time the clock on the wall shows this hour."""
    day = here(moment).date()
    due = datetime.combine(day, clock_time(hour), HERE)
    return (
        due if due > moment else datetime.combine(day + timedelta(days=1), clock_time(hour), HERE)
    )
