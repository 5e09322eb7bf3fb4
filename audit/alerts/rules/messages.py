"""What people are told, put together: many findings in one message."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from audit.core.text import Text

from .telling import Telling

MOST_NAMED = 10  # numbers in one message; the others are counted


@dataclass(frozen=True)
class Told:
    """What one person is to be told of one finding, and by which row. `state`: it came into it."""

    user_id: UUID
    telling: Telling
    number: str
    facility_id: UUID
    state: str
    note: Text


def first_for_each(
    rows: Iterable[tuple[Telling, Iterable[UUID]]], actor_id: UUID | None
) -> list[tuple[UUID, Telling]]:
    """Who is told by which row: each person once, and nobody of their own act."""
    told: dict[UUID, Telling] = {}
    for telling, people in rows:
        for one in people:
            if one != actor_id:
                told.setdefault(one, telling)
    return sorted(told.items(), key=lambda pair: pair[0])


@dataclass(frozen=True)
class Message:
    """What several people get alike. `numbers` in order, each once."""

    telling: Telling
    numbers: tuple[str, ...]
    address: str
    note: Text

    @property
    def subject(self) -> Text:
        telling, count = self.telling, len(self.numbers)
        words = telling.one if count == 1 else telling.many
        return Text(
            words.zh.format(number=self.numbers[0], count=count),
            words.en.format(number=self.numbers[0], count=count),
        )

    @property
    def body(self) -> Text:
        if len(self.numbers) == 1:
            return self.note
        named = self.numbers[:MOST_NAMED]
        more = len(self.numbers) - len(named)
        return Text(
            "、".join(named) + (f" 等，另有 {more} 个" if more else ""),
            ", ".join(named) + (f" and {more} more" if more else ""),
        )


def merged(told: Sequence[Told]) -> list[tuple[Message, list[UUID]]]:
    """One message for all that a person is told by one row, and one text for all who are told the
    same, in the order in which things happened."""
    mine: dict[tuple[UUID, Telling], list[Told]] = {}
    for one in told:
        mine.setdefault((one.user_id, one.telling), []).append(one)
    alike: dict[Message, list[UUID]] = {}
    for (user_id, _telling), several in mine.items():
        alike.setdefault(_message(several), []).append(user_id)
    return list(alike.items())


def _message(several: Sequence[Told]) -> Message:
    first = several[0]
    numbers = tuple(dict.fromkeys(one.number for one in several))
    return Message(first.telling, numbers, _address(several), first.note)


def _address(several: Sequence[Told]) -> str:
    """The finding; of several at one place, those of the place; else those in the same state."""
    numbers = {one.number for one in several}
    places = {one.facility_id for one in several}
    states = {one.state for one in several}
    if len(numbers) == 1:
        return f"/findings/{numbers.pop()}"
    if several[0].telling.listed:
        return f"/findings/?{several[0].telling.listed}"
    narrow = f"facility={places.pop()}&state=all" if len(places) == 1 else ""
    if not narrow:
        narrow = "&".join(f"state={state}" for state in sorted(states))
    return f"/findings/?{narrow}"
