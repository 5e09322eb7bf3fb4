"""Kinds of measure, as article 26 of the law on barrier-free environments names what an owner or
manager must do, and how one goes from planned to done. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from audit.core.text import Text


class MeasureKind(StrEnum):
    REPAIR = "repair"
    CONVERT = "convert"
    CLEAR = "clear"
    UPKEEP = "upkeep"


class MeasureState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


KINDS: Mapping[MeasureKind, Text] = {
    MeasureKind.CONVERT: Text("改造", "Conversion"),
    MeasureKind.REPAIR: Text("维修、更换", "Repair or replacement"),
    MeasureKind.CLEAR: Text("清除占用", "Clearing obstructions"),
    MeasureKind.UPKEEP: Text("其他维护", "Other upkeep"),
}
STATES: Mapping[MeasureState, Text] = {
    MeasureState.PLANNED: Text("已列入计划", "Planned"),
    MeasureState.UNDER_WAY: Text("实施中", "Under way"),
    MeasureState.DONE: Text("已完成", "Done"),
    MeasureState.DROPPED: Text("不再实施", "Dropped"),
}
NEXT: Mapping[MeasureState, tuple[MeasureState, ...]] = {
    MeasureState.PLANNED: (MeasureState.UNDER_WAY, MeasureState.DONE, MeasureState.DROPPED),
    MeasureState.UNDER_WAY: (MeasureState.DONE, MeasureState.DROPPED),
    MeasureState.DONE: (),
    MeasureState.DROPPED: (MeasureState.PLANNED,),
}
OPEN = (MeasureState.PLANNED, MeasureState.UNDER_WAY)
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_YUAN = 100_000_000_000


@dataclass(frozen=True)
class MeasureDraft:
    """What a person states. `budget_yuan` and `organisation_id` are None where not settled."""

    kind: MeasureKind
    what: str
    year: int
    budget_yuan: int | None = None
    organisation_id: UUID | None = None
    substitute: str = ""
