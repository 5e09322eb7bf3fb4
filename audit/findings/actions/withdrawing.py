"""What an inspection found counts no longer when it is withdrawn."""

from collections.abc import Collection, Mapping
from uuid import UUID

from audit.core.actors import Actor

from ..models import Finding, FindingEvent
from ..queries import merged_into
from ..rules import Fate, State, Verb, fate_of
from .steps import move, note

FOUND = (Verb.OPEN, Verb.JOIN)


def fates(findings: Collection[Finding]) -> dict[Finding, Fate]:
    """What would become of each of these if an inspection that found them were withdrawn."""
    return {
        one: fate_of(
            one.state,
            one.times_found,
            is_dispatched=one.organisation_id is not None,
            is_main=bool(merged_into(one)),
        )
        for one in findings
    }


def take_back(found: Mapping[Finding, Fate], inspection_id: UUID, actor: Actor, why: str) -> None:
    """`found`: of `fates`, none of them in hand."""
    for finding, fate in found.items():
        detail = {"found_in": str(inspection_id)}
        if fate is Fate.WITHDRAWN:
            move(finding, Verb.WITHDRAW, State.WITHDRAWN, actor, why, detail, [])
        elif fate is Fate.FOUND_LESS:
            note(finding, Verb.LEAVE, finding.state, finding.state, actor, why, detail)
            _show_as_found_last(finding, str(inspection_id))


def _show_as_found_last(finding: Finding, leaving: str) -> None:
    """By an inspection that stands."""
    before = {one.detail.get("found_in") for one in finding.events if one.verb is Verb.LEAVE}
    left = before | {leaving}
    standing: list[FindingEvent] = [
        one
        for one in finding.events
        if one.verb in FOUND and "facts" in one.detail and one.detail["found_in"] not in left
    ]
    if standing:
        last = standing[-1].detail
        finding.facts, finding.outcome = last["facts"], last["outcome"]
