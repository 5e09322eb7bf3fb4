"""A limit and a working day as they are typed."""

from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.web.fields import plain_digits
from audit.web.reasons import Sent

from .rules import PARTS, Limit, Scope, Stage, Unit

NO_LIMIT = "none"
MOST = {Unit.HOURS: 24 * 366, Unit.DAYS: 3 * 366, Unit.WORKING_DAYS: 750}
YEARS = range(2000, 2101)


def parse_scope(args: MultiDict[str, str]) -> Scope | None:
    """From an address or a form; None where the stage does not exist."""
    try:
        stage = Stage(args.get("stage", ""))
    except ValueError:
        return None
    return Scope(stage, **{name: args.get(name, "")[:80] for name in PARTS})


def parse_limit(sent: Sent) -> Limit:
    """Puts what is wrong into `sent.problems`; the limit is then of no use."""
    if sent.typed["unit"] == NO_LIMIT:
        return Limit(None)
    try:
        unit = Unit(sent.typed["unit"])
    except ValueError:
        sent.problems["unit"] = _("请从列表中选一项。")
        return Limit(None)
    most = MOST[unit]
    try:
        amount = int(plain_digits(sent.typed["amount"]))
    except ValueError:
        amount = 0
    if not 1 <= amount <= most:
        sent.problems["amount"] = _("请填 %(least)s 到 %(most)s 之间的整数。", least=1, most=most)
    return Limit(amount, unit)


def parse_day(sent: Sent) -> date | None:
    try:
        day = date.fromisoformat(plain_digits(sent.typed["day"]))
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        sent.problems["day"] = _("请填一个日期，如 2027-02-08。")
        return None
    return day


def parse_year(sent: Sent) -> int:
    text = plain_digits(sent.typed["year"])
    year = int(text) if text.isdecimal() and len(text) == 4 else 0
    if year not in YEARS:
        sent.problems["year"] = _("请填年份，如 2027。")
    return year
