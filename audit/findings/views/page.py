"""The page of one finding: where it is in its life, what comes next, and its pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from audit.checklists.rules import Item, Works, how_in_steps
from audit.core.actors import Actor, May
from audit.core.language import current_language
from audit.core.settings import settings
from audit.editions.queries import find_item
from audit.inspections.queries import still_applies
from audit.photos.models import Photo
from audit.photos.queries import photos_by_ids
from audit.web.tried import Tried

from ..actions.steps import REFUSALS
from ..models import Finding, FindingEvent
from ..queries import find_seen, merged_into
from ..rules import (
    DECIDED_BY,
    OPEN_STATES,
    Needs,
    Source,
    State,
    Step,
    Verb,
    needs_of,
    refusal,
    steps_from,
    steps_open_to,
)
from .asking import NEAR
from .past import AFTER, FOUND, Past
from .proposing import Proposal, propose
from .words import (
    DECIDE,
    ENDED,
    HANDED_OVER,
    NO_LONGER,
    RECHECK,
    RECHECK_AGAIN,
    RESCAN,
    WAITS,
    WEB_ENDED,
    WEB_WAITS,
    WEB_YOURS,
    YOURS,
)


@dataclass(frozen=True)
class FindingPage:
    finding: Finding
    actor: Actor
    tried: Tried | None = None

    @cached_property
    def past(self) -> Past:
        return Past(self.finding)

    @cached_property
    def merged(self) -> Sequence[Finding]:
        """What was found elsewhere and is seen to here."""
        return merged_into(self.finding, self.actor)

    @property
    def sees_main(self) -> bool:
        """Whether this person may see into which it was merged."""
        main = self.finding.merged_into
        return main is not None and find_seen(main.number, self.actor) is not None

    @property
    def problems(self) -> dict[str, str]:
        return self.tried.problems if self.tried else {}

    @cached_property
    def kept(self) -> Sequence[Photo]:
        """Pictures that came with a step that was not taken."""
        return photos_by_ids(self.tried.photos) if self.tried else []

    @cached_property
    def steps(self) -> list[Step]:
        """Every step that this person may take now."""
        other = settings().recheck_by_other_inspector
        return steps_open_to(self.finding.decisive_facts(), self.actor, other_inspector=other)

    @cached_property
    def applies(self) -> bool:
        """Whether the item is still asked at this facility, by what is known of it now."""
        if self.finding.state not in OPEN_STATES or not self.finding.checklist_id:
            return True
        return still_applies(self.finding)

    @property
    def may_recheck(self) -> bool:
        by_visit = any(Needs.INSPECTION in step.needs for step in self.steps)
        return by_visit and bool(self.finding.checklist_id) and self.applies

    @property
    def main(self) -> Step | None:
        """The step that brings the finding forward, where it is this person's."""
        return next((step for step in self.steps if self._leads_on(step)), None)

    @property
    def others(self) -> list[Step]:
        """What may be done besides: to refuse, to name another organisation, to open again."""
        return [
            step
            for step in self.steps
            if step != self.main
            and (Needs.INSPECTION not in step.needs or self._is_judged_here(step))
        ]

    @property
    def near(self) -> list[Step]:
        """Of the others, what somebody is likely to have come for."""
        return [step for step in self.others if step.verb in NEAR]

    @property
    def far(self) -> list[Step]:
        return [step for step in self.others if step.verb not in NEAR]

    def _is_judged_here(self, step: Step) -> bool:
        """A person judges at a desk what the scanner has handed over; nothing is measured there."""
        return self.finding.is_handed_over and step.verb is not Verb.NEAR_RECHECK

    def _leads_on(self, step: Step) -> bool:
        if step.verb is Verb.DISPATCH:
            nobody = self.finding.organisation_id is None
            return self.finding.state is State.CONFIRMED or nobody
        if step.verb is Verb.VOID:
            return not self.applies
        if step.verb is Verb.REPORT_FIXED:
            return not self.finding.is_unsafe
        return step.verb in {Verb.CONFIRM, Verb.MAKE_SAFE}

    @property
    def says(self) -> object:
        """One sentence: what this person should do, or who is to act."""
        if self.main is not None:
            yours = YOURS | WEB_YOURS if self._is_web else YOURS
            return yours[self.main.verb]
        if any(step.verb in DECIDED_BY for step in self.steps):
            return DECIDE
        return self._about_recheck() or self._about_state()

    @property
    def _is_web(self) -> bool:
        return self.finding.source is Source.SCAN

    def _about_recheck(self) -> object:
        if self.finding.state is State.FIXED and not self.finding.checklist_id:
            return HANDED_OVER if self.finding.is_handed_over else RESCAN
        if not self.applies:
            return NO_LONGER
        if any(step.verb is Verb.ACCEPT for step in self.steps):
            return YOURS[Verb.ACCEPT]
        if self.may_recheck:
            return RECHECK if self.finding.state is State.FIXED else RECHECK_AGAIN
        return ""

    def _about_state(self) -> object:
        state = self.finding.state
        if self.past.last_move.verb is Verb.UPHOLD:
            return ENDED[Verb.UPHOLD]
        if state is State.CLOSED:
            return (ENDED | WEB_ENDED if self._is_web else ENDED)[self.past.last_move.verb]
        if state is State.REOPENED and self.finding.organisation_id is None:
            state = State.CONFIRMED
        return (WAITS | WEB_WAITS if self._is_web else WAITS)[state]

    @cached_property
    def proposal(self) -> Proposal:
        return propose(self.finding, self.past)

    @property
    def is_undated(self) -> bool:
        """Whether the facility's year is known, but not on which side of the code's day it lies."""
        facility = self.finding.facility
        partly = facility.built_by is not None or facility.altered_by is not None
        return partly and facility.judged_facts().works is Works.UNKNOWN

    def shows_with(self, event: FindingEvent) -> bool:
        """Whether the pictures of a step stand beside its words, not with those of the place."""
        return event.verb not in FOUND | AFTER

    def needs(self, step: Step) -> tuple[Needs, ...]:
        """What the step's form asks for."""
        return needs_of(step, self.finding.source)

    @property
    def why_not(self) -> object:
        """Why somebody who usually does the next step may not do this one; "" where nothing bars.

        Of the steps that lead on, only a re-check can be barred from a person of the right role.
        """
        if self.main is not None or self.may_recheck or not self.finding.checklist_id:
            return ""
        other = settings().recheck_by_other_inspector
        facts = self.finding.decisive_facts()
        for step in steps_from(self.finding.state):
            if Needs.INSPECTION in step.needs and self.actor.may(step.may):
                refused = refusal(facts, step.verb, self.actor, other_inspector=other)
                return REFUSALS[refused] if refused else ""
        return ""

    @property
    def doubts(self) -> list[FindingEvent]:
        """What speaks against the evidence, for the coordinator to look into."""
        watches = self.actor.may(May.CONFIRM, self.finding.district_code)
        return self.past.doubts if watches and self.finding.doubtful else []

    @cached_property
    def item(self) -> Item | None:
        """What was asked; None for a scan, or where the list no longer holds the item."""
        return find_item(self.finding.checklist_id, self.finding.rule_id)

    @property
    def how(self) -> list[str]:
        return how_in_steps(self.item, current_language()) if self.item else []
