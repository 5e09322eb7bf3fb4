"""Two months in the sample city, decided before anything is written. Pure.

The same seed, size and end give the same plan: chance hangs on names, never on the order of calls.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from audit.checklists.rules import Answer, AnswerState, PhotoRule, judge
from audit.facilities.rules import FacilityKind
from audit.findings.rules import Verb

from . import wording
from .answering import failing_answer, pick, picked_faults, usual_answers
from .cast import CITY_COORDINATOR, supervisor_for
from .fates import Fates, at_work, spread
from .happenings import Happening, Registering, Shot, Step, Visit
from .placing import checklist_of, chosen_places, twin_of
from .reading import Fault, SamplePlace
from .steps import StepWriter

DAYS = 60
FAULTS_PER_VISIT = (0, 1, 1, 2, 2, 2, 3, 3, 4)
UNVISITED = 13  # every thirteenth place has not been inspected yet
OTHER_SHOTS = 2
LONG = 40  # items of a list that one leaves half-done
LATEST = timedelta(hours=3)
TWICE = timedelta(days=1)
DRAFTED_AGO = (timedelta(days=1), timedelta(days=3), timedelta(days=6))
AGAIN_AFTER = timedelta(days=9, hours=2)
ENDINGS = {Verb.REJECT, Verb.WITHDRAW, Verb.REPORT_FIXED}


@dataclass(frozen=True)
class Problem:
    """One fault at one place, with what becomes of it."""

    fault: Fault
    visit: Visit
    steps: tuple[Step, ...]

    def is_untouched_at(self, moment: datetime) -> bool:
        """Found, and neither rejected nor reported as fixed."""
        ended = any(step.verb in ENDINGS for step in self.steps if step.at <= moment)
        return self.visit.at < moment and not ended


def plan_city(seed: int, end: datetime, *, small: bool = False) -> tuple[Happening, ...]:
    """Everything that happens in the two months before `end`, in order of time."""
    return Planner(seed, end, small).happenings()


class Planner:
    def __init__(self, seed: int, end: datetime, small: bool) -> None:
        self.seed, self.end, self.small = seed, end, small
        self.start = end - timedelta(days=DAYS)
        self.places = {place.key: place for place in chosen_places(small)}
        self._fates = Fates()

    def happenings(self) -> tuple[Happening, ...]:
        visits = self._visits()
        problems = [problem for visit in visits for problem in self._problems(visit)]
        steps = [step for problem in problems for step in problem.steps]
        again, twice = self._second_visits(problems), self._found_twice(problems)
        found: list[Happening] = [*self._registerings(), *visits, *again, *self._drafts(), *steps]
        found += twice
        return tuple(sorted(found, key=lambda one: one.at))

    def _registerings(self) -> Iterator[Registering]:
        for turn, place in enumerate(self.places.values()):
            if place.found_by:
                moment = self._found_at(place) - timedelta(minutes=20)
                yield Registering(moment, place.key, place.found_by)
            else:
                moment = self.start + timedelta(minutes=2 * turn)
                yield Registering(moment, place.key, CITY_COORDINATOR)

    def _found_at(self, place: SamplePlace) -> datetime:
        chance = pick(f"{self._seed(place)}-found")
        return min(
            at_work(self.end - timedelta(days=chance.uniform(3, 8)), chance), self.end - LATEST
        )

    def _visits(self) -> list[Visit]:
        """One filed visit to most places, spread over the two months, in order of time."""
        going = self._standing_places()
        pick(f"{self.seed}-order").shuffle(going)
        going = [place for turn, place in enumerate(going) if turn % UNVISITED != UNVISITED - 1]
        latest = self.end - LATEST
        moments = spread(len(going), self.start + timedelta(days=1), latest)
        visits = []
        for place, moment in zip(going, moments, strict=True):
            at = min(at_work(moment, pick(f"{self._seed(place)}-when")), latest)
            by, is_first_road = self._supervisor(place, "visit"), place is _first_road(going)
            visits.append(self._first_visit(place, at, by, fine_first=is_first_road))
        for place in self.places.values():
            if place.found_by and place.kind is FacilityKind.TOILET:
                visits.append(self._first_visit(place, self._found_at(place), place.found_by))
        return sorted(visits, key=lambda visit: visit.at)

    def _standing_places(self) -> list[SamplePlace]:
        """Those that are inspected by hand: all but websites and what is found on the spot."""
        return [
            place
            for place in self.places.values()
            if place.kind is not FacilityKind.WEBSITE and not place.found_by
        ]

    def _first_visit(
        self, place: SamplePlace, at: datetime, by: str, *, fine_first: bool = False
    ) -> Visit:
        most = pick(f"{self._seed(place)}-visit").choice(FAULTS_PER_VISIT)
        found = picked_faults(
            checklist_of(place), place.judged_facts(), self._seed(place),
            max(most, fine_first), fine_first=fine_first,
        )  # fmt: skip
        return self._visit(place, at, by, found)

    def _visit(self, place: SamplePlace, at: datetime, by: str, faults: Sequence[Fault]) -> Visit:
        checklist, seed = checklist_of(place), self._seed(place)
        forced = {fault.item: failing_answer(checklist, fault) for fault in faults}
        answers = usual_answers(checklist, place.judged_facts(), seed, forced)
        shots = self._other_shots(place, by, answers, forced)
        for fault in faults:
            shots[fault.item] = (wording.faulty_shot(fault, f"{seed}-{by}-{fault.item}"),)
        chance = pick(f"{seed}-{by}-words")
        note = chance.choice(wording.NOTES.get(place.kind, ("",)))
        reason = chance.choice(wording.NO_PHOTO)
        return Visit(at, place.key, by, answers, shots, tuple(faults), note, reason)

    def _other_shots(
        self,
        place: SamplePlace,
        by: str,
        answers: Mapping[str, Answer],
        forced: Mapping[str, Answer],
    ) -> dict[str, tuple[Shot, ...]]:
        """Photos of a few items with nothing wrong."""
        checklist, seed = checklist_of(place), f"{self._seed(place)}-{by}"
        wanted = [
            checklist.item(item)
            for item, answer in answers.items()
            if answer.state is AnswerState.ANSWERED
            and item not in forced
            and checklist.item(item).photo is PhotoRule.ALWAYS
        ]
        taken = pick(f"{seed}-shots").sample(wanted, min(OTHER_SHOTS, len(wanted)))
        return {
            item.id: (wording.sound_shot(item, answers[item.id], f"{seed}-{item.id}"),)
            for item in taken
        }

    def _problems(self, visit: Visit) -> Iterator[Problem]:
        place = self.places[visit.place]
        judged = judge(checklist_of(place), visit.answers, place.judged_facts())
        for fault in visit.faults:
            # What has an unverified clause or no owner yet goes into no order.
            waits = judged[fault.item].unverified or not place.owner
            is_fine = fault.near is not None
            fate = self._fates.next(self.end - visit.at, waits=waits, is_fine=is_fine)
            steps = StepWriter(self.seed, place, fault, visit).steps(fate, self.end)
            yield Problem(fault, visit, tuple(steps))

    def _second_visits(self, problems: Sequence[Problem]) -> list[Visit]:
        """The same place seen by somebody else: what nobody has touched is found again."""
        visits: dict[str, Visit] = {}
        for problem in problems:
            first = problem.visit
            at = first.at + AGAIN_AFTER
            still = [one for one in problems if one.visit is first and one.is_untouched_at(at)]
            if still and first.place not in visits and at < self.end - LATEST:
                place = self.places[first.place]
                by = self._supervisor(place, "again", without=first.by)
                visits[place.key] = self._visit(place, at, by, [one.fault for one in still])
        return list(visits.values())[: 1 if self.small else 4]

    def _found_twice(self, problems: Sequence[Problem]) -> Iterator[Happening]:
        """Somebody registers a place that has a number already, and finds a problem there of which
        nothing has become yet."""
        untouched = [
            one
            for one in problems
            if not one.steps and self.places[one.visit.place].at and one.visit.at < self.end - TWICE
            and not self.places[one.visit.place].legs
        ]  # fmt: skip
        for problem in untouched[-1:]:
            first = self.places[problem.visit.place]
            by = self._supervisor(first, "twice", without=problem.visit.by)
            place, at = twin_of(first, by), self.end - LATEST
            yield Registering(at - timedelta(minutes=20), place.key, by, first.key)
            yield self._visit(place, at, by, [problem.fault])

    def _drafts(self) -> list[Visit]:
        """Visits begun and not yet filed: half of the answers."""
        drafts = []
        long = [one for one in self._standing_places() if len(checklist_of(one).items) >= LONG]
        for ago, place in zip(DRAFTED_AGO, reversed(long), strict=False):
            begun = at_work(self.end - ago, pick(f"{self._seed(place)}-draft-when"))
            at = min(begun, self.end - LATEST)
            whole = self._visit(place, at, self._supervisor(place, "draft"), ())
            half = dict(list(whole.answers.items())[: len(whole.answers) // 2])
            shots = {item: taken for item, taken in whole.shots.items() if item in half}
            drafts.append(
                replace(
                    whole, answers=half, shots=shots, note="", no_photo_reason="", is_draft=True
                )
            )
        return drafts[: 1 if self.small else 3]

    def _supervisor(self, place: SamplePlace, use: str, without: str = "") -> str:
        return supervisor_for(place.district, f"{self._seed(place)}-{use}", without)

    def _seed(self, place: SamplePlace) -> str:
        return f"{self.seed}-{place.key}"


def _first_road(going: Sequence[SamplePlace]) -> SamplePlace | None:
    """The earliest with an owner: its kerb ramps have a slope to measure."""
    return next((one for one in going if one.kind is FacilityKind.ROAD and one.owner), None)
