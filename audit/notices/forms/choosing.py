"""Where a person wants to be reached, as it is typed."""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.core.language import LANGUAGES
from audit.web.fields import mail_problem, one_line, plain_digits

from ..rules import (
    HOURS,
    TOPICS,
    Channel,
    Pace,
    Topic,
    Wishes,
    phone_problem,
    plain_phone,
)

LONGEST = 300


@dataclass
class Typed:
    """What stands in the form, and what to change, by the name of its control."""

    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)


def parse_wishes(sent: MultiDict[str, str]) -> tuple[Wishes | None, Typed]:
    """None where something must be changed."""
    typed = Typed({name: one_line(sent.get(name, ""))[:LONGEST] for name in _names()})
    values = typed.values
    phone = plain_phone(plain_digits(values["phone"]))
    if values["mail"] and mail_problem(values["mail"]):
        typed.problems["mail"] = _("这不是邮箱地址。请填如 wang@example.cn 的地址，或者留空。")
    if phone and phone_problem(phone):
        typed.problems["phone"] = _("这不是电话号码。请填手机号，如 13800138000，或者留空。")
    paces = _paces(typed)
    for name, offered in (("hour", {str(hour) for hour in HOURS}), ("language", set(LANGUAGES))):
        if values[name] not in offered:
            typed.problems[name] = _("请从列表中选一项。")
    if typed.problems:
        return None, typed
    wishes = Wishes(values["mail"], phone, values["language"], int(values["hour"]), paces)
    return wishes, typed


def _paces(typed: Typed) -> dict[tuple[Channel, Topic], Pace]:
    found = {}
    for channel in Channel:
        for topic in TOPICS:
            name = control(channel, topic)
            if typed.values[name] in set(Pace):
                found[channel, topic] = Pace(typed.values[name])
            else:
                typed.problems[name] = _("请从列表中选一项。")
    return found


def control(channel: Channel, topic: Topic) -> str:
    return f"{channel}-{topic}"


def _names() -> list[str]:
    paces = [control(channel, topic) for channel in Channel for topic in TOPICS]
    return ["mail", "phone", "hour", "language", *paces]
