from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.checklists.rules import FACTS
from audit.core.clock import today
from audit.core.errors import NotFound
from audit.web.editing import SHOWN
from audit.web.fields import one_line, plain_digits
from audit.web.filters import page_number

from .models import Measure
from .queries import MeasureFilter
from .rules import FIRST_YEAR, LAST_YEAR, MOST_YUAN, MeasureDraft, MeasureKind, MeasureState

LONGEST = 300
NAMES = ("kind", "what", "year", "budget", "organisation", "substitute", SHOWN)


@dataclass
class MeasureForm:
    """`draft` is set when there are no problems."""

    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    warning: str = ""
    draft: MeasureDraft | None = None

    def value(self, name: str) -> str:
        return self.typed.get(name, "")


def form_of(measure: Measure) -> MeasureForm:
    budget = "" if measure.budget_yuan is None else str(measure.budget_yuan)
    return MeasureForm(
        {
            "kind": measure.kind.value,
            "what": measure.what,
            "year": str(measure.year),
            "budget": budget,
            "organisation": str(measure.organisation_id or ""),
            "substitute": measure.substitute,
        }
    )


def parse_measure(sent: MultiDict[str, str], allowed: Collection[UUID]) -> MeasureForm:
    """`allowed`: organisations that this person may choose."""
    form = MeasureForm({name: one_line(sent.get(name, "")) for name in NAMES})
    known = {str(one): one for one in allowed}
    if form.value("kind") not in set(MeasureKind):
        form.problems["kind"] = _("请从列表中选一项。")
    if form.value("organisation") not in {"", *known}:
        form.problems["organisation"] = _("请从列表中选一项。")
    if not form.value("what"):
        form.problems["what"] = _("这一项必须填写。")
    for name in ("what", "substitute"):
        if len(form.value(name)) > LONGEST:
            form.problems[name] = _("太长了，最多 %(most)s 个字。", most=LONGEST)
    year, budget = _year(form), _budget(form)
    if not form.problems and year is not None:
        form.draft = MeasureDraft(
            kind=MeasureKind(form.value("kind")),
            what=form.value("what"),
            year=year,
            budget_yuan=budget,
            organisation_id=known.get(form.value("organisation")),
            substitute=form.value("substitute"),
        )
    return form


def _year(form: MeasureForm) -> int | None:
    text = plain_digits(form.value("year"))
    if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:5]) <= LAST_YEAR:
        return int(text[:5])
    form.problems["year"] = _("请填四位数的年份，如 2026。")
    return None


def _budget(form: MeasureForm) -> int | None:
    """In yuan; commas between thousands may stand in it."""
    text = plain_digits(form.value("budget")).replace(",", "").replace("，", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:15]) > MOST_YUAN:
        form.problems["budget"] = _("请填整数，单位元，如 120000。")
        return None
    return int(text)


def parse_done_on(text: str) -> date | None:
    """The day on which it was done; today where none is said. None for no such day."""
    plain = plain_digits(one_line(text))
    try:
        day = date.fromisoformat(plain) if plain else today()
    except ValueError:
        return None
    return day if date(FIRST_YEAR, 1, 1) <= day <= today() else None


def parse_filter(args: MultiDict[str, str]) -> MeasureFilter:
    """`year`, `kind`, `state`, `district`, `programme`, `page`. Raises `NotFound` for what does
    not exist."""
    year = args.get("year", "")
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise NotFound
    programme = args.get("programme", "")
    if programme and programme not in FACTS["programmes"].values:
        raise NotFound
    try:
        return MeasureFilter(
            year=int(year) if year else None,
            kind=MeasureKind(args["kind"]) if args.get("kind") else None,
            state=MeasureState(args["state"]) if args.get("state") else None,
            district=args.get("district", "")[:12],
            programme=programme,
            page=page_number(args),
        )
    except ValueError as error:
        raise NotFound from error
