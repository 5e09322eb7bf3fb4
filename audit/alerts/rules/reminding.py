"""When a clock is told of, to whom, and in which words: before, on and after its last day."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from audit.clocks.rules import SOON, STAGES, Stage
from audit.core.text import Text
from audit.notices.rules import Topic

from .telling import Telling, Who

LAST_DAY = timedelta(days=1)
ASKED_FOR = timedelta(days=2)  # so long a request for more time may wait before it is told of again


class Kind(StrEnum):
    SOON = "soon"
    TODAY = "today"
    LATE = "late"
    GROSS = "gross"
    ASKED = "asked"


WORDS: Mapping[Kind, Text] = {
    Kind.SOON: Text("快到期", "due soon"),
    Kind.TODAY: Text("今天到期", "due today"),
    Kind.LATE: Text("已超期", "late"),
    Kind.GROSS: Text("严重超期", "grossly late"),
    Kind.ASKED: Text("申请延期还没有决定", "waiting for a decision on more time"),
}
LISTED: Mapping[Kind, str] = {
    Kind.SOON: "late=soon",
    Kind.TODAY: "late=soon",
    Kind.LATE: "late=late",
    Kind.GROSS: "late=gross",
    Kind.ASKED: "asked=1",
}
# Whose turn it is; a stage that stands nowhere here is the coordinators'.
TURN: Mapping[Stage, Who] = {
    Stage.DISPATCH: Who.DEPARTMENT,
    Stage.FIX: Who.ORGANISATION,
}


def kind_due(
    since: datetime, due: datetime, gross: datetime | None, moment: datetime
) -> Kind | None:
    """What is to be said of a clock now. Nothing before a day that it was set within: whoever was
    just told that there are two days needs no reminder that there are two days."""
    if gross is not None and moment >= gross:
        return Kind.GROSS
    if moment >= due:
        return Kind.LATE
    if moment >= due - LAST_DAY:
        return Kind.TODAY if since < due - LAST_DAY else None
    return Kind.SOON if due - SOON <= moment and since < due - SOON else None


@cache
def reminder(kind: Kind, stage: Stage) -> Telling:
    """Whose turn it is hears of it; of what is late, who ordered it as well; of what is grossly
    late, the coordinators too."""
    who = [Who.DEPARTMENT if kind is Kind.ASKED else TURN.get(stage, Who.COORDINATORS)]
    if kind in (Kind.LATE, Kind.GROSS) and stage is Stage.FIX:
        who.append(Who.DEPARTMENT)
    if kind is Kind.GROSS:
        who.append(Who.COORDINATORS)
    words, doing = WORDS[kind], STAGES[stage]
    return Telling(
        tuple(dict.fromkeys(who)),
        Topic.DEADLINE,
        Text(
            f"问题 {{number}} {doing.zh}{words.zh}",
            f"Finding {{number}} is {words.en} ({doing.en.lower()})",
        ),
        Text(
            f"{{count}} 个问题{doing.zh}{words.zh}",
            f"{{count}} findings are {words.en} ({doing.en.lower()})",
        ),
        LISTED[kind],
    )
