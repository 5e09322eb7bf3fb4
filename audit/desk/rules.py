"""What a new city still lacks before it can work, in the order in which it is best made. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from audit.accounts.rules import OrganisationKind
from audit.core.actors import Role


class Step(StrEnum):
    DISTRICTS = "districts"
    ORGANISATIONS = "organisations"
    PEOPLE = "people"
    FACILITIES = "facilities"
    WATCH = "watch"  # the three administrators


@dataclass(frozen=True)
class Standing:
    """What is there and in use. `people`: accounts by role; `unused`: those whose one-time code
    waits to be used; `sample_districts`: outlines that are made up."""

    districts: int = 0
    sample_districts: int = 0
    organisations: Mapping[OrganisationKind, int] = field(default_factory=dict)
    people: Mapping[Role, int] = field(default_factory=dict)
    unused: int = 0
    facilities: int = 0


# Two supervisors, because nobody re-checks their own finding; two security administrators, because
# nobody manages themselves: the only one could not be helped.
WANTED_ORGANISATIONS = (
    OrganisationKind.FEDERATION, OrganisationKind.DEPARTMENT, OrganisationKind.OWNER,
)  # fmt: skip
WANTED_PEOPLE: Mapping[Role, int] = {
    Role.COORDINATOR: 1, Role.DEPARTMENT: 1, Role.SUPERVISOR: 2, Role.ORGANISATION: 1,
}  # fmt: skip
WANTED_WATCH: Mapping[Role, int] = {Role.ADMINISTRATOR: 1, Role.SECURITY: 2, Role.AUDITOR: 1}


@dataclass(frozen=True)
class FirstStep:
    """`lacking`: kinds of organisation or roles; for the other steps empty. `count`: what is
    there."""

    step: Step
    done: bool
    count: int
    lacking: tuple[OrganisationKind | Role, ...] = ()


def steps_of_administrator(there: Standing) -> list[FirstStep]:
    kinds = tuple(kind for kind in WANTED_ORGANISATIONS if not there.organisations.get(kind))
    return [
        FirstStep(Step.DISTRICTS, there.districts > 0, there.districts),
        FirstStep(Step.ORGANISATIONS, not kinds, sum(there.organisations.values()), kinds),
        _people(Step.PEOPLE, WANTED_PEOPLE, there),
        FirstStep(Step.FACILITIES, there.facilities > 0, there.facilities),
    ]


def steps_of_security(there: Standing) -> list[FirstStep]:
    return [_people(Step.WATCH, WANTED_WATCH, there)]


def _people(step: Step, wanted: Mapping[Role, int], there: Standing) -> FirstStep:
    lacking = tuple(role for role, least in wanted.items() if there.people.get(role, 0) < least)
    return FirstStep(step, not lacking, sum(there.people.get(one, 0) for one in wanted), lacking)
