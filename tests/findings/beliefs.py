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

WITH_FIXER = {"dispatched", "fixing", "reopened"}
LED = WITH_FIXER | {"confirmed", "programmed", "substituted", "fixed", "unsure"}
FINAL = {"closed", "rejected", "withdrawn", "merged"}
ANY = LED | FINAL | {"reported"}
LOOKS, OFFICE = {"supervisor", "coordinator"}, {"coordinator"}
BOTH = {"coordinator", "department"}
# step: (from, to, roles that may); "" stays where it is
TABLE: dict[str, tuple[set[str], str, set[str]]] = {
    "confirm": ({"reported"}, "confirmed", OFFICE),
    "reject": ({"reported"}, "rejected", OFFICE),
    "withdraw": ({"reported", "confirmed"}, "withdrawn", LOOKS),
    "dispatch": ({"confirmed"} | WITH_FIXER, "dispatched", {"department"}),
    "start": ({"dispatched"}, "fixing", {"organisation"}),
    "report_fixed": (WITH_FIXER, "fixed", {"organisation"}),
    "make_safe": (WITH_FIXER, "", {"organisation"}),
    "pass_recheck": ({"fixed", "unsure"}, "closed", LOOKS),
    "fail_recheck": ({"fixed", "unsure"}, "reopened", LOOKS),
    "near_recheck": ({"fixed", "unsure"}, "unsure", LOOKS),
    "accept": ({"unsure"}, "closed", OFFICE),
    "refuse": ({"unsure"}, "reopened", OFFICE),
    "void": (LED, "closed", OFFICE),
    "reopen": ({"closed"}, "reopened", BOTH),
    "reconsider": ({"rejected", "withdrawn"}, "reported", BOTH),
    "trust": (ANY, "", OFFICE),
    "ask_time": (WITH_FIXER, "", {"organisation"}),
    "grant_time": (WITH_FIXER, "", {"department"}),
    "refuse_time": (WITH_FIXER, "", {"department"}),
    "ask_return": ({"dispatched", "fixing"}, "", {"organisation"}),
    "grant_return": ({"dispatched", "fixing"}, "confirmed", {"department"}),
    "refuse_return": ({"dispatched", "fixing"}, "", {"department"}),
    "ask_substitute": (WITH_FIXER, "", {"organisation"}),
    "grant_substitute": (WITH_FIXER, "substituted", {"department"}),
    "refuse_substitute": (WITH_FIXER, "", {"department"}),
    "contest": (WITH_FIXER, "", {"organisation"}),
    "uphold": (WITH_FIXER, "rejected", {"department"}),
    "dismiss": (WITH_FIXER, "", {"department"}),
    "programme": ({"confirmed"} | WITH_FIXER, "programmed", {"department"}),
    "resume": ({"programmed", "substituted"}, "dispatched", {"department"}),
    "escalate": (LED, "", BOTH),
    "release": (LED, "", BOTH),
    "refer": (LED, "", OFFICE),
    "record_advice": (ANY, "", OFFICE),
    "record_reply": (ANY, "", OFFICE),
    "assist": (LED, "", {"department"}),
    "end_assist": (ANY, "", {"department"}),
    "note": (ANY, "", LOOKS | {"department"}),
    "merge": ({"reported", "confirmed"}, "merged", OFFICE),
    "unmerge": ({"merged"}, "reported", OFFICE),
}
RECHECKS = {"pass_recheck", "fail_recheck", "near_recheck"}
JUDGES = RECHECKS | {"accept", "refuse", "void", "trust"}
SHOWS = RECHECKS | {"report_fixed", "make_safe"}  # with a picture
MAY_SHOW = {"ask_substitute", "contest", "uphold", "dismiss", "note"}
ASKS = {"ask_time": "time", "ask_return": "return", "ask_substitute": "substitute",
        "contest": "objection"}  # fmt: skip
DECIDES = {
    "grant_time": "time",
    "refuse_time": "time",
    "grant_return": "return",
    "refuse_return": "return",
    "grant_substitute": "substitute",
    "refuse_substitute": "substitute",
    "uphold": "objection",
    "dismiss": "objection",
}
OF_FIXER = {"start", "report_fixed", "make_safe", *ASKS}
DATED = {"ask_time", "grant_time", "programme", "record_advice", "record_reply"}
AGAIN = {"reopen", "reconsider", "unmerge"}
SILENT = RECHECKS | {"confirm", "dispatch", "grant_time", "start", "assist", "end_assist"}
NEEDS_REASON = TABLE.keys() - SILENT
FLAWS = [
    "no_reason",
    "blank_reason",
    "long_reason",
    "no_photo",
    "used_photo",
    "no_organisation",
    "no_main",
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
    plea: str | None = None
    confirmer: UUID | None = None
    kept_by: UUID | None = None  # may not ask to return it again
    danger: bool = False  # S1, at a place
    to_be_safe: bool = False
    made_safe: bool = False
    escalated: bool = False
    referred: bool = False
    replies: bool = False
    main: str | None = None  # into which it was merged
    helpers: set[UUID] = field(default_factory=set)
    pictures: list[UUID] = field(default_factory=list)
    events: list[tuple[str, str | None, str, UUID | None]] = field(default_factory=list)
    bodies: dict[int, UUID | None] = field(default_factory=dict)  # organisation of who took event n

    def go(self, verb: str, to: str, who: UUID | None) -> None:
        self.events.append((verb, self.state, to or self.state, who))
        self.state = to or self.state


def refusal_of(life: Life, step: str, who: Person, twin_is_open: bool) -> Refusal:
    """What must become of a step that is done properly, from the table above."""
    roles = TABLE[step][2]
    if not is_due(life, step):
        return Conflict
    if step in OF_FIXER:
        mine = who.organisation is not None and who.organisation == life.organisation
        ruled = step == "ask_return" and life.kept_by == life.organisation
        return None if who.holds(roles) and mine and not ruled else NotAllowed
    if step == "note" and _takes_part(life, who):
        return None
    if not who.holds(roles, life.district) or _is_judge_of_themselves(life, step, who):
        return NotAllowed
    return Conflict if step in AGAIN and twin_is_open else None


def is_due(life: Life, step: str) -> bool:
    return life.state in TABLE[step][0] and _called_for(life, step)


def _called_for(life: Life, step: str) -> bool:
    if step in ASKS:
        return life.plea is None
    if step in DECIDES:
        return life.plea == DECIDES[step]
    return {
        "trust": life.doubtful,
        "make_safe": life.to_be_safe and not life.made_safe,
        "withdraw": life.times_found == 1,
        "escalate": not life.escalated,
        "release": life.escalated,
        "refer": not life.referred,
        "record_advice": life.referred and not life.replies,
        "record_reply": life.replies,
        "end_assist": bool(life.helpers),
    }.get(step, True)


def _takes_part(life: Life, who: Person) -> bool:
    involved = {life.organisation, *life.helpers} - {None}
    writes = {"supervisor", "coordinator", "department", "organisation"}
    return who.organisation in involved and who.holds(writes)


def _is_judge_of_themselves(life: Life, step: str, who: Person) -> bool:
    own = who.organisation is not None and who.organisation == life.organisation
    if step in JUDGES and is_fixer(life, who):
        return True
    if step in DECIDES and own:
        return True
    if step in RECHECKS and who.id == life.finder:
        return True
    if DECIDES.get(step) == "objection" and who.id in (life.finder, life.confirmer):
        return True
    return step == "withdraw" and who.id != life.finder


def is_fixer(life: Life, who: Person) -> bool:
    own = who.organisation is not None and who.organisation == life.organisation
    return own or who.id == life.fixer


def is_flawed(life: Life, step: str, flaw: str) -> bool:
    if flaw in {"no_reason", "blank_reason"}:
        return step in NEEDS_REASON
    if flaw == "no_organisation":
        return step in {"dispatch", "assist", "end_assist"}
    if flaw == "no_main":
        return step == "merge"
    if flaw in {"no_day", "early_day"}:
        return step in DATED
    if flaw == "no_photo":
        return step in {"report_fixed", "make_safe"} and not life.scanned
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
