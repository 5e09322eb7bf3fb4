"""Findings all over three counties, made, moved and changed by the real actions, with a dice."""

import random
import sqlite3
from copy import copy
from dataclasses import dataclass, field, replace
from uuid import UUID

from audit.core.actors import SYSTEM, Actor, Grant, Role
from audit.core.db import db, is_sqlite, transaction
from audit.core.errors import AuditError
from audit.core.ids import new_id
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.facilities.rules import KINDS, FacilityDraft, FacilityKind
from audit.findings import actions
from audit.findings.actions import Failure
from audit.findings.models import Finding
from audit.findings.rules import Source, State, Verb
from audit.geo.points import Point, moved
from audit.register.actions import edit
from tests.factories import ANYUE, GONE, YANJIANG, Factory

SEATS = {
    YANJIANG: Point(104.6502, 30.1222),
    ANYUE: Point(105.3358, 30.0992),
    "512022": Point(105.0203, 30.2759),
    "Z-gaoxin": Point(104.645, 30.168),
}
ON_MAP = [kind for kind, facts in KINDS.items() if facts.has_place]
PLACED = [FacilityKind.TOILET, FacilityKind.ROAD, FacilityKind.BUILDING]
SEVERITIES = ["S1", "S2", "S3", "S4"]
WORDS = ["坡道过陡", "门太窄", "盲道中断", "扶手松动 100%", "没有_标志"]
ENGLISH = ["Ramp too steep", "Door too narrow", "Broken tactile paving", "Loose rail", "No sign"]


@dataclass
class Land:
    make: Factory
    dice: random.Random
    boss: Actor
    organisations: list[UUID] = field(default_factory=list)
    facilities: list[UUID] = field(default_factory=list)

    def place_near(self, district: str) -> Point:
        """Mostly in the seat's streets, now and then out in the county, often on one spot."""
        spread = self.dice.choice([0, 5, 300, 2000, 9000])
        seat = SEATS[district]
        return moved(seat, east_m=self.dice.gauss(0, spread), north_m=self.dice.gauss(0, spread))

    def build(self) -> None:
        district = self.dice.choice(list(SEATS))
        spot = self.place_near(district)
        self.facilities.append(
            self.make.facility(
                self.dice.choice(PLACED),
                name=f"设施 {self.dice.choice('甲乙丙丁')}{len(self.facilities)}",
                district=district,
                lon=spot.lon,
                lat=spot.lat,
            )
        )

    def find(self, count: int = 4) -> None:
        """Open up to `count` findings at one facility."""
        rules = self.dice.sample(range(40), self.dice.randrange(1, count + 1))
        failures = [self._failure(rule) for rule in rules]
        with self.make.app.app_context(), transaction():
            facility = db.session.get_one(Facility, self.dice.choice(self.facilities))
            actions.open_findings(facility, failures, self.boss, new_id())

    def _failure(self, rule: int) -> Failure:
        word = rule % len(WORDS)
        return Failure(
            source=Source.INSPECTION,
            rule_id=f"rule-{rule}",
            title=Text(f"{WORDS[word]}（{rule}）", f"{ENGLISH[word]} ({rule})"),
            severity=self.dice.choice(SEVERITIES),
            defect="functional",
            outcome="breach",
        )

    def act(self) -> None:
        """One step of some finding's life; a step that is not its turn changes nothing."""
        with self.make.app.app_context():
            numbers = db.session.scalars(db.select(Finding.number).order_by(Finding.number)).all()
            number = self.dice.choice(numbers)
            db.session.rollback()
            try:
                with transaction():
                    finding = db.session.scalars(
                        db.select(Finding).where(Finding.number == number)
                    ).one()
                    self._step(finding)
            except AuditError:
                pass

    def dispatch_one(self, district: str, organisation: UUID) -> None:
        """Send some finding of a district to an organisation."""
        waiting = [State.REPORTED, State.CONFIRMED, State.REOPENED]
        with self.make.app.app_context(), transaction():
            query = db.select(Finding).where(
                Finding.district_code == district, Finding.state.in_(waiting)
            )
            finding = db.session.scalars(query.order_by(Finding.number)).first()
            assert finding is not None
            if finding.state is State.REPORTED:
                actions.act(finding, Verb.CONFIRM, self.boss)
            actions.dispatch(finding, self.boss, organisation)

    def _step(self, finding: Finding) -> None:
        turn = self.dice.randrange(5)
        if turn == 0:
            actions.act(finding, Verb.CONFIRM, self.boss)
        elif turn == 1:
            actions.act(finding, Verb.REJECT, self.boss, actions.Told("重复"))
        elif turn == 2:
            if finding.state is State.REPORTED:
                actions.act(finding, Verb.CONFIRM, self.boss)
            actions.dispatch(finding, self.boss, self.dice.choice(self.organisations))
        elif turn == 3:
            actions.close_by_rescan(finding, new_id(), GONE)
        else:
            actions.act(finding, Verb.REOPEN, self.boss, actions.Told("又坏了"))

    def move(self) -> None:
        """Correct a facility's place, sometimes its district as well."""
        with self.make.app.app_context(), transaction():
            facility = db.session.get_one(Facility, self.dice.choice(self.facilities))
            district = self.dice.choice([facility.district_code, *SEATS])
            spot = self.place_near(district)
            draft = FacilityDraft(
                kind=FacilityKind(facility.kind),
                name=facility.name,
                district_code=district,
                address=facility.address,
                lon=spot.lon,
                lat=spot.lat,
            )
            edit(facility, draft, SYSTEM)


def make_land(make: Factory, dice: random.Random) -> Land:
    """A land with a history: built, found, acted on and moved about, in random order."""
    boss = Actor(
        new_id(), "王协调", (Grant(Role.COORDINATOR), Grant(Role.DEPARTMENT)), login="boss"
    )
    land = Land(make, dice, boss, [make.organisation() for _ in range(3)])
    for _ in range(25):
        land.build()
    for _ in range(30):
        land.find()
    for _ in range(60):
        dice.choice([land.act, land.act, land.act, land.find, land.move])()
    return land


KEPT: dict[int, tuple[Land, sqlite3.Connection]] = {}


def settle(make: Factory, seed: int) -> Land:
    """The land with a long history that this seed makes.

    It takes a second, so that SQLite, whose database can be copied, keeps each for the next test.
    """
    with make.app.app_context():
        if not is_sqlite():
            return make_land(make, random.Random(seed))
        if seed not in KEPT:
            land = make_land(make, random.Random(seed))
            KEPT[seed] = land, _copied(sqlite3.connect(":memory:"), back=False)
        land, database = KEPT[seed]
        _copied(database, back=True)
    make.begin_at(100)  # no name of those that the land's people have
    return replace(
        land,
        make=make,
        dice=copy(land.dice),
        organisations=list(land.organisations),
        facilities=list(land.facilities),
    )


def _copied(kept: sqlite3.Connection, *, back: bool) -> sqlite3.Connection:
    """The whole database of the present app, into `kept` or back from there."""
    pooled = db.engine.raw_connection()
    live = pooled.driver_connection
    assert isinstance(live, sqlite3.Connection)
    source, target = (kept, live) if back else (live, kept)
    source.backup(target)
    pooled.close()
    return kept
