"""A step that a page could not take, kept so that the page comes back with all that was sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from uuid import UUID

from audit.core.errors import Conflict, Invalid


@dataclass(frozen=True)
class Tried:
    """A step that was not taken. `problems`: what to change, by the name of its control;
    `conflict`: why it cannot be taken any more; `photos`: pictures that were kept all the same."""

    verb: StrEnum
    problems: dict[str, str]
    photos: list[UUID] = field(default_factory=list)
    conflict: str = ""

    @classmethod
    def of(cls, verb: StrEnum, error: Invalid | Conflict, photos: Sequence[UUID] = ()) -> "Tried":
        if isinstance(error, Conflict):
            return cls(verb, {}, list(photos), str(error.message))
        problems = {name: str(text) for name, text in error.problems.items()}
        return cls(verb, problems, list(photos))

    @property
    def status(self) -> HTTPStatus:
        return HTTPStatus.CONFLICT if self.conflict else HTTPStatus.UNPROCESSABLE_ENTITY
