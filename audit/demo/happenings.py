"""What happens in the sample city: a register entry, a visit, a step of a finding. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from audit.checklists.rules import Answer
from audit.findings.rules import Verb
from audit.photos.drawing import Scene

from .reading import Fault


@dataclass(frozen=True)
class Shot:
    """A photo to draw: what it shows, its seed, and what stands on the measuring tool."""

    scene: Scene
    seed: int
    reading: str = ""


Shots = Mapping[str, tuple[Shot, ...]]


@dataclass(frozen=True)
class Registering:
    """Somebody puts a place on the register. People are named by login, places by key; `again`: of
    the place that it is, which that person did not know of."""

    at: datetime
    place: str
    by: str
    again: str = ""


@dataclass(frozen=True)
class Visit:
    """An inspection, filed or left as a draft. `faults`: what fails."""

    at: datetime
    place: str
    by: str
    answers: Mapping[str, Answer]
    shots: Shots = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    note: str = ""
    no_photo_reason: str = ""
    is_draft: bool = False


@dataclass(frozen=True)
class Step:
    """One step of the finding of `item` at `place`. `to`: key of the organisation dispatched to;
    `answer`: what a re-check measured."""

    at: datetime
    place: str
    item: str
    verb: Verb
    by: str
    why: str = ""
    to: str = ""
    answer: Answer | None = None
    shot: Shot | None = None


Happening = Registering | Visit | Step


def shots_of(happening: Happening) -> Iterator[Shot]:
    if isinstance(happening, Visit):
        for shots in happening.shots.values():
            yield from shots
    elif isinstance(happening, Step) and happening.shot is not None:
        yield happening.shot
