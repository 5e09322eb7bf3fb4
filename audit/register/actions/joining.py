"""Two places turn out to be one, or one to be two; visits and findings go where they belong."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from audit.core.actors import Actor
from audit.core.errors import Invalid
from audit.duties.actions import hand_over as hand_over_duties
from audit.facilities.actions import add_facility, check_on_register
from audit.facilities.actions.halves import merge_facility, split_facility
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityDraft, Review
from audit.findings.actions.places import move_findings
from audit.findings.models import Finding
from audit.findings.queries import findings_at
from audit.findings.rules import OPEN_STATES
from audit.inspections.actions import move_inspections
from audit.inspections.queries import filed_at, inspections_of, rechecks_among, still_applies
from audit.measures.actions import hand_over

from ..queries import why_apart
from .changing import check_why


@dataclass(frozen=True)
class Along:
    """What goes along to the part: findings by number, visits by id. What is not there, or not
    for this person to see, stays."""

    findings: Collection[str] = ()
    visits: Collection[str] = ()


def merge(gone: Facility, kept: Facility, actor: Actor, why: str) -> None:
    """`gone` leaves the register; all that was found, seen and planned there is of `kept`.
    Raises `Invalid` where they cannot be one, or a finding of one rule is open at both."""
    _check_together(gone, kept, why)
    move_findings(findings_at(gone.id), kept, actor, why)
    move_inspections(filed_at(gone.id), kept, actor, why)
    merge_facility(gone, kept, actor, why)
    hand_over(gone, kept, actor)
    hand_over_duties(gone, kept, actor)


def move(
    facility: Facility, other: Facility, numbers: Collection[str], actor: Actor, why: str
) -> None:
    """These findings were found at `other`, with their re-checks. Raises `Invalid` as `merge`."""
    _check_together(facility, other, why)
    moved = _chosen(facility, numbers)
    move_findings(moved, other, actor, why)
    move_inspections(rechecks_among(moved), other, actor, why)


def split(
    whole: Facility, part_id: UUID, draft: FacilityDraft, actor: Actor, why: str,
    along: Along = Along(),
) -> Facility:  # fmt: skip
    """The part of `whole` that `draft` states has a number of its own from now on. Sent twice it
    is done once. Raises `Invalid` where a finding cannot go along, `OffRegister` when `whole` has
    left the register."""
    check_why(why)
    check_on_register(whole)
    part = add_facility(part_id, draft, actor, Review.ACCEPTED)
    if part.split_from_id is not None:  # sent twice
        return part
    split_facility(whole, part, actor, why)
    moved = _chosen(whole, along.findings)
    move_findings(moved, part, actor, why)
    _check_asked(moved)
    visits = [one for one in inspections_of(whole.id, actor) if str(one.id) in along.visits]
    move_inspections([*visits, *rechecks_among(moved)], part, actor, why)
    return part


def _check_together(facility: Facility, other: Facility, why: str) -> None:
    check_why(why)
    apart = why_apart(facility, other)
    if apart:
        raise Invalid({"other": apart})


def _chosen(facility: Facility, numbers: Collection[str]) -> Sequence[Finding]:
    return [one for one in findings_at(facility.id) if one.number in numbers]


def _check_asked(moved: Sequence[Finding]) -> None:
    """A re-check there could not judge what is not asked of such a place."""
    lost = [
        one.number
        for one in moved
        if one.state in OPEN_STATES and one.checklist_id and not still_applies(one)
    ]
    if lost:
        problem = _(
            "这些问题在新的一处不会被问到：%(numbers)s。请不要选它们。", numbers="、".join(lost)
        )
        raise Invalid({"findings": problem})
