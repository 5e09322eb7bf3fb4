"""How a place stands: its condition now, how old that news is, when it is looked at again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit.core.clock import today
from audit.findings.models import Finding
from audit.inspections.models import Inspection
from audit.inspections.queries import aged_answers, visits_of
from audit.inspections.rules import CONDITIONS, Condition, Visit, condition_now

from ..models import Facility
from ..queries import revisit_days
from ..rules import AGES, FacilityKind, age_of, due_on
from ..rules.revisit import Age

TONES = {
    Condition.USABLE: ("ok", "check-circle"),
    Condition.FAULTY: ("danger", "diamond"),
    Condition.UNUSABLE: ("danger", "stop"),
    Condition.UNKNOWN: ("neutral", "question"),
}


@dataclass(frozen=True)
class Standing:
    """`aged`: items whose good answer is too old, by age; `due`: of the next visit, None where
    there is no interval or no visit yet."""

    condition: Condition
    seen: date | None
    age: Age | None
    due: date | None
    aged: Mapping[Age, int]
    visits: Mapping[UUID, Visit]

    titles = CONDITIONS
    ages = AGES
    tones = TONES

    @property
    def is_due(self) -> bool:
        return self.due is not None and self.due <= today()


def standing_of(
    facility: Facility, findings: Sequence[Finding], inspections: Sequence[Inspection]
) -> Standing:
    """`findings`: those that are open there."""
    seen, now = facility.seen_on, today()
    days = revisit_days().get(FacilityKind(facility.kind))
    aged = aged_answers(facility.id, now)
    return Standing(
        condition=condition_now({one.rule_id: one.severity for one in findings}, seen, now),
        seen=seen,
        age=age_of(seen, now) if seen else None,
        due=due_on(seen, days) if seen and days else None,
        aged={age: count for age, count in aged.items() if age is not Age.FRESH},
        visits=visits_of(inspections),
    )
