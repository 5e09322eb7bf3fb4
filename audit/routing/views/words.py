"""Routes in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from audit.accounts.models import Organisation

from ..forms import scope_words
from ..rules import PARTS, Route, Scope


@dataclass(frozen=True)
class Row:
    """One route in words. An empty `fixer`: as the register says."""

    scope: Scope
    what: str
    department: str
    fixer: str

    @property
    def address(self) -> dict[str, str]:
        """What names its scope in an address."""
        return {name: getattr(self.scope, name) for name in PARTS if getattr(self.scope, name)}


def row_of(scope: Scope, route: Route, known: Mapping[UUID, Organisation]) -> Row:
    fixer = _name(known[route.organisation_id]) if route.organisation_id else ""
    return Row(scope, scope_words(scope), _name(known[route.department_id]), fixer)


def _name(organisation: Organisation) -> str:
    if organisation.active:
        return organisation.name
    return str(_("%(name)s（已停用，不再派给它）", name=organisation.name))
