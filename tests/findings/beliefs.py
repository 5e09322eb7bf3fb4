"""What must become of a step of a finding's life, by whom and in which state.

Stands on the small table below and on nothing of `audit.findings.rules`.
"""

from dataclasses import dataclass, field
from uuid import UUID

from audit.core.actors import Actor, Grant, Role
from audit.core.errors import AuditError, Conflict, NotAllowed
from audit.core.ids import new_id
from tests.factories import ANYUE, YANJIANG

Refusal = type[AuditError] | None

# step: (from, to, roles that may); "" stays where it is
TABLE: dict[str, tuple[set[str], str, set[str]]] = {
    "confirm": ({"reported"}, "confirmed", {"coordinator"}),
    "reject": ({"reported"}, "rejected", {"coordinator"}),
    "dispatch": ({"confirmed", "dispatched", "reopened"}, "dispatched", {"department"}),
    "return": ({"dispatched"}, "confirmed", {"organisation"}),
    "report_fixed": ({"dispatched", "reopened"}, "fixed", {"organisation"}),
    "pass_recheck": ({"fixed", "unsure"}, "closed", {"supervisor", "coordinator"}),
    "fail_recheck": ({"fixed", "unsure"}, "reopened", {"supervisor", "coordinator"}),
    "near_recheck": ({"fixed", "unsure"}, "unsure", {"supervisor", "coordinator"}),
    "accept": ({"unsure"}, "closed", {"coordinator"}),
    "refuse": ({"unsure"}, "reopened", {"coordinator"}),
    "void": (
        {"confirmed", "dispatched", "fixed", "unsure", "reopened"}, "closed", {"coordinator"},
    ),
    "reopen": ({"closed"}, "reopened", {"coordinator", "department"}),
    "reconsider": ({"rejected"}, "reported", {"coordinator", "department"}),
    "trust": (
        {"reported", "rejected", "confirmed", "dispatched", "fixed", "unsure", "closed",
         "reopened"}, "", {"coordinator"},
    ),
    "ask_time": ({"dispatched", "reopened"}, "", {"organisation"}),
    "grant_time": ({"dispatched", "reopened"}, "", {"department"}),
    "refuse_time": ({"dispatched", "reopened"}, "", {"department"}),
}  # fmt: skip
RECHECKS = {"pass_recheck", "fail_recheck", "near_recheck"}
JUDGES = RECHECKS | {"accept", "refuse", "void", "trust"}
SHOWS = RECHECKS | {"report_fixed"}  # with a picture
TIME = {"ask_time", "grant_time", "refuse_time"}
AGAIN = {"reopen", "reconsider"}
FINAL = {"closed", "rejected"}
NEEDS_REASON = TABLE.keys() - RECHECKS - {"confirm", "dispatch", "grant_time"}
FLAWS = [
    "no_reason",
    "blank_reason",
    "long_reason",
    "no_photo",
    "used_photo",
    "no_organisation",
    "no_day",
    "early_day",
]
REASONS = {"no_reason": "", "blank_reason": " \n ", "long_reason": "长" * 2001}


@dataclass(frozen=True)
class Person:
    """Whoever acts: (role, district) pairs, None for the whole city, and their organisation."""

    roles: tuple[tuple[str, str | None], ...]
    organisation: UUID | None = None
    id: UUID = field(default_factory=new_id)

    @property
    def actor(self) -> Actor:
        grants = tuple(
            Grant(Role(role), None if district is None else frozenset({district}))
            for role, district in self.roles
        )
        return Actor(self.id, f"某{self.roles[0][0]}", grants, self.organisation)

    def holds(self, roles: set[str], district: str | None = None) -> bool:
        return any(
            role in roles and (district is None or where in (None, district))
            for role, where in self.roles
        )


@dataclass
class Life:
    number: str
    facility: UUID
    rule: str
    district: str
    finder: UUID
    scanned: bool
    state: str = "reported"
    organisation: UUID | None = None
    fixer: UUID | None = None
    times_found: int = 1
    doubtful: bool = False
    unlimited: bool = False  # how long the fix may take
    asked: bool = False  # for more time
    pictures: list[UUID] = field(default_factory=list)
    events: list[tuple[str, str | None, str, UUID | None]] = field(default_factory=list)
    bodies: dict[int, UUID | None] = field(default_factory=dict)  # organisation of who took event n

    def go(self, verb: str, to: str, who: UUID | None) -> None:
        self.events.append((verb, self.state, to or self.state, who))
        self.state = to or self.state


def refusal_of(life: Life, step: str, who: Person, twin_is_open: bool) -> Refusal:
    """What must become of a step that is done properly, from the table above."""
    came_from, _to, roles = TABLE[step]
    if life.state not in came_from or (step == "trust" and not life.doubtful):
        return Conflict
    if step in TIME and life.asked is (step == "ask_time"):
        return Conflict
    if step in ("report_fixed", "return", "ask_time"):
        mine = who.organisation is not None and who.organisation == life.organisation
        return None if who.holds(roles) and mine else NotAllowed
    if not who.holds(roles, life.district):
        return NotAllowed
    if step in JUDGES and is_fixer(life, who):
        return NotAllowed
    if step in TIME and who.organisation is not None and who.organisation == life.organisation:
        return NotAllowed
    if step in RECHECKS and who.id == life.finder:
        return NotAllowed
    return Conflict if step in AGAIN and twin_is_open else None


def is_fixer(life: Life, who: Person) -> bool:
    own = who.organisation is not None and who.organisation == life.organisation
    return own or who.id == life.fixer


def is_flawed(life: Life, step: str, flaw: str) -> bool:
    if flaw in {"no_reason", "blank_reason"}:
        return step in NEEDS_REASON
    if flaw == "no_organisation":
        return step == "dispatch"
    if flaw in {"no_day", "early_day"}:
        return step in {"ask_time", "grant_time"}
    if flaw == "no_photo":
        return step == "report_fixed" and not life.scanned
    if flaw == "used_photo":
        return step in SHOWS and bool(life.pictures)
    return flaw == "long_reason"


def people_of(organisations: list[UUID]) -> list[Person]:
    """Every role, here, there and city-wide; members of organisations in every role as well."""
    first, second, third = organisations
    mostly_here = [None, YANJIANG, YANJIANG, ANYUE]
    people = [
        Person(((role, district),))
        for role in ("supervisor", "coordinator", "department")
        for district in mostly_here
    ]
    people += [Person(((str(role), None),)) for role in Role]
    people += [Person((("organisation", YANJIANG),), one) for one in (first, first, second, third)]
    people += [
        Person((("supervisor", None),), first),
        Person((("coordinator", YANJIANG),), second),
        Person((("department", None), ("organisation", None)), second),
        Person((("organisation", None), ("supervisor", None)), third),
        Person((("coordinator", ANYUE), ("organisation", YANJIANG)), first),
        Person((("coordinator", ANYUE), ("department", YANJIANG))),
    ]
    return people
