"""A route as it is typed, and what can be chosen, in words."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.accounts.queries import organisations
from audit.accounts.rules import OrganisationKind
from audit.checklists.rules import DEFECTS
from audit.core.errors import NotFound
from audit.core.language import current_language
from audit.districts.queries import responsible_districts
from audit.facilities.rules import KINDS, FacilityKind
from audit.web.reasons import Sent

from .queries import named
from .rules import PARTS, Route, Scope

Options = dict[str, list[tuple[str, str]]]


def options() -> Options:
    """What each part of a scope can be, with its name."""
    language = current_language()
    return {
        "district": [(one.code, one.title) for one in responsible_districts()],
        "kind": [(one.value, facts.title.in_(language)) for one, facts in KINDS.items()],
        "defect": [(str(name), text.in_(language)) for name, text in DEFECTS.items()],
    }


def scope_words(scope: Scope) -> str:
    """Which findings a route is for: "雁江区 · 公共厕所"."""
    known = options()
    names = [
        dict(known[name]).get(getattr(scope, name), getattr(scope, name))
        for name in PARTS
        if getattr(scope, name)
    ]
    return " · ".join(names) or str(_("全部问题"))


def departments() -> list[tuple[str, str]]:
    """Those that may be competent."""
    return [(str(one.id), one.name) for one in organisations(OrganisationKind.DEPARTMENT)]


def department_words(value: str) -> str:
    """A condition of a list."""
    found = named({UUID(value)}).get(UUID(value))
    return str(_("主管部门：%(name)s", name=found.name if found else value))


def parse_scope(args: MultiDict[str, str]) -> Scope:
    """From an address or a form. Raises `NotFound` for a part that does not exist."""
    chosen = {name: args.get(name, "") for name in PARTS}
    known = {
        "district": {one.code for one in responsible_districts()},
        "kind": {one.value for one in FacilityKind},
        "defect": {str(one) for one in DEFECTS},
    }
    if any(value and value not in known[name] for name, value in chosen.items()):
        raise NotFound
    return Scope(**chosen)


def parse_route(sent: Sent) -> Route | None:
    """Puts what is wrong into `sent.problems`; there is then no route."""
    department = _id(sent.typed, "department")
    organisation = _id(sent.typed, "organisation")
    if department is None:
        sent.problems["department"] = _("请从列表中选一个主管部门。")
    if organisation is None and sent.typed["organisation"]:
        sent.problems["organisation"] = _("请从列表中选一个单位，或留空。")
    return Route(department, organisation) if department and not sent.problems else None


def _id(typed: Mapping[str, str], name: str) -> UUID | None:
    try:
        return UUID(typed[name])
    except ValueError:
        return None
