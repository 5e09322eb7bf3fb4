from dataclasses import dataclass
from uuid import UUID

from audit.facilities.rules import FacilityDraft

from .states import RowState


@dataclass(frozen=True, slots=True)
class Tried:
    """What the trial of one row came to."""

    line: int
    state: RowState
    draft: FacilityDraft | None = None
    twin_id: UUID | None = None
    twin_line: int | None = None
