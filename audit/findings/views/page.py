"""The page of one finding: where it is in its life, what comes next, and its pictures."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask_babel import lazy_gettext as _

from audit.checklists.loader import UnknownChecklist, get_checklist
from audit.checklists.rules import Item, how_in_steps
from audit.core.actors import Actor
from audit.core.language import current_language
from audit.core.settings import settings
from audit.core.text import Text
from audit.photos.models import Photo

from ..actions.steps import REFUSALS
from ..models import Finding, FindingEvent
from ..rules import (
    STATES,
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

PATH = (State.REPORTED, State.CONFIRMED, State.DISPATCHED, State.FIXED, State.CLOSED)
FOUND = {Verb.OPEN, Verb.JOIN}
WAITS: dict[State, object] = {
    State.REPORTED: _("现在等残联核实：问题是否成立。"),
    State.CONFIRMED: _("现在等主管部门派给负责整改的单位。"),
    State.DISPATCHED: _("现在等整改单位改好，并附照片报告。"),
    State.REOPENED: _("现在等整改单位重新整改，并附照片报告。"),
    State.FIXED: _("整改单位说已经改好。现在等另一位监督员到现场复查。"),
    State.CLOSED: _("复查合格，已经销号。不需要再做什么。"),
    State.REJECTED: _("核实后认为问题不成立，没有立案。理由写在“经过”里。"),
}
YOURS: dict[Verb, object] = {
    Verb.CONFIRM: _("请看照片和实测值，判断问题是否成立。"),
    Verb.DISPATCH: _("请选择负责整改的单位。派单后由这个单位整改并报告。"),
    Verb.REPORT_FIXED: _("改好以后，在问题的同一位置拍照，写明怎么改的，再提交。"),
}
WEB_WAITS: dict[State, object] = {
    State.DISPATCHED: _("现在等网站的责任单位修改。"),
    State.REOPENED: _("现在等网站的责任单位重新修改。"),
    State.CLOSED: _("重新扫描没有再出现，已经销号。不需要再做什么。"),
}
WEB_YOURS: dict[Verb, object] = {
    Verb.CONFIRM: _("请看扫描结果，判断问题是否成立。"),
    Verb.REPORT_FIXED: _("改好以后，写明改了什么，再提交。扫描程序会自己去复查。"),
}
RESCAN = _("责任单位说已经改好。扫描程序会自己去复查：不再出现就销号，还在就退回整改。")
HANDED_OVER = _(
    "责任单位说已经改好，但扫描程序不能下结论。要由人打开网站看一看，最好用读屏软件和键盘试一试。"
)
RECHECK = _("整改单位说已经改好。请到现场复查这一项：合格即销号，不合格退回整改。")


@dataclass(frozen=True)
class LifeStep:
    """One station of a finding's life; `at` is None before it was reached."""

    label: Text
    state: str  # done, current, todo
    at: datetime | None


@dataclass(frozen=True)
class Picture:
    photo: Photo
    event: FindingEvent


@dataclass(frozen=True)
class FindingPage:
    """`problems`: what to change in the step that was tried, by the name of its control."""

    finding: Finding
    actor: Actor
    problems: dict[str, str]
    tried: Verb | None

    @cached_property
    def steps(self) -> list[Step]:
        """Every step that this person may take now."""
        other = settings().recheck_by_other_inspector
        return steps_open_to(self.finding.decisive_facts(), self.actor, other_inspector=other)

    @property
    def may_recheck(self) -> bool:
        by_visit = any(Needs.INSPECTION in step.needs for step in self.steps)
        return by_visit and bool(self.finding.checklist_id)

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
            and (Needs.INSPECTION not in step.needs or self.finding.is_handed_over)
        ]

    def _leads_on(self, step: Step) -> bool:
        if step.verb is Verb.DISPATCH:
            nobody = self.finding.organisation_id is None
            return self.finding.state is State.CONFIRMED or nobody
        return step.verb in {Verb.CONFIRM, Verb.REPORT_FIXED}

    @property
    def says(self) -> object:
        """One sentence: what this person should do, or who is to act."""
        is_web = self.finding.source is Source.SCAN
        if self.main is not None:
            yours = YOURS | WEB_YOURS if is_web else YOURS
            return yours[self.main.verb]
        if self.finding.state is State.FIXED and not self.finding.checklist_id:
            return HANDED_OVER if self.finding.is_handed_over else RESCAN
        if self.may_recheck:
            return RECHECK
        if self.finding.state is State.REOPENED and self.finding.organisation_id is None:
            return WAITS[State.CONFIRMED]
        waits = WAITS | WEB_WAITS if is_web else WAITS
        return waits[self.finding.state]

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
    def life(self) -> list[LifeStep]:
        now, path = self.finding.state, self._path()
        place = path.index(now)
        return [
            LifeStep(STATES[state], _standing(number, place), self._reached(state, number <= place))
            for number, state in enumerate(path)
        ]

    def _path(self) -> tuple[State, ...]:
        if self.finding.state is State.REJECTED:
            return (State.REPORTED, State.REJECTED)
        if self.finding.state is State.REOPENED:
            return tuple(State.REOPENED if one is State.DISPATCHED else one for one in PATH)
        return PATH

    def _reached(self, state: State, passed: bool) -> datetime | None:
        moments = [
            event.at
            for event in self.finding.events
            if event.to_state == state and event.verb is not Verb.JOIN
        ]
        return moments[-1] if moments and passed else None

    @property
    def before(self) -> list[Picture]:
        """Of the problem as it was found."""
        return [one for one in self._pictures() if one.event.verb in FOUND]

    @property
    def after(self) -> list[Picture]:
        """Of what was done about it, the latest first."""
        later = [one for one in self._pictures() if one.event.verb not in FOUND]
        return later[::-1]

    def _pictures(self) -> list[Picture]:
        return [
            Picture(link.photo, event) for event in self.finding.events for link in event.photos
        ]

    @cached_property
    def item(self) -> Item | None:
        """What was asked; None for a scan, or where the list no longer holds the item."""
        try:
            return get_checklist(self.finding.checklist_id).by_id.get(self.finding.rule_id)
        except UnknownChecklist:
            return None

    @property
    def how(self) -> list[str]:
        return how_in_steps(self.item, current_language()) if self.item else []


def _standing(number: int, place: int) -> str:
    if number == place:
        return "current"
    return "done" if number < place else "todo"
