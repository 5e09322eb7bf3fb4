"""The pages of findings, for the test of every page."""

from collections.abc import Callable

from audit.findings.rules import State
from tests.pages.city import City

Where = Callable[[City], str]


def finding(state: State, more: str = "") -> Where:
    return lambda city: f"/findings/{city.findings[state]}{more}"


FINDING_PAGES: dict[str, tuple[str, str, Where]] = {
    **{
        f"finding {state.value} for {role}": (role, "findings.show", finding(state))
        for state, role in (
            (State.REPORTED, "coordinator"),
            (State.REJECTED, "coordinator"),
            (State.MERGED, "coordinator"),
            (State.CONFIRMED, "department"),
            (State.DISPATCHED, "organisation"),
            (State.FIXED, "supervisor"),
            (State.CLOSED, "coordinator"),
            (State.REOPENED, "department"),
        )
    },
    "finding with a merged one": ("coordinator", "findings.show", lambda c: f"/findings/{c.main}"),
    "suspected twice": ("coordinator", "clusters.index", lambda _: "/duplicates/"),
    "one suspected twice": ("coordinator", "clusters.show", lambda c: f"/duplicates/{c.cluster}"),
    "life of a finding": ("planner", "life.show", lambda _: "/findings/life"),
    "before and after": ("coordinator", "comparison.show", finding(State.CLOSED, "/compare")),
    "before and after, closer": (
        "organisation",
        "comparison.show",
        finding(State.FIXED, "/compare?zoom=2"),
    ),
}
