"""The life of a finding as data: one table that pages, actions, documents and tests read."""

from .deciding import (
    Facts,
    needs_of,
    refusal,
    steps_for_many,
    steps_open_to,
)
from .states import (
    OPEN_STATES,
    SEVERITIES,
    STATES,
    Needs,
    Source,
    State,
    Verb,
    Why,
)
from .table import (
    ABOUT_TIME,
    DONE,
    RECHECKS,
    STAYS,
    TRANSITIONS,
    Step,
    step_for,
    steps_from,
)
from .time import (
    Running,
    TimeNote,
    running,
    stage_of,
)

__all__ = [
    "ABOUT_TIME",
    "DONE",
    "OPEN_STATES",
    "RECHECKS",
    "SEVERITIES",
    "STATES",
    "STAYS",
    "TRANSITIONS",
    "Facts",
    "Needs",
    "Running",
    "Source",
    "State",
    "Step",
    "TimeNote",
    "Verb",
    "Why",
    "needs_of",
    "refusal",
    "running",
    "stage_of",
    "step_for",
    "steps_for_many",
    "steps_from",
    "steps_open_to",
]
