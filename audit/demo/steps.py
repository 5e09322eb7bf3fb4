"""The steps of one problem: who takes them, in which words, with which photo. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from audit.checklists.rules import Answer, typed_value
from audit.findings.rules import Verb

from . import wording
from .answering import failing_answer, mended_answer, pick
from .cast import belonging, coordinator_for, supervisor_for
from .fates import Fate, steps_of
from .happenings import Shot, Step, Visit
from .placing import checklist_of
from .reading import Fault, SamplePlace

MISSENT = {Fate.SENT_ON, Fate.RETURNED}
STRANGERS = ("roadworks", "park")  # who may be taken for the owner


@dataclass(frozen=True)
class StepWriter:
    """`seed` is of the city; `visit` is the one that found the fault."""

    seed: int
    place: SamplePlace
    fault: Fault
    visit: Visit

    def steps(self, fate: Fate, end: datetime) -> Iterator[Step]:
        """In order of time, all before `end`."""
        chance = pick(f"{self._words}-{fate}")
        was_returned = False
        for turn, (verb, at) in enumerate(steps_of(fate, self.visit.at, end, chance)):
            step = self._step(verb, at, turn)
            if fate in MISSENT and verb is Verb.DISPATCH and not was_returned:
                step = replace(step, to=self._stranger)
            elif verb is Verb.DISPATCH and was_returned:
                step = replace(step, why=wording.WRONG_OWNER)
            was_returned = was_returned or verb is Verb.GRANT_RETURN
            yield step

    @property
    def _stranger(self) -> str:
        return next(one for one in STRANGERS if one != self.place.owner)

    def _step(self, verb: Verb, at: datetime, turn: int) -> Step:
        chance = pick(f"{self._words}-{turn}")
        blank = Step(
            at, self.place.key, self.fault.item, verb, coordinator_for(self.place.district)
        )
        match verb:
            case _ if verb in wording.OFFICE:
                by = self.visit.by if verb is Verb.WITHDRAW else blank.by
                return replace(blank, by=by, why=chance.choice(wording.OFFICE[verb]))
            case _ if verb in wording.DEPARTMENT:
                office = belonging(self.place.office)
                return replace(blank, by=office, why=wording.DEPARTMENT[verb])
            case _ if verb in wording.OWNER:
                who = self._stranger if verb is Verb.ASK_RETURN else self.place.owner
                return replace(blank, by=belonging(who), why=wording.OWNER[verb])
            case Verb.DISPATCH:
                item = checklist_of(self.place).item(self.fault.item)
                order, office = wording.ORDERS[item.severity], belonging(self.place.office)
                return replace(blank, by=office, why=order, to=self.place.owner)
            case Verb.REPORT_FIXED:
                owner = belonging(self.place.owner)
                return replace(blank, by=owner, why=self.fault.fix, shot=self._after(turn))
            case _:
                return self._recheck(blank, turn)

    def _recheck(self, blank: Step, turn: int) -> Step:
        by = supervisor_for(self.place.district, f"{self._words}-{turn}-by", self.visit.by)
        if blank.verb is Verb.NEAR_RECHECK:
            item = checklist_of(self.place).item(self.fault.item)
            answer = Answer.of(typed_value(item, self.fault.near))
            shot = wording.sound_shot(item, answer, f"{self._words}-{turn}")
            return replace(blank, by=by, why=wording.TOO_NEAR, answer=answer, shot=shot)
        if blank.verb is Verb.PASS_RECHECK:
            why = pick(f"{self._words}-{turn}-why").choice(wording.MENDED)
            return replace(blank, by=by, why=why, answer=self._mended(), shot=self._after(turn))
        shot = wording.faulty_shot(self.fault, f"{self._words}-{turn}")
        answer = failing_answer(checklist_of(self.place), self.fault)
        return replace(blank, by=by, why=wording.STILL_THERE, answer=answer, shot=shot)

    def _mended(self) -> Answer:
        facts = self.place.judged_facts()
        return mended_answer(checklist_of(self.place), self.fault, self.visit.answers, facts)

    def _after(self, turn: int) -> Shot:
        item = checklist_of(self.place).item(self.fault.item)
        return wording.sound_shot(item, self._mended(), f"{self._words}-{turn}")

    @property
    def _words(self) -> str:
        return f"{self.seed}-{self.place.key}-{self.fault.item}"
