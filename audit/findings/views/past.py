"""What has become of a finding so far, read from its events: stations, re-checks, pictures."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _

from audit.core.text import Text
from audit.geo.points import Point
from audit.photos.models import Photo

from ..models import Finding, FindingEvent
from ..rules import (
    ASKINGS,
    DECIDED_BY,
    FINAL_STATES,
    RECHECKS,
    STATES,
    STAYS,
    State,
    Verb,
)

PATH = (State.REPORTED, State.CONFIRMED, State.DISPATCHED, State.FIXED, State.CLOSED)
FOUND = {Verb.OPEN, Verb.JOIN}
# whose pictures show what was done about it
AFTER = RECHECKS | {Verb.REPORT_FIXED, Verb.MAKE_SAFE}
SENT_BACK = {
    Verb.RETURN, Verb.GRANT_RETURN, Verb.RESUME, Verb.REFUSE, Verb.REOPEN, Verb.RECONSIDER,
    Verb.UNMERGE,
}  # fmt: skip
ASKS = frozenset(asking.ask for asking in ASKINGS.values())
INSTEAD = {  # of the station of the plain way
    State.REOPENED: State.DISPATCHED,
    State.FIXING: State.DISPATCHED,
    State.PROGRAMMED: State.DISPATCHED,
    State.SUBSTITUTED: State.DISPATCHED,
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
    """`number` counts within its side, before or after."""

    photo: Photo
    event: FindingEvent
    number: int = 0

    @property
    def by(self) -> object:
        """In which role somebody took it."""
        if self.event.verb in FOUND:
            return _("检查人")
        return _("复查人") if self.event.verb in RECHECKS else _("整改单位")

    @property
    def metres(self) -> int | None:
        """From the facility; None where either place is unknown."""
        photo, facility = self.photo, self.event.finding.facility
        if photo.lon is None or photo.lat is None or facility.lon is None:
            return None
        return round(facility.metres_from(Point(photo.lon, photo.lat)))


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
    def pending(self) -> FindingEvent | None:
        """With which the organisation asked for what it waits for."""
        plea = self.finding.plea
        if plea is None:
            return None
        asked = [one for one in self.finding.events if one.verb is ASKINGS[plea].ask]
        return asked[-1] if asked else None

    @property
    def refused(self) -> FindingEvent | None:
        """The last answer to what the organisation asked for, where it was no, and nothing has
        moved since."""
        for event in reversed(self.finding.events):
            plea = DECIDED_BY.get(event.verb)
            if plea is not None:
                return event if event.verb is ASKINGS[plea].refuse else None
            if event.verb not in STAYS or event.verb in ASKS:
                return None
        return None

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
        if state in FINAL_STATES:  # not always by the whole way
            gone = (one for one in PATH if self._reached(one, passed=True))
            return (*(one for one in gone if one is not State.CLOSED), state)
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
        return _numbered([one for one in self._pictures() if one.event.verb in FOUND])

    @property
    def after(self) -> list[Picture]:
        """Of what was done about it, the latest first."""
        later = [one for one in self._pictures() if one.event.verb in AFTER]
        return _numbered(later[::-1])

    def _pictures(self) -> list[Picture]:
        return [
            Picture(link.photo, event) for event in self.finding.events for link in event.photos
        ]


def _numbered(pictures: list[Picture]) -> list[Picture]:
    return [replace(one, number=number) for number, one in enumerate(pictures, 1)]


def _standing(number: int, place: int) -> str:
    if number == place:
        return "current"
    return "done" if number < place else "todo"
