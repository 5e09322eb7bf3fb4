"""Limits and working days on screen: what holds, who chose it, and changing it."""

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.rules import covers
from audit.checklists.loader import all_checklists
from audit.checklists.rules import DEFECTS
from audit.core.actors import May
from audit.core.clock import now, today
from audit.core.db import transaction
from audit.core.errors import Invalid, NotFound
from audit.core.language import current_language
from audit.core.scopes import named
from audit.districts.queries import responsible_districts
from audit.findings.rules import SEVERITIES
from audit.queue.runs import later
from audit.web.access import current_actor, needs, signed_in
from audit.web.reasons import Sent

from . import actions, queries
from .forms import NO_LIMIT, parse_day, parse_limit, parse_scope, parse_year
from .models import LimitChange
from .rules import PARTS, STAGES, UNITS, Scope, Stage, WorkingDays

bp = Blueprint("clocks", __name__, url_prefix="/clocks")
FOLLOW_CALENDAR = "follow_calendar"
WARN_AHEAD = timedelta(days=90)
Options = dict[str, list[tuple[str, str]]]
SAID = ("severity", "defect", "outcome", "rule", "district")
OUTCOMES = ("web", "upkeep", "service", "breach", "nonconforming", "below")


@dataclass(frozen=True)
class Row:
    """One limit that holds, in words."""

    scope: Scope
    what: str
    limit: str
    chosen: bool

    @property
    def address(self) -> dict[str, str]:
        return address(self.scope)


def address(scope: Scope) -> dict[str, str]:
    """What names a scope in an address."""
    return {"stage": str(scope.stage)} | named(scope, PARTS)


@bp.get("/")
@signed_in
def index() -> str:
    return _index({}, {})


@bp.get("/limit")
@signed_in
def limit() -> ResponseReturnValue:
    """Change the limit of the scope that the address names; without one, name it."""
    scope = parse_scope(request.args)
    held = queries.rulebook().limits_at(now()).limits.get(scope) if scope else None
    typed = {name: request.args.get(name, "")[:80] for name in ("stage", *PARTS)}
    typed |= {"amount": "", "unit": "", "why": ""}
    if held:
        typed["amount"] = "" if held.amount is None else str(held.amount)
        typed["unit"] = NO_LIMIT if held.amount is None else str(held.unit)
    return _limit_page(Sent(typed))


@bp.post("/limit")
@needs(May.CHOOSE_SETTINGS)
def choose_limit() -> ResponseReturnValue:
    sent = Sent.of(request.form, "stage", *PARTS, "amount", "unit")
    scope = parse_scope(request.form)
    if scope is None:
        sent.problems["stage"] = _("请从列表中选一项。")
    again = request.form.get("action") == "default"
    chosen = None if again else parse_limit(sent)
    if sent.problems or scope is None:
        return _limit_page(sent)
    if not _is_known(scope):
        raise NotFound
    with transaction():
        changed = actions.choose_limit(scope, chosen, sent.why, current_actor())
    flash(_("期限已更改，对以后开始的环节生效。") if changed else _("没有变化。"), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("/day")
@needs(May.CHOOSE_SETTINGS)
def set_day() -> ResponseReturnValue:
    sent = Sent.of(request.form, "day", "working")
    day = parse_day(sent)
    if sent.typed["working"] not in ("yes", "no"):
        sent.problems["working"] = _("请从列表中选一项。")
    if sent.problems or day is None:
        return _index({"day": sent}, sent.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            actions.set_day(day, sent.typed["working"] == "yes", sent.why, current_actor())
            later(FOLLOW_CALENDAR)
    except Invalid as error:
        sent.problems.update({name: str(text) for name, text in error.problems.items()})
        return _index({"day": sent}, sent.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("已记下。按工作日计算的期限会跟着重算。"), "success")
    return redirect(url_for(".index", _anchor="days"), HTTPStatus.SEE_OTHER)


@bp.post("/year")
@needs(May.CHOOSE_SETTINGS)
def know_year() -> ResponseReturnValue:
    sent = Sent.of(request.form, "year")
    year = parse_year(sent)
    if sent.problems:
        return _index({"year": sent}, sent.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction():
        actions.know_year(year, sent.why, current_actor())
    flash(_("已记下：%(year)s 年的节假日已经录全。", year=year), "success")
    return redirect(url_for(".index", _anchor="days"), HTTPStatus.SEE_OTHER)


def _index(sent: dict[str, Sent], problems: dict[str, str]) -> str:
    book, options = queries.rulebook(), _options()
    return render_template(
        "clocks/index.html",
        rows=[row for stage in Stage for row in _rows(book, stage, options)],
        years=[_year(book.days, year) for year in sorted(book.days.years, reverse=True)],
        missing=missing_year(book.days, today()),
        limit_changes=[(row, _in_words(row, options)) for row in queries.limit_changes()],
        day_changes=queries.day_changes(),
        sent=sent,
        problems=problems,
        may=covers(current_actor(), May.CHOOSE_SETTINGS, None),
    )


def missing_year(days: WorkingDays, day: date) -> int | None:
    """The year into which deadlines already reach and whose holidays nobody has entered."""
    ahead = day + WARN_AHEAD
    return next((one.year for one in (day, ahead) if not days.knows(one)), None)


def _rows(book: queries.Rulebook, stage: Stage, options: Options) -> list[Row]:
    limits = book.limits_at(now()).limits
    scopes = sorted((one for one in limits if one.stage is stage), key=lambda one: one.rank)
    shipped = queries.SHIPPED_LIMITS.limits
    return [
        Row(
            one,
            scope_words(one, options),
            limits[one].words.in_(current_language()),
            shipped.get(one) != limits[one],
        )
        for one in scopes
    ]


def _year(days: WorkingDays, year: int) -> dict[str, object]:
    return {
        "year": year,
        "free": sorted(day for day in days.free if day.year == year),
        "worked": sorted(day for day in days.worked if day.year == year),
        "count": days.between(date(year - 1, 12, 31), date(year, 12, 31)),
    }


def _in_words(row: LimitChange, options: Options) -> str:
    held = queries.limit_of(row)
    what = scope_words(queries.scope_of(row), options)
    if held is None:
        return str(_("%(what)s：恢复默认", what=what))
    return str(_("%(what)s：改为 %(limit)s", what=what, limit=held.words.in_(current_language())))


def scope_words(scope: Scope, options: Options) -> str:
    """Which cases a limit is for: "整改 · S1 · 雁江区"."""
    names = [dict(options[part]).get(value, value) for part, value in named(scope, SAID).items()]
    return " · ".join([STAGES[scope.stage].in_(current_language()), *names])


def _options() -> Options:
    """What each part of a scope can be, with its name."""
    language = current_language()
    items = [
        (item.id, f"{one.title.in_(language)}：{(item.problem or item.ask).in_(language)}")
        for one in all_checklists()
        for item in one.items
    ]
    return {
        "stage": [(str(name), text.in_(language)) for name, text in STAGES.items()],
        "severity": [(name, f"{name} {text.in_(language)}") for name, text in SEVERITIES.items()],
        "defect": [(str(name), text.in_(language)) for name, text in DEFECTS.items()],
        "outcome": [(name, _outcome(name)) for name in OUTCOMES],
        "district": [(one.code, one.title) for one in responsible_districts()],
        "rule": items,
        "unit": [(str(name), text.in_(language)) for name, text in UNITS.items()]
        + [(NO_LIMIT, str(_("不设期限")))],
    }


def _outcome(name: str) -> str:
    words = {
        "web": _("网页无障碍问题"), "upkeep": _("维护/占用问题"), "service": _("服务未落实"),
        "breach": _("不符合强制标准"), "nonconforming": _("不符合现行标准"),
        "below": _("未达现行标准，列入改造"),
    }  # fmt: skip
    return str(words[name])


def _is_known(scope: Scope) -> bool:
    options = _options()
    return all(value in dict(options[part]) for part, value in named(scope, PARTS).items())


def _limit_page(sent: Sent) -> ResponseReturnValue:
    page = render_template(
        "clocks/limit.html",
        options=_options(),
        sent=sent,
        may=covers(current_actor(), May.CHOOSE_SETTINGS, None),
    )
    return page, sent.status
