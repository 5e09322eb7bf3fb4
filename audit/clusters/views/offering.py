"""What else nearby may be the same problem, offered where a finding is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from audit.core.actors import Actor, May
from audit.findings.models import Finding

from .. import queries
from .comparing import way_to


@dataclass(frozen=True)
class Offer:
    finding: Finding
    place: str


def offers_for(findings: Sequence[Finding], actor: Actor) -> dict[UUID, list[Offer]]:
    """For whoever may judge it, of each of these findings, which stand at one place."""
    mine = [one for one in findings if _may_judge(one, actor)]
    near = queries.may_be_same(mine, actor)
    others = queries.findings_by_id([one.id for them in near.values() for one in them])
    known = {one.id: one for one in mine}
    return {
        finding: [Offer(others[one.id], way_to(known[finding], others[one.id])) for one in them]
        for finding, them in near.items()
    }


def _may_judge(finding: Finding, actor: Actor) -> bool:
    return any(actor.may(one, finding.district_code) for one in (May.INSPECT, May.CONFIRM))
