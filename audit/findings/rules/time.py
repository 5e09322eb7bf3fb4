"""Which clock runs in which state."""

from uuid import UUID

from audit.clocks.rules import Stage

from .states import State

# What nobody has been named for waits for dispatch, also when it came back.
STAGE_OF: dict[State, Stage] = {
    State.REPORTED: Stage.CONFIRM,
    State.CONFIRMED: Stage.DISPATCH,
    State.DISPATCHED: Stage.FIX,
    State.FIXING: Stage.FIX,
    State.PROGRAMMED: Stage.FIX,  # until its planned day
    State.REOPENED: Stage.FIX,
    State.FIXED: Stage.RECHECK,
    State.UNSURE: Stage.RECHECK,
}
CLOCKED_STATES = frozenset(STAGE_OF)


def stage_of(state: State, organisation_id: UUID | None) -> Stage | None:
    """Which clock runs; None for what is at its end or has a substitute."""
    stage = STAGE_OF.get(state)
    unnamed = organisation_id is None and state is not State.PROGRAMMED
    return Stage.DISPATCH if stage is Stage.FIX and unnamed else stage
