"""What is known of a facility, as text of a form and back. Several choices stand in one text,
divided by commas."""

import re
from datetime import date

from flask_babel import gettext as _

from audit.checklists.rules import FACTS
from audit.checklists.rules.facts import FactForm, FactKind, FactValue
from audit.core.language import current_language
from audit.web.fields import plain_digits

from ..rules import FacilityKind, narrowing_facts

LONGEST = 60
FIRST_DAY = date(2000, 1, 1)


class WrongFact(ValueError):
    """Says what to change."""


def is_several(control: str) -> bool:
    """Whether a control of this name has boxes, of which several may be ticked."""
    kind = FACTS.get(control.removeprefix("fact."))
    return control.startswith("fact.") and kind is not None and kind.form is FactForm.CHOICES


def read_fact(name: str, text: str) -> FactValue:
    """Raises `WrongFact`."""
    kind = FACTS[name]
    match kind.form:
        case FactForm.NUMBER:
            return _count(plain_digits(text))
        case FactForm.TEXT:
            return _words(text)
        case FactForm.DAY:
            return _day(plain_digits(text))
        case FactForm.CHOICES:
            return _several(kind, text)
        case _:
            return _listed(kind, text)


def fact_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(value)
    return str(value)


def fact_condition(name: str, value: str, kind: FacilityKind | None) -> str:
    """Of a control named `fact.…`; "" where lists of this kind are not narrowed by it."""
    fact = name.removeprefix("fact.")
    if not value or fact not in narrowing_facts(kind):
        return ""
    language = current_language()
    told = FACTS[fact].values[value].alone(language)
    return str(_("%(name)s：%(value)s", name=FACTS[fact].label.in_(language), value=told))


def _count(text: str) -> int:
    if re.fullmatch(r"\d{1,3}", text, re.ASCII) and int(text) > 0:
        return int(text)
    raise WrongFact(_("请填一个整数，如 3。"))


def _words(text: str) -> str:
    if len(text) > LONGEST:
        raise WrongFact(_("太长了，最多 %(most)s 个字。", most=LONGEST))
    return text


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise WrongFact(_("请按 2025-05-01 的样子填日期。")) from error
    if day < FIRST_DAY:
        raise WrongFact(_("日期应在 2000 年以后。"))
    return day.isoformat()


def _several(kind: FactKind, text: str) -> list[str]:
    chosen = [part for part in text.split(",") if part]
    if any(part not in kind.values for part in chosen):
        raise WrongFact(_("请从列表中选一项。"))
    return [str(value) for value in kind.values if value in chosen]


def _listed(kind: FactKind, text: str) -> bool | str:
    for value in kind.values:
        if fact_text(value) == text:
            return value
    raise WrongFact(_("请从列表中选一项。"))
