"""What has become of a finding so far, read from its events: stations, re-checks, pictures."""

from dataclasses import dataclass
from datetime import datetime

from audit.core.text import Text
from audit.photos.models import Photo

from ..models import Finding, FindingEvent
from ..rules import RECHECKS, STATES, STAYS, State, Verb

PATH = (State.REPORTED, State.CONFIRMED, State.DISPATCHED, State.FIXED, State.CLOSED)
FOUND = {Verb.OPEN, Verb.JOIN}
SENT_BACK = {Verb.RETURN, Verb.REFUSE, Verb.REOPEN, Verb.RECONSIDER}
INSTEAD = {  # of the station of the plain way
    State.REOPENED: State.DISPATCHED,
    State.UNSURE: State.FIXED,
}


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
class Past:
    finding: Finding

    @property
    def last_move(self) -> FindingEvent:
        return [event for event in self.finding.events if event.verb not in STAYS][-1]

    @property
    def sent_back(self) -> FindingEvent | None:
        """The step that brought it back to where it is, with its reason."""
        last = self.last_move
        return last if last.verb in SENT_BACK else None

    @property
    def last_recheck(self) -> FindingEvent | None:
        """By a person or by the scanner; None where there was none yet."""
        seen = [one for one in self.finding.events if one.verb in RECHECKS]
        return seen[-1] if seen else None

    @property
    def doubts(self) -> list[FindingEvent]:
        """Steps whose evidence is still to be looked into, the latest last."""
        found: list[FindingEvent] = []
        for event in self.finding.events:
            went_back = event.to_state is State.REOPENED and event.verb is not Verb.JOIN
            if event.verb is Verb.TRUST or went_back:
                found.clear()
            if event.detail.get("doubts"):
                found.append(event)
        return found

    @property
    def life(self) -> list[LifeStep]:
        now, path = self.finding.state, self._path()
        place = path.index(now)
        return [
            LifeStep(STATES[state], _standing(number, place), self._reached(state, number <= place))
            for number, state in enumerate(path)
        ]

    def _path(self) -> tuple[State, ...]:
        state = self.finding.state
        if state is State.REJECTED:
            return (State.REPORTED, State.REJECTED)
        if state is State.CLOSED:  # not always by the whole way
            return tuple(one for one in PATH if self._reached(one, passed=True))
        return tuple(state if INSTEAD.get(state) is one else one for one in PATH)

    def _reached(self, state: State, passed: bool) -> datetime | None:
        moments = [
            event.at
            for event in self.finding.events
            if event.to_state == state and event.verb not in STAYS
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


def _standing(number: int, place: int) -> str:
    if number == place:
        return "current"
    return "done" if number < place else "todo"
