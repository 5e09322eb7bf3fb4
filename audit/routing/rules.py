"""Which department is competent for a finding: routes as rows, of which the nearest holds. Pure.

The law allots duties to departments "each in its own field" and names no facility: every route is
a city's own choice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from audit.core import scopes

PARTS = ("district", "kind", "defect")  # the one that counts most first


@dataclass(frozen=True)
class Case:
    """What a route may depend on."""

    district: str
    kind: str
    defect: str


@dataclass(frozen=True)
class Scope:
    """Which findings a route is for; what is empty does not narrow."""

    district: str = ""
    kind: str = ""
    defect: str = ""

    def holds(self, case: Case) -> bool:
        return scopes.holds(self, case, PARTS)

    @property
    def rank(self) -> tuple[bool, ...]:
        """The greater one is the nearer: a district before a kind, a kind before a defect."""
        return scopes.rank(self, PARTS)


@dataclass(frozen=True)
class Route:
    """`organisation_id`: who must fix; None: whoever the register names for the facility."""

    department_id: UUID
    organisation_id: UUID | None = None


@dataclass(frozen=True)
class RouteTable:
    """All routes that hold now; each scope stands in it once."""

    routes: Mapping[Scope, Route]

    @classmethod
    def of(cls, changes: Iterable[tuple[Scope, Route | None]]) -> "RouteTable":
        """From all that was ever chosen, in order; None takes the route of that scope back."""
        held: dict[Scope, Route] = {}
        for scope, route in changes:
            if route is None:
                held.pop(scope, None)
            else:
                held[scope] = route
        return cls(held)

    def fitting(self, case: Case) -> list[tuple[Scope, Route]]:
        """The one that holds first, then those that it passes over, nearest first."""
        found = [(scope, route) for scope, route in self.routes.items() if scope.holds(case)]
        return sorted(found, key=lambda one: one[0].rank, reverse=True)
