from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class SessionAges:
    idle: timedelta
    absolute: timedelta


def has_expired(
    created_at: datetime, seen_at: datetime, moment: datetime, ages: SessionAges
) -> bool:
    return moment - seen_at > ages.idle or moment - created_at > ages.absolute
