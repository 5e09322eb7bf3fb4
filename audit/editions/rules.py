"""Which edition of a list is in force on a day, from what was decided about it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Act(StrEnum):
    """Put an edition in force; or retire it, so that nobody begins anything with it."""

    PUBLISH = "publish"
    RETIRE = "retire"


class DecisionState(StrEnum):
    PROPOSED = "proposed"
    DECIDED = "decided"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True)
class Ruling:
    """One thing decided: from this day on this edition, or no longer."""

    act: Act
    edition: str
    starts_on: date


@dataclass(frozen=True)
class Proposal:
    checklist_id: str
    edition: str
    act: Act
    starts_on: date
    why: str


def edition_on(day: date, rulings: Iterable[Ruling], newest: str) -> str | None:
    """The edition in force on a day; None where it was retired and no other was published since.

    `rulings` in the order in which they were decided: of two that begin on one day the later holds.
    Where nothing was decided yet it is the newest that came with the software.
    """
    begun = [one for one in rulings if one.starts_on <= day]
    if not begun:
        return newest
    last = max(enumerate(begun), key=lambda pair: (pair[1].starts_on, pair[0]))[1]
    return last.edition if last.act is Act.PUBLISH else None


def coming(day: date, rulings: Iterable[Ruling]) -> list[Ruling]:
    """What is decided and begins after this day, the next first."""
    return sorted((one for one in rulings if one.starts_on > day), key=lambda one: one.starts_on)


def is_overtaken(newest: str, in_force: str | None, mentioned: Iterable[str]) -> bool:
    """Whether a newer edition came with the software that nobody has said anything about yet."""
    return in_force is not None and newest != in_force and newest not in set(mentioned)


def is_second_person(proposed_by: UUID | None, actor: UUID | None) -> bool:
    """Nobody publishes what they proposed, and nobody who is nobody publishes anything."""
    return actor is not None and actor != proposed_by


def first_day(starts_on: date, today: date) -> date:
    """From when a proposal holds that is published today: never from before it was published."""
    return max(starts_on, today)


def offered(editions: Sequence[str], in_force: str | None) -> list[str]:
    """What may be proposed to be put in force, in the order given."""
    return [one for one in editions if one != in_force]
