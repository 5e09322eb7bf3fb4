"""People, places, visits and findings for tests, made through the real actions."""

import itertools
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Flask

from audit.accounts.actions import (
    add_organisation,
    add_people,
    add_user,
    keep_table,
    sign_in,
)
from audit.accounts.models import User
from audit.accounts.queries import actor_of, find_active_user, find_user
from audit.accounts.rules import OrganisationKind, PersonDraft, RoleAt
from audit.checklists.loader import get_checklist
from audit.checklists.rules import Answer
from audit.checklists.rules.facts import FactValue
from audit.clusters.actions import judge as say
from audit.clusters.jobs import look_for_duplicates
from audit.clusters.models import ClusterMember
from audit.core.actors import SYSTEM, Actor, Role
from audit.core.clock import now, today
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.core.text import Text
from audit.duties.actions import give_duty
from audit.duties.rules import Duty
from audit.editions.actions import propose, publish
from audit.editions.queries import get_decision
from audit.editions.rules import Act, Proposal
from audit.facilities.actions import add_facility
from audit.facilities.models import Facility
from audit.facilities.rules import KINDS, FacilityDraft, FacilityKind, Review, UrlRule
from audit.findings import actions as finding_actions
from audit.findings.models import Finding
from audit.findings.rules import Verb
from audit.inspections.actions import Filing, file_inspection, keep_draft
from audit.inspections.models import Inspection
from audit.measures.actions import plan_measure
from audit.measures.rules import MeasureDraft, MeasureKind
from audit.photos.actions import keep_photo, receive_photo
from audit.photos.drawing import Scene, drawn_photo
from audit.queue.runs import Run
from audit.register.actions import Given, change_many, foresee
from audit.register.rules import ACTS
from audit.rejudging.actions import start
from audit.rejudging.jobs import rejudge_all
from audit.saved.actions import keep_view, share_view
from audit.saved.rules import Subject
from audit.tables.reading import read_table
from audit.transfer.actions import keep_file, keep_trial
from audit.transfer.forms import try_rows
from audit.transfer.models import FacilityImport
from audit.transfer.queries import all_rows
from audit.transfer.rules.columns import Plan, guessed
from audit.transfer.rules.reading import read_file

YANJIANG, ANYUE = "512002", "512021"
GONE = Text("没有再出现。", "It is gone.")
NARROW_STALL = {
    "wc-provision": Answer.of(("male_stall", "female_stall")),
    "wc-stall-width": Answer.of(1400),
}
FACILITY_FILE = """名称,类别,经度,纬度
南门公厕,公共厕所,104.6501,30.1301
南门公共厕所,公共厕所,104.6501,30.1301
无处可寻,飞机场,104.65,30.13
""".encode()
PASSWORD = "correct-horse-battery"


def session_cookie(app: Flask, token: str) -> str:
    """What a browser holds that has signed in; the cookie's name is `tantu`."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps({"token": token}))


@dataclass(frozen=True)
class Person:
    """Somebody with an account, as a test needs them."""

    id: UUID
    login: str
    password: str
    organisation_id: UUID | None


class Factory:
    def __init__(self, app: Flask) -> None:
        self.app = app
        self.begin_at(1)

    def begin_at(self, number: int) -> None:
        """The next name or login that nobody chose ends in this number."""
        self._serial = itertools.count(number)

    def organisation(
        self,
        name: str = "",
        kind: OrganisationKind = OrganisationKind.OWNER,
        district: str | None = None,
    ) -> UUID:
        with self.app.app_context(), transaction():
            named = name or f"市政维护公司{next(self._serial)}"
            return add_organisation(named, kind, SYSTEM, district).id

    def people_file(self, actor: Actor, done: bool = False) -> UUID:
        """A table of two new people that this person has sent; `done`: taken in as well."""
        text = "登录名,姓名,角色,区县\nnewcomer1,新人,监督员,512002\nnewcomer2,新人,king,512002\n"
        with self.app.app_context(), transaction():
            kept = keep_table(new_id(), "people.csv", read_table(text.encode()), actor)
            if done:
                drafts = [PersonDraft("done1", "已导入", (RoleAt(Role.SUPERVISOR, YANJIANG),))]
                add_people(kept, drafts, actor)
            return kept.id

    def measure(self, facility_id: UUID, actor: Actor, **facts: object) -> UUID:
        """A conversion planned for 2026."""
        draft = MeasureDraft(
            **{"kind": MeasureKind.CONVERT, "what": "加建坡道", "year": 2026, **facts}  # type: ignore[arg-type]
        )
        with self.app.app_context(), transaction():
            place = db.session.get_one(Facility, facility_id)
            return plan_measure(new_id(), place, draft, actor).id

    def changed_places(self, numbers: list[str], actor: Actor, act: str = "add.rural") -> UUID:
        """The id of one change that this person has made to many facilities."""
        with self.app.app_context(), transaction():
            shown = foresee(dict.fromkeys(numbers), ACTS[act], actor)
            marks = {one.number: one.mark for one in shown}
            change_many(marks, ACTS[act], actor, bulk := new_id(), Given())
            return bulk

    def saved_view(
        self,
        actor: Actor,
        name: str = "危险的问题",
        query: str = "severity=S2",
        *,
        subject: Subject = Subject.FINDINGS,
        shared: bool = False,
    ) -> UUID:
        """A narrowing of a list that this person has saved."""
        with self.app.app_context(), transaction() as session:
            view = keep_view(actor, subject, name, query)
            session.flush()
            if shared:
                share_view(view, actor, shared=True)
            return view.id

    def duty(self, facility_id: UUID, organisation: UUID, actor: Actor) -> UUID:
        """The organisation owns the place."""
        with self.app.app_context(), transaction():
            place = db.session.get_one(Facility, facility_id)
            return give_duty(place, organisation, Duty.OWNER, "", actor).id

    def person(
        self,
        role: str = "supervisor",
        *,
        district: str | None = YANJIANG,
        organisation: UUID | None = None,
        name: str = "",
    ) -> Person:
        """One account with one role. An `organisation` person belongs to one (a new one)."""
        if role == Role.ORGANISATION and organisation is None:
            organisation = self.organisation()
        login = f"{role}{next(self._serial)}"
        with self.app.app_context(), transaction():
            user, password = add_user(
                login,
                name or f"某{login}",
                [(Role(role), district)],
                SYSTEM,
                organisation_id=organisation,
                password=PASSWORD,
            )
            return Person(user.id, login, password, organisation)

    def session_of(self, person: Person) -> str:
        """The token of a new session, begun without the sign-in page."""
        with self.app.app_context(), transaction():
            return sign_in(db.session.get_one(User, person.id))

    def actor(self, role: str = "supervisor", **facts: object) -> Actor:
        """The same person as an actor, for calling actions directly."""
        person = self.person(role, **facts)  # type: ignore[arg-type]
        return self.actor_of(person)

    def actor_of(self, person: Person) -> Actor:
        with self.app.app_context():
            found = find_user(person.login)
            user = find_active_user(found.id) if found else None
            assert user is not None
            return actor_of(user)

    def toilet(self, **facts: object) -> UUID:
        return self.facility(FacilityKind.TOILET, **facts)

    def facility(
        self,
        kind: FacilityKind = FacilityKind.TOILET,
        *,
        name: str = "市民广场公共厕所",
        district: str = YANJIANG,
        built_on: date | None = date(2023, 5, 1),
        lon: float = 104.6276,
        lat: float = 30.1222,
        shape: str | None = None,
        url: str | None = None,
        organisation: UUID | None = None,
        facts: dict[str, FactValue] | None = None,
    ) -> UUID:
        about = KINDS[kind]
        place = about.has_place
        required: dict[str, FactValue] = dict.fromkeys(about.required, "2025-05-01")
        draft = FacilityDraft(
            kind=kind,
            name=name,
            district_code=district,
            address="建设路 12 号" if place else "",
            lon=lon if place else None,
            lat=lat if place else None,
            shape=shape,
            url=(url or "http://127.0.0.1/") if about.url is UrlRule.REQUIRED else url,
            organisation_id=organisation,
            built_on=built_on if place else None,
            facts={**required, **(facts or {})},
        )
        with self.app.app_context(), transaction():
            return add_facility(new_id(), draft, SYSTEM, Review.ACCEPTED).id

    def inspection(
        self,
        facility_id: UUID,
        actor: Actor,
        answers: dict[str, Answer],
        *,
        checklist: str = "public-toilet",
        inspection_id: UUID | None = None,
        verifies: str | None = None,
    ) -> UUID:
        """File an inspection directly (no page, no photos)."""
        with self.app.app_context(), transaction():
            filing = Filing(
                id=inspection_id or new_id(),
                facility=db.session.get_one(Facility, facility_id),
                checklist=get_checklist(checklist),
                answers=answers,
                started_at=now(),
                verifies=self.finding_named(verifies) if verifies else None,
            )
            return file_inspection(filing, actor).id

    def draft(
        self, facility_id: UUID, actor: Actor, typed: dict[str, list[str]] | None = None
    ) -> UUID:
        """An inspection of a public toilet that has been begun."""
        with self.app.app_context(), transaction():
            filing = Filing(
                id=new_id(),
                facility=db.session.get_one(Facility, facility_id),
                checklist=get_checklist("public-toilet"),
                answers={},
                started_at=now(),
            )
            return keep_draft(filing, typed or {}, actor).id

    def finding(self, *, built_on: date | None = date(2023, 5, 1), district: str = YANJIANG) -> str:
        """The number of a fresh finding: a stall 1,400 mm wide at a new toilet."""
        place = self.toilet(built_on=built_on, district=district)
        inspector = self.actor("supervisor", district=district)
        visit = self.inspection(place, inspector, NARROW_STALL)
        with self.app.app_context():
            inspection = db.session.get_one(Inspection, visit)
            return db.session.scalars(
                db.select(Finding.number).where(Finding.facility_id == inspection.facility_id)
            ).one()

    def dispatched(self, organisation: UUID, **facts: object) -> str:
        """The number of a finding that has been sent to an organisation."""
        number = self.finding(**facts)  # type: ignore[arg-type]
        coordinator, department = self.actor("coordinator"), self.actor("department")
        with self.app.app_context():
            with transaction():
                finding_actions.act(self.finding_named(number), Verb.CONFIRM, coordinator)
            with transaction():
                finding_actions.dispatch(self.finding_named(number), department, organisation)
        return number

    def fixed(self, organisation: UUID | None = None, **facts: object) -> str:
        """The number of a finding that its organisation says is fixed."""
        owner = organisation or self.organisation()
        number = self.dispatched(owner, **facts)
        fixer = self.actor("organisation", organisation=owner)
        photo = self.photo(fixer)
        with self.app.app_context(), transaction():
            finding_actions.report_fixed(self.finding_named(number), fixer, "已拓宽", [photo])
        return number

    def cluster(self, actor: Actor) -> UUID:
        """Two fresh findings at one place, of which this person says that they are the same."""
        numbers = [self.finding(), self.finding()]
        with self.app.app_context():
            with transaction():
                one, other = (self.finding_named(number) for number in numbers)
                say(one, other, True, actor)
            look_for_duplicates(Run(new_id(), 1))
            member = db.select(ClusterMember.cluster_id).where(
                ClusterMember.finding_id == self.finding_named(numbers[0]).id
            )
            return db.session.scalars(member).one()

    def facility_file(self, actor: Actor, raw: bytes = FACILITY_FILE) -> UUID:
        """A file of facilities that has been read and tried."""
        table = read_file(raw)
        plan = Plan(guessed(table.columns))
        with self.app.test_request_context():
            import_id = new_id()
            with transaction():
                keep_file(import_id, "台账.csv", table, actor)
            trial = try_rows(all_rows(import_id), plan, actor)
            with transaction() as session:
                kept = session.get_one(FacilityImport, import_id)
                keep_trial(kept, plan, trial.rows, trial.offers, actor)
        return import_id

    def rechecked_too_near(self, number: str, **facts: object) -> None:
        """A re-check measured within its tool's error, by somebody of doubtful whereabouts."""
        supervisor = self.actor("supervisor", **facts)
        measured = {
            "field": {"zh": "", "en": ""}, "outcome": None, "citations": [], "verified": True,
            "verdict": "second_look",
            "measured": {"zh": "5.1 %", "en": "5.1 %"}, "required": {"zh": "≤ 5 %", "en": "≤ 5 %"},
            "difference": {"zh": "比要求多 0.1 %", "en": "0.1 % more than required"},
        }  # fmt: skip
        seen = finding_actions.Recheck(new_id(), Verb.NEAR_RECHECK, [measured], far_m=740)
        with self.app.app_context(), transaction():
            finding_actions.recheck(self.finding_named(number), supervisor, seen)

    def photo(self, actor: Actor, seed: int = 1) -> UUID:
        """A picture that this person has sent."""
        with self.app.app_context():
            received = receive_photo(drawn_photo(Scene.TOILET, seed, (240, 180)), actor)
            with transaction():
                return keep_photo(new_id(), received, actor).id

    def proposal(self, edition: str = "2026.1", checklist: str = "road", **facts: object) -> UUID:
        """Somebody proposes to put an edition in force, from today; nobody has published it."""
        actor = self.actor("administrator", district=None)
        wanted = {"act": Act.PUBLISH, "starts_on": today(), "why": "按会议决定。"} | facts
        with self.app.app_context(), transaction():
            asked = Proposal(checklist, edition, **wanted)  # type: ignore[arg-type]
            return propose(new_id(), asked, actor).id

    def in_force(self, edition: str = "2026.1", checklist: str = "road", **facts: object) -> None:
        """Proposed by one and published by another."""
        made, actor = (
            self.proposal(edition, checklist, **facts),
            self.actor("coordinator", district=None),
        )
        with self.app.app_context(), transaction():
            publish(get_decision(made), actor)

    def preview(
        self, checklist: str = "road", edition: str = "2026.1", *, done: bool = True
    ) -> UUID:
        """What an edition would say of all that was measured; `done`: the worker is through."""
        actor = self.actor("administrator", district=None)
        with self.app.app_context():
            with transaction():
                made = start(new_id(), checklist, edition, actor).id
            if done:
                rejudge_all(Run(new_id(), 1), str(made))
        return made

    def finding_named(self, number: str) -> Finding:
        """The row, for an app context that the test has opened."""
        return db.session.scalars(db.select(Finding).where(Finding.number == number)).one()
