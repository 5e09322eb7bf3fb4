"""Findings that live random lives, beside what this file believes of each.

The beliefs stand on the small table below and on nothing of `audit.findings.rules`.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from audit.core.actors import SYSTEM, Actor, Grant, Role
from audit.core.db import db, transaction
from audit.core.errors import AuditError, Conflict, Invalid, NotAllowed
from audit.core.ids import new_id
from audit.core.text import Text
from audit.facilities.actions import edit_facility
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityDraft, FacilityKind
from audit.findings import actions
from audit.findings.actions import Failure
from audit.findings.models import Finding
from audit.findings.rules import Source
from audit.journal.models import JournalHead
from tests.factories import ANYUE, GONE, YANJIANG, Factory

Refusal = type[AuditError] | None

# step: (from, to, roles that may)
TABLE: dict[str, tuple[set[str], str, set[str]]] = {
    "confirm": ({"reported"}, "confirmed", {"coordinator"}),
    "reject": ({"reported"}, "rejected", {"coordinator"}),
    "dispatch": ({"confirmed", "dispatched", "reopened"}, "dispatched", {"department"}),
    "report_fixed": ({"dispatched", "reopened"}, "fixed", {"organisation"}),
    "pass_recheck": ({"fixed"}, "closed", {"supervisor", "coordinator"}),
    "fail_recheck": ({"fixed"}, "reopened", {"supervisor", "coordinator"}),
    "reopen": ({"closed", "rejected"}, "reopened", {"coordinator", "department"}),
}
RECHECKS = {"pass_recheck", "fail_recheck"}
FINAL = {"closed", "rejected"}
NEEDS_REASON = {"reject", "report_fixed", "reopen"}
RULES = [f"rule-{number}" for number in range(5)]
PLACES = {YANJIANG: (104.6502, 30.1222), ANYUE: (105.3358, 30.0992)}
FLAWS = ["no_reason", "blank_reason", "long_reason", "no_photo", "no_organisation"]
REASONS = {"no_reason": "", "blank_reason": " \n ", "long_reason": "长" * 2001}

KEPT = db.select(
    Finding.state, Finding.organisation_id, Finding.fixed_by_id, Finding.found_by_id,
    Finding.times_found, Finding.last_seq, Finding.district_code,
    db.select(JournalHead.seq).scalar_subquery(),
)  # fmt: skip


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
    events: list[tuple[str, str | None, str, UUID | None]] = field(default_factory=list)
    bodies: dict[int, UUID | None] = field(default_factory=dict)  # organisation of who took event n

    def go(self, verb: str, to: str, who: UUID | None) -> None:
        self.events.append((verb, self.state, to, who))
        self.state = to


def refusal_of(life: Life, step: str, who: Person, twin_is_open: bool) -> Refusal:
    """What must become of a step that is done properly, from the table above."""
    came_from, _to, roles = TABLE[step]
    if life.state not in came_from:
        return Conflict
    if step == "report_fixed":
        mine = who.organisation is not None and who.organisation == life.organisation
        return None if who.holds(roles) and mine else NotAllowed
    if not who.holds(roles, life.district):
        return NotAllowed
    if step in RECHECKS and _is_biased(life, who):
        return NotAllowed
    return Conflict if step == "reopen" and twin_is_open else None


def _is_biased(life: Life, who: Person) -> bool:
    own = who.organisation is not None and who.organisation == life.organisation
    return own or who.id in (life.fixer, life.finder)


def is_flawed(life: Life, step: str, flaw: str) -> bool:
    if flaw in {"no_reason", "blank_reason"}:
        return step in NEEDS_REASON
    if flaw == "no_organisation":
        return step == "dispatch"
    if flaw == "no_photo":
        return step == "report_fixed" and not life.scanned
    return flaw == "long_reason"


class World:
    """Places, people and their findings; `took` and `refused` count what was tried."""

    def __init__(self, make: Factory, dice: random.Random, photo: UUID) -> None:
        self.make, self.dice, self.photo = make, dice, photo
        self.organisations = [make.organisation() for _ in range(3)]
        self.people = _people(self.organisations)
        self.lives: dict[str, Life] = {}
        self.journal_seq = 0
        self.districts: dict[UUID, str] = {}
        self.websites: set[UUID] = set()
        self.took: Counter[str] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        for district in [YANJIANG, YANJIANG, ANYUE]:
            self.districts[make.toilet(district=district)] = district
        site = make.facility(FacilityKind.WEBSITE)
        self.districts[site] = YANJIANG
        self.websites.add(site)

    # One act each ----------------------------------------------------------------------------

    def act_until(self, step: int) -> None:
        """Act until one more than `step` steps have been tried."""
        while self.took.total() + self.refused.total() <= step:
            self.act()

    def act(self) -> None:
        acts: list[Callable[[], None]] = [self.go_on, self.try_anything, self.find]
        acts += [self.move, self.rescan, self.change_jobs]
        if not self.lives:
            acts = [self.find]
        weights = [48, 33, 12, 2, 3, 8][: len(acts)]
        self.dice.choices(acts, weights)[0]()

    def go_on(self) -> None:
        """A step that the table allows somebody to take."""
        life = self.dice.choice(list(self.lives.values()))
        twin_is_open = self._twin_is_open(life)
        able = [
            (step, who)
            for step in TABLE
            for who in self.people
            if refusal_of(life, step, who, twin_is_open) is None
        ]
        if able:
            step = self.dice.choice(sorted({step for step, _who in able}))
            who = self.dice.choice([one for found, one in able if found == step])
            self.take(life, step, who, self._flaw(life, step))

    def try_anything(self) -> None:
        """Anybody tries any step; mostly one whose turn it is, so that more than the state bars."""
        life = self.dice.choice(list(self.lives.values()))
        due = [step for step, (came_from, _to, _roles) in TABLE.items() if life.state in came_from]
        step = self.dice.choice(list(TABLE) + due * 6)
        involved = [who for who in self.people if _is_biased(life, who)]
        who = self.dice.choice(self.people + involved * 6)
        self.take(life, step, who, self._flaw(life, step))

    def _flaw(self, life: Life, step: str) -> str:
        """What is left out this time; mostly nothing."""
        fitting = [flaw for flaw in FLAWS if is_flawed(life, step, flaw)]
        return self.dice.choice(fitting) if self.dice.random() < 0.25 else ""

    def take(self, life: Life, step: str, who: Person, flaw: str = "") -> None:
        expected = refusal_of(life, step, who, self._twin_is_open(life))
        if expected is None and is_flawed(life, step, flaw):
            expected = Invalid
        organisation = self.dice.choice(self.organisations)
        said: Refusal = None
        try:
            with transaction():
                self._do(life, step, who.actor, flaw, organisation)
        except AuditError as error:
            said = type(error)
        story = (life, step, who.roles, flaw)
        assert said is expected, f"{said} where {expected} was due: {story}"
        if said is None:
            self._believe(life, step, who, organisation)
            self.took[step] += 1
        else:
            self.refused[step, said.__name__] += 1
        last = self.journal_seq
        self.check(life)
        assert (self.journal_seq == last) is (said is not None), f"a trace of what? {story}"

    def _do(self, life: Life, step: str, actor: Actor, flaw: str, organisation: UUID) -> None:
        finding = get(life.number)
        why = REASONS.get(flaw, "因为")
        photos = [] if flaw == "no_photo" else [self.photo]
        if step == "dispatch":
            unknown = self.dice.choice([None, new_id()])
            named = unknown if flaw == "no_organisation" else organisation
            actions.dispatch(finding, actor, named, why)
        elif step == "report_fixed":
            actions.report_fixed(finding, actor, why, photos)
        elif step in RECHECKS:
            passed = step == "pass_recheck"
            actions.recheck(finding, actor, new_id(), passed=passed, note=why, photos=photos)
        else:
            getattr(actions, step)(finding, actor, why)

    def _believe(self, life: Life, step: str, who: Person, organisation: UUID) -> None:
        life.bodies[len(life.events)] = who.organisation
        life.go(step, TABLE[step][1], who.id)
        if step == "dispatch":
            life.organisation, life.fixer = organisation, None
        if step == "report_fixed":
            life.fixer = who.id

    def find(self) -> None:
        """Somebody finds one to three problems at a place, known ones or new ones."""
        facility = self.dice.choice(list(self.districts))
        rules = self.dice.sample(RULES, self.dice.randrange(1, 4))
        finder = self.dice.choice([one for one in self.people if one.holds({"supervisor"})])
        scanned = facility in self.websites
        failures = [self._failure(rule, scanned) for rule in rules]
        with transaction():
            place = db.session.get_one(Facility, facility)
            found = actions.open_findings(place, failures, finder.actor, new_id())
            numbers = {rule: finding.number for rule, finding in found.items()}
        assert set(numbers) == set(rules)
        for rule, number in numbers.items():
            self._believe_found(facility, rule, number, finder, scanned)

    def _failure(self, rule: str, scanned: bool) -> Failure:
        severity = self.dice.choice(["S1", "S2", "S3", "S4"])
        source = Source.SCAN if scanned else Source.INSPECTION
        return Failure(source, rule, Text("门太窄", "Narrow"), severity, "functional", "breach")

    def _believe_found(
        self, facility: UUID, rule: str, number: str, finder: Person, scanned: bool
    ) -> None:
        known = self._open_at(facility, rule)
        if known is not None:
            assert number == known.number, "found again while open, it is the same finding"
            known.times_found += 1
            known.go("join", known.state, finder.id)
            self.check(known)
            return
        assert number not in self.lives, "a number was given twice"
        life = Life(number, facility, rule, self.districts[facility], finder.id, scanned)
        life.events.append(("open", None, "reported", finder.id))
        self.lives[number] = life
        self.check(life)

    def move(self) -> None:
        """A facility's place is corrected, now and then into the other district."""
        facility = self.dice.choice([one for one in self.districts if one not in self.websites])
        district = self.dice.choice(list(PLACES))
        lon, lat = (one + self.dice.gauss(0, 0.01) for one in PLACES[district])
        draft = FacilityDraft(FacilityKind.TOILET, "公厕", district, lon=lon, lat=lat)
        with transaction():
            place = db.session.get_one(Facility, facility)
            edit_facility(place, draft, SYSTEM)
            actions.follow_facility(place)
            self.journal_seq = db.session.scalar(db.select(JournalHead.seq)) or 0
        self.districts[facility] = district
        for life in self.lives.values():
            if life.facility == facility:
                life.district = district

    def rescan(self) -> None:
        """A website is scanned again and no longer shows a fault."""
        scanned = [life for life in self.lives.values() if life.scanned]
        if not scanned:
            return
        life = self.dice.choice(scanned)
        with transaction():
            actions.close_by_rescan(get(life.number), new_id(), GONE)
        if life.state not in FINAL:
            life.go("pass_recheck", "closed", None)
        self.check(life)

    def change_jobs(self) -> None:
        """Somebody works for another organisation from now on, or for none."""
        place = self.dice.randrange(len(self.people))
        organisation = self.dice.choice([None, *self.organisations])
        if self.people[place].organisation is not None:
            self.people[place] = replace(self.people[place], organisation=organisation)
        elif self.people[place].holds({"organisation"}):
            self.people[place] = replace(self.people[place], organisation=self.organisations[0])

    # What is believed against what is kept ---------------------------------------------------

    def check(self, life: Life) -> None:
        kept = db.session.execute(KEPT.where(Finding.number == life.number)).one()
        db.session.rollback()
        believed = (
            life.state, life.organisation, life.fixer, life.finder, life.times_found,
            len(life.events), life.district,
        )  # fmt: skip
        assert tuple(kept[:-1]) == believed, life
        self.journal_seq = kept[-1]

    def _open_at(self, facility: UUID, rule: str) -> Life | None:
        found = [
            life
            for life in self.lives.values()
            if (life.facility, life.rule) == (facility, rule) and life.state not in FINAL
        ]
        assert len(found) < 2
        return found[0] if found else None

    def _twin_is_open(self, life: Life) -> bool:
        return life.state in FINAL and self._open_at(life.facility, life.rule) is not None


def get(number: str) -> Finding:
    return db.session.scalars(db.select(Finding).where(Finding.number == number)).one()


def _people(organisations: list[UUID]) -> list[Person]:
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
