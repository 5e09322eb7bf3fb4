"""The competent department of a finding, by the routes of the day of its confirmation."""

from typing import Any

from audit.routing.queries import competent_for

from ..models import Finding
from ..rules import Verb

ROUTED = frozenset({Verb.CONFIRM, Verb.REOPEN})


def follow_route(finding: Finding, verb: Verb) -> dict[str, Any]:
    """Name the department where a step does that; later changes of a route do not move what was
    confirmed. What the event is to tell of it."""
    if verb not in ROUTED:
        return {}
    found = competent_for(finding.route_case())
    finding.department = found.department if found else None
    return {"route": found.told()} if found else {}
