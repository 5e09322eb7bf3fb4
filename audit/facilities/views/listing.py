"""What narrows the list of facilities, in words."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from audit.core.language import current_language
from audit.districts.queries import responsible_districts

from ..forms.facts import fact_condition
from ..rules import KINDS, SEEN, FacilityKind, Review, Seen

REVIEWS = {
    Review.ACCEPTED: lazy_gettext("已登记"),
    Review.WAITING: lazy_gettext("待核对"),
    Review.REFUSED: lazy_gettext("不予登记"),
}


def saying(kind: FacilityKind | None) -> Callable[[str, str], str]:
    """Words one condition of the address; "" for what narrows nothing. Values have been checked."""

    def say(name: str, value: str) -> str:
        if name.startswith("fact."):
            return fact_condition(name, value, kind)
        return SAYS[name](value) if value and name in SAYS else ""

    return say


def _kind(value: str) -> str:
    return str(_("类别：%(kind)s", kind=KINDS[FacilityKind(value)].title.in_(current_language())))


def _district(code: str) -> str:
    found = next((one.title for one in responsible_districts() if one.code == code), code)
    return str(_("区县：%(name)s", name=found))


def _review(value: str) -> str:
    return str(REVIEWS[Review(value)])


SAYS: dict[str, Callable[[str], str]] = {
    "q": lambda value: str(_("含“%(text)s”", text=value)),
    "kind": _kind,
    "district": _district,
    "review": _review,
    "seen": lambda value: SEEN[Seen(value)].in_(current_language()),
}
