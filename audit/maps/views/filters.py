"""What narrows a map: the choices of its form, and those in force as words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from audit.checklists.rules import FACTS
from audit.core.language import current_language
from audit.districts.queries import responsible_districts
from audit.facilities.forms.facts import fact_condition
from audit.facilities.rules import KINDS, SEEN, FacilityKind, Review
from audit.findings.rules import MARKS, PLEAS, SEVERITIES, STATES
from audit.routing.forms import department_words, departments
from audit.web.filters import Applied, Query, applied, list_url

from ..forms import Show

ENDPOINT = "maps.show"
SHARED = {"q", "district", "kind"}  # what both maps understand
Choices = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


def choices() -> Choices:
    """Values and their words, by the name of the field."""
    language = current_language()
    return {
        "district": {one.code: one.title for one in responsible_districts()},
        "kind": {
            kind.value: facts.title.in_(language)
            for kind, facts in KINDS.items()
            if facts.has_place
        },
        "state": {
            "open": str(_("全部未销号")),
            "all": str(_("全部，含已销号")),
            **{state.value: text.in_(language) for state, text in STATES.items()},
        },
        "severity": {
            severity: f"{severity} {text.in_(language)}" for severity, text in SEVERITIES.items()
        },
        "review": {
            Review.ACCEPTED.value: str(_("已登记")),
            Review.WAITING.value: str(_("待核对")),
            Review.REFUSED.value: str(_("不予登记")),
        },
        "department": dict(departments()),
        "programme": {
            str(name): text.alone(language) for name, text in FACTS["programmes"].values.items()
        },
        "mark": {one.value: words.in_(language) for one, words in MARKS.items()},
        "plea": {one.value: words.in_(language) for one, words in PLEAS.items()},
        "seen": {one.value: words.in_(language) for one, words in SEEN.items()},
    }


def asked() -> Query:
    """The conditions of this page's address, without its page and its subject."""
    pairs = request.args.items(multi=True)
    return [(name, value) for name, value in pairs if value and name not in ("page", "show")]


def chips(show: Show, known: Choices) -> list[Applied]:
    """The conditions in force; each with the address of the map without it."""
    return applied(ENDPOINT, _with(show, asked()), _say(known))


def tabs(show: Show) -> list[Tab]:
    """The two maps as links, which keep what both understand."""
    query = [pair for pair in asked() if pair[0] in SHARED]
    labels = {Show.FINDINGS: str(_("问题")), Show.FACILITIES: str(_("设施"))}
    return [
        Tab(label, list_url(ENDPOINT, _with(one, query)), one is show)
        for one, label in labels.items()
    ]


def _with(show: Show, query: Query) -> Query:
    return query if show is Show.FINDINGS else [("show", show.value), *query]


def _say(known: Choices) -> Callable[[str, str], str]:
    kind = request.args.get("kind")

    def say(name: str, value: str) -> str:
        if name.startswith("fact."):
            return fact_condition(name, value, FacilityKind(kind) if kind else None)
        others = {
            "q": str(_("含“%(text)s”", text=value)),
            "organisation": str(_("只看一个整改单位")),
            "facility": str(_("只看一处设施")),
        }
        if name == "department":
            return department_words(value)
        return others.get(name) or known.get(name, {}).get(value, "")

    return say
