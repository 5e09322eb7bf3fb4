"""One finding as its organisation sees it: no name of an inspector, no step of an office."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from audit.checklists.rules import Item, how_in_steps
from audit.core.language import current_language
from audit.editions.queries import find_item
from audit.findings.models import Finding, FindingEvent
from audit.findings.rules import DONE, STAYS, Needs, Step, Verb, needs_of
from audit.photos.models import Photo
from audit.photos.queries import photos_by_ids
from audit.web.tried import Tried

from ..rules import answers_open

FOUND = {Verb.OPEN, Verb.JOIN}


@dataclass(frozen=True)
class AnswerPage:
    finding: Finding
    tried: Tried | None = None

    @property
    def problems(self) -> dict[str, str]:
        return self.tried.problems if self.tried else {}

    @cached_property
    def kept(self) -> Sequence[Photo]:
        return photos_by_ids(self.tried.photos) if self.tried else []

    @cached_property
    def steps(self) -> list[Step]:
        """What the organisation may do now, what brings it forward first."""
        found = answers_open(self.finding.decisive_facts())
        return sorted(found, key=lambda step: step.verb is not Verb.REPORT_FIXED)

    def needs(self, step: Step) -> tuple[Needs, ...]:
        return needs_of(step, self.finding.source)

    @cached_property
    def item(self) -> Item | None:
        """What was asked; None for a scan, or where the list no longer holds the item."""
        return find_item(self.finding.checklist_id, self.finding.rule_id)

    @property
    def how(self) -> list[str]:
        return how_in_steps(self.item, current_language()) if self.item else []

    @property
    def before(self) -> list[Photo]:
        """Of the problem as it was found."""
        return self._photos(found=True)

    @property
    def after(self) -> list[Photo]:
        return self._photos(found=False)

    def _photos(self, *, found: bool) -> list[Photo]:
        events = [one for one in self.finding.events if (one.verb in FOUND) is found]
        return [link.photo for event in events for link in event.photos]

    @property
    def past(self) -> list[FindingEvent]:
        """What became of it since it was confirmed, the latest first."""
        since = [one for one in self.finding.events if one.verb not in FOUND]
        return since[::-1]

    @property
    def sent_back(self) -> FindingEvent | None:
        """Why it has to be fixed once more."""
        moves = [one for one in self.finding.events if one.verb not in STAYS]
        last = moves[-1] if moves else None
        return last if last is not None and last.verb in BACK else None

    def done(self, event: FindingEvent) -> str:
        return DONE[event.verb].in_(current_language())


BACK = {Verb.FAIL_RECHECK, Verb.REFUSE, Verb.REOPEN}
