"""Findings that live random lives, beside what `beliefs` says of each."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import aliased

from audit.core.actors import SYSTEM, Actor
from audit.core.clock import today
from audit.core.db import db, transaction
from audit.core.errors import AuditError, Invalid
from audit.core.ids import new_id
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityDraft, FacilityKind
from audit.findings import actions
from audit.findings.actions import Failure, Recheck, Told
from audit.findings.models import Finding
from audit.findings.rules import Source, Verb
from audit.journal.models import JournalHead
from audit.photos.models import Photo
from audit.register.actions import edit
from tests.factories import ANYUE, GONE, YANJIANG, Factory
from tests.findings.beliefs import (
    ASKS,
    DATED,
    DECIDES,
    FINAL,
    FLAWS,
    MAY_SHOW,
    REASONS,
    RECHECKS,
    SHOWS,
    TABLE,
    Life,
    Person,
    Refusal,
    is_due,
    is_fixer,
    is_flawed,
    people_of,
    refusal_of,
)  # fmt: skip
from tests.findings.merges import Merges

RULES = [f"rule-{number}" for number in range(5)]
PLACES = {YANJIANG: (104.6502, 30.1222), ANYUE: (105.3358, 30.0992)}
MAIN = aliased(Finding)
KEPT = db.select(
    Finding.state, Finding.organisation_id, Finding.fixed_by_id, Finding.found_by_id,
    Finding.times_found, Finding.last_seq, Finding.district_code, Finding.doubtful,
    Finding.plea, Finding.confirmed_by_id, Finding.kept_by_id, Finding.safe_due_at.is_not(None),
    Finding.safe_at.is_not(None), Finding.escalated_at.is_not(None),
    Finding.referred_at.is_not(None), Finding.reply_due_at.is_not(None),
    db.select(MAIN.number).where(MAIN.id == Finding.merged_into_id).scalar_subquery(),
    db.select(JournalHead.seq).scalar_subquery(),
)  # fmt: skip
# How often, beside what has come up seldom, so that few lives end early.
LOOKED_AT = 6
OFTEN = {"void": 0.2, "reject": 0.5, "merge": 0.3, "report_fixed": 4, "near_recheck": 2}


class World:
    """Places, people and their findings; `took` and `refused` count what was tried."""

    def __init__(self, make: Factory, dice: random.Random, photo: UUID) -> None:
        self.make, self.dice, self.photo = make, dice, photo
        self.organisations = [make.organisation() for _ in range(3)]
        self.people = people_of(self.organisations)
        self.lives: dict[str, Life] = {}
        self.journal_seq = 0
        self.districts: dict[UUID, str] = {}
        self.websites: set[UUID] = set()
        self.merges = Merges(dice, self.lives)
        self.took: Counter[str] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        lon, lat = PLACES[YANJIANG]
        for district in [YANJIANG, YANJIANG, ANYUE]:  # side by side
            toilet = make.toilet(district=district, lon=lon, lat=lat)
            self.districts[toilet], self.merges.places[toilet] = district, (lon, lat)
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
        """A step that the table allows somebody to take, mostly one that came up seldom."""
        lives = self.dice.sample(list(self.lives.values()), min(LOOKED_AT, len(self.lives)))
        able = [
            (step, who, life)
            for life in lives
            for step in TABLE
            if is_due(life, step)
            for who in self.people
            if refusal_of(life, step, who, self._twin_is_open(life)) is None
        ]
        if able:
            steps = sorted({step for step, _who, _life in able})
            [step] = self.dice.choices(steps, [self._wanted(one) for one in steps])
            _step, who, life = self.dice.choice([one for one in able if one[0] == step])
            self.take(life, step, who, self._flaw(life, step))

    def _wanted(self, step: str) -> float:
        return OFTEN.get(step, 1) / (1 + self.took[step]) ** 2

    def try_anything(self) -> None:
        """Anybody tries any step; mostly one whose turn it is, so that more than the state bars."""
        lives = self.dice.sample(list(self.lives.values()), min(LOOKED_AT * 2, len(self.lives)))
        due = [(step, life) for life in lives for step in TABLE if is_due(life, step)]
        due.sort(key=lambda one: self.refused[one[0], "NotAllowed"])
        step, life = self.dice.choice(list(TABLE)), lives[0]
        if due and self.dice.random() < 0.8:
            step, life = self.dice.choice(due[:4])
        involved = [one for one in self.people if is_fixer(life, one) or one.id == life.finder]
        who = self.dice.choice(self.people + involved * 6)
        self.take(life, step, who, self._flaw(life, step))

    def _flaw(self, life: Life, step: str) -> str:
        """What is left out this time; mostly nothing."""
        fitting = [flaw for flaw in FLAWS if is_flawed(life, step, flaw)]
        chance = 0.25 if self.refused[step, "Invalid"] else 0.6
        return self.dice.choice(fitting) if self.dice.random() < chance else ""

    def take(self, life: Life, step: str, who: Person, flaw: str = "") -> None:
        expected = refusal_of(life, step, who, self._twin_is_open(life))
        flawed = is_flawed(life, step, flaw) or (step == "ask_time" and life.unlimited)
        if expected is None and flawed:
            expected = Invalid
        organisation = self._organisation(life, step)
        if expected is None and step == "assist" and self._helps(life, organisation):
            expected = Invalid
        main = self.merges.main_for(life, step, flaw)
        if expected is None and step == "merge" and not self.merges.fits(life, main):
            expected = Invalid
        shown = self._shown(life, step, flaw)
        far_m = 900 if step in RECHECKS and self.dice.random() < 0.2 else None
        said: Refusal = None
        try:
            with transaction():
                self._do(life, step, who.actor, flaw, organisation, shown, far_m, main)
        except AuditError as error:
            said = type(error)
        last, story = self.journal_seq, (life, step, who.roles, flaw)
        assert said is expected, f"{said} where {expected} was due: {story}"
        if said is None:
            self._believe(life, step, who, organisation)
            self._believe_shown(life, step, shown, far_m)
            if other := self.merges.believe(life, step, who.id, main):
                self.check(other)
            self.took[step] += 1
        else:
            self.refused[step, said.__name__] += 1
        self.check(life)
        assert (self.journal_seq == last) is (said is not None), f"a trace of what? {story}"

    def _organisation(self, life: Life, step: str) -> UUID:
        if step == "end_assist" and life.helpers:
            return self.dice.choice(sorted(life.helpers))
        return self.dice.choice(self.organisations)

    def _helps(self, life: Life, organisation: UUID) -> bool:
        return organisation == life.organisation or organisation in life.helpers

    def _shown(self, life: Life, step: str, flaw: str) -> list[UUID]:
        """A new picture; now and then one of another finding, or of this one where that is the
        flaw."""
        shows = step in SHOWS or (step in MAY_SHOW and self.dice.random() < 0.3)
        if not shows or flaw == "no_photo":
            return []
        if flaw == "used_photo":
            return [self.dice.choice(life.pictures)]
        others = [
            one for other in self.lives.values() if other is not life for one in other.pictures
        ]
        others = [one for one in others if one not in life.pictures]
        if others and self.dice.random() < 0.1:
            return [self.dice.choice(others)]
        return [self._picture()]

    def _picture(self) -> UUID:
        """As if somebody had sent another one, which takes too long to do so often."""
        names = Photo.__table__.columns.keys()
        with transaction() as session:
            row = session.get_one(Photo, self.photo)
            values = {name: getattr(row, name) for name in names}
            values |= {"id": new_id(), "sha256": f"{self.dice.getrandbits(256):064x}"}
            session.execute(db.insert(Photo).values(**values))
        return UUID(str(values["id"]))

    def _do(
        self, life: Life, step: str, actor: Actor, flaw: str, organisation: UUID,
        photos: list[UUID], far_m: int | None, main: Life | None,
    ) -> None:  # fmt: skip
        finding = get(life.number)
        why = REASONS.get(flaw, "因为")
        if step in RECHECKS:
            seen = Recheck(new_id(), Verb(step), note=why, photos=tuple(photos), far_m=far_m)
            actions.recheck(finding, actor, seen)
            return
        named, day = None, None
        if step in ("dispatch", "assist", "end_assist"):
            unknown = self.dice.choice([None, new_id()])
            named = unknown if flaw == "no_organisation" else organisation
        if step in DATED:
            day = self._day(life, step, flaw)
        urgent = self.dice.random() < 0.5
        into = get(main.number) if main else None
        told = Told(why, named, day, urgent, into, photos=tuple(photos))
        actions.act(finding, Verb(step), actor, told)

    def _day(self, life: Life, step: str, flaw: str) -> date | None:
        """Each later than any limit and than the one before; letters come today."""
        if flaw == "no_day":
            return None
        if flaw == "early_day":
            return today() - timedelta(days=1)
        is_past = step in ("record_advice", "record_reply")
        return today() if is_past else today() + timedelta(days=100 + len(life.events))

    def _believe(self, life: Life, step: str, who: Person, organisation: UUID) -> None:
        life.bodies[len(life.events)] = who.organisation
        to = TABLE[step][1]
        if step == "resume" and life.organisation is None:
            to = "confirmed"
        life.go(step, to, who.id)
        elsewhere = step == "dispatch" and life.organisation != organisation
        if (
            step in DECIDES
            or step == "resume"
            or to not in ("", "dispatched", "fixing")
            or elsewhere
        ):
            life.plea = None
        life.plea = ASKS.get(step, life.plea)
        self._believe_whose(life, step, who, organisation)
        self._believe_beside(life, step)

    def _believe_whose(self, life: Life, step: str, who: Person, organisation: UUID) -> None:
        if step == "confirm":
            life.confirmer = who.id
        elif step == "dispatch":
            life.organisation, life.fixer = organisation, None
        elif step == "grant_return":
            life.organisation = life.fixer = None
        elif step == "refuse_return":
            life.kept_by = life.organisation
        elif step == "report_fixed":
            life.fixer = who.id
        elif step == "assist":
            life.helpers.add(organisation)
        elif step == "end_assist":
            life.helpers.discard(organisation)

    def _believe_beside(self, life: Life, step: str) -> None:
        if step in ("confirm", "reopen"):
            life.to_be_safe, life.made_safe = life.danger, False
        elif step == "make_safe":
            life.made_safe = True
        elif step in ("escalate", "release"):
            life.escalated = step == "escalate"
        elif step == "refer":
            life.referred = True
        elif step in ("record_advice", "record_reply"):
            life.replies = step == "record_advice"
        if life.state in FINAL:
            life.to_be_safe = life.made_safe = life.escalated = False

    def _believe_shown(self, life: Life, step: str, shown: list[UUID], far_m: int | None) -> None:
        others = {one for other in self.lives.values() if other is not life
                  for one in other.pictures}  # fmt: skip
        if step == "trust" or TABLE[step][1] == "reopened":
            life.doubtful = False
        if others & set(shown) or far_m is not None:
            life.doubtful = True
        life.pictures += shown

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
        severity = self.dice.choice(["S1", "S1", "S2", "S3", "S4"])
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
        severity = get(number).severity
        life.unlimited, life.danger = severity == "S4", severity == "S1"
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
            edit(place, draft, SYSTEM)
            self.journal_seq = db.session.scalar(db.select(JournalHead.seq)) or 0
        self.districts[facility], self.merges.places[facility] = district, (lon, lat)
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
            life.plea = None
            self._believe_beside(life, "pass_recheck")
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
            len(life.events), life.district, life.doubtful, life.plea, life.confirmer, life.kept_by,
            life.to_be_safe, life.made_safe, life.escalated, life.referred, life.replies,
            life.main,
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
