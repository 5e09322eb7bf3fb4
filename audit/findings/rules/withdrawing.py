"""What becomes of a finding whose inspection is withdrawn."""

from enum import StrEnum

from .states import FINAL_STATES, State


class Fate(StrEnum):
    WITHDRAWN = "withdrawn"
    FOUND_LESS = "found_less"  # others have found it too
    ENDED = "ended"  # it has come to nothing already
    IN_HAND = "in_hand"  # somebody relies on it: the inspection cannot be withdrawn


def fate_of(state: State, times_found: int, *, is_dispatched: bool, is_main: bool) -> Fate:
    """`is_dispatched`: an organisation is named; `is_main`: others were merged into it."""
    if times_found > 1:
        return Fate.FOUND_LESS
    if state is State.MERGED or is_dispatched or is_main:
        return Fate.IN_HAND
    if state in FINAL_STATES:
        return Fate.ENDED
    return Fate.WITHDRAWN if state in (State.REPORTED, State.CONFIRMED) else Fate.IN_HAND
