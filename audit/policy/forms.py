"""A value of a setting as it is typed, held to what the setting itself allows."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from audit.core.settings import Settings
from audit.web.fields import one_line, paragraphs, plain_digits

from .rules import Value
from .rules.texts import LONGEST as LONGEST_TEXT
from .rules.texts import Wording

LONGEST = 200
ANY = 1_000_000


@dataclass(frozen=True)
class Bounds:
    least: float = 0
    most: float | None = None


def kind_of(name: str) -> str:
    """yesno, whole, number or text."""
    kinds: dict[object, str] = {bool: "yesno", int: "whole", float: "number", str: "text"}
    return kinds[Settings.model_fields[name].annotation]


def bounds_of(name: str) -> Bounds:
    """From the setting itself, so that screen and server refuse the same."""
    least, most = 0.0, None
    for rule in Settings.model_fields[name].metadata:
        least = getattr(rule, "ge", least)
        most = getattr(rule, "le", most)
    return Bounds(least, most)


def read_value(name: str, sent: str) -> tuple[Value | None, str]:
    """The value, or None and what to change."""
    kind = kind_of(name)
    if kind == "yesno":
        return (sent == "yes", "") if sent in {"yes", "no"} else (None, _("请从列表中选一项。"))
    if kind == "text":
        return _text(name, one_line(sent))
    return _number(name, plain_digits(sent), whole=kind == "whole")


def _text(name: str, text: str) -> tuple[Value | None, str]:
    if len(text) > LONGEST:
        return None, _("太长了，最多 %(most)s 个字。", most=LONGEST)
    if not text and name.startswith("city_name"):
        return None, _("这一项必须填写。")
    return text, ""


def _number(name: str, text: str, *, whole: bool) -> tuple[Value | None, str]:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        return None, _("请填一个整数，如 3。") if whole else _("请填一个数，如 0.2。")
    bounds = bounds_of(name)
    most = ANY if bounds.most is None else bounds.most
    if not bounds.least <= number <= most:  # nor is what is no number at all
        return None, _("请填 %(least)s 到 %(most)s 之间的数。", least=bounds.least, most=most)
    return number, ""


def read_wording(about: Wording, sent: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The text in both languages, and what to change by language. Both or neither: a page in
    English never falls back to Chinese."""
    clean = paragraphs if about.lines else one_line
    text = {one: clean(sent.get(one, "")) for one in ("zh", "en")}
    most = LONGEST_TEXT if about.lines else LONGEST
    problems = {
        one: _("太长了，最多 %(most)s 个字。", most=most)
        for one, words in text.items()
        if len(words) > most
    }
    other = {"zh": "en", "en": "zh"}
    problems |= {
        one: _("中文和英文都要填，或者都不填。")
        for one, words in text.items()
        if not words and text[other[one]]
    }
    return text, problems
