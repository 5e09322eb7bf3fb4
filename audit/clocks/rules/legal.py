"""The clock of the procuratorate's recommendation. It is law, and no limit that a city sets.

A department acts and answers in writing within two months of receiving the recommendation, within
fifteen days where the harm goes on growing (两高检察公益诉讼司法解释第二十一条; the words of the
amended text are still to be checked: 条文待核).
"""

import calendar
from datetime import date, datetime, timedelta

from audit.core.text import Text

from .limits import end_of

MONTHS, URGENT_DAYS = 2, 15
UNVERIFIED = True
SOURCE = Text(
    "两高检察公益诉讼司法解释第二十一条",
    "Article 21 of the judicial interpretation on procuratorial public-interest litigation",
)


def reply_due(received: date, *, urgent: bool) -> datetime:
    """The first moment at which the answer is late. The day of receipt is not counted, and the
    last day counts to its end; where a month has no such day, its last one."""
    if urgent:
        return end_of(received + timedelta(days=URGENT_DAYS))
    place = received.month - 1 + MONTHS
    year, month = received.year + place // 12, place % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return end_of(date(year, month, min(received.day, last)))
