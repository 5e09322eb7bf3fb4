"""What an inspection is and how typed text becomes quantities. Pure."""

from .condition import CONDITIONS, Condition, Visit, condition_now, is_full
from .filing import (
    InspectionState,
    Receipt,
    content_hash,
    difference_in_words,
    finding_facts,
    measured_facts,
    opens_finding,
    still_asks,
)
from .quantities import parse_quantity

__all__ = [
    "CONDITIONS",
    "Condition",
    "InspectionState",
    "Receipt",
    "Visit",
    "condition_now",
    "content_hash",
    "difference_in_words",
    "finding_facts",
    "is_full",
    "measured_facts",
    "opens_finding",
    "parse_quantity",
    "still_asks",
]
