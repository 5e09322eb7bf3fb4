"""A small city with something on every page: all states, drafts, long names, a scan."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import Flask

from audit.accounts.actions import add_user, close_organisation
from audit.accounts.queries import get_organisation
from audit.checklists.loader import get_checklist
from audit.checklists.rules import Answer
from audit.core.actors import SYSTEM, Actor, Role
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.actions import add_facility
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityDraft, FacilityKind, Review
from audit.findings import actions as steps
from audit.findings.models import Finding
from audit.findings.rules import State, Verb
from audit.inspections.actions import Filing, file_inspection, keep_draft
from audit.inspections.models import InspectionAnswer
from audit.photos.actions import keep_photo, receive_photo
from audit.photos.drawing import Scene, drawn_photo
from audit.photos.rules import Capture
from audit.register.actions import refuse, split
from audit.saved.rules import Subject
from audit.webscan.actions import begin_scan, finish_scan, keep_page, request_scan
from audit.webscan.models import Scan
from audit.webscan.rules.outcomes import Outcome
from audit.webscan.rules.results import Kind, PageResult
from tests.documents.papers import papers_for_pages
from tests.factories import ANYUE, YANJIANG, Factory, Person
from tests.notices import making
from tests.pages.assignments import Assigned, assign
from tests.pages.of_visits import fault, withdrawn_visit
from tests.web.test_english import scan_of

LONG = (
    "滨江生态文化旅游长廊示范段东侧市民休闲健身广场第三公共厕所" * 4
)  # 116 signs, as long as a name may be
WIDE = "w" * 116  # a word that has no place to break
SEEN = PageResult("http://127.0.0.1/", Outcome.SCANNED, title=LONG)
UNSEEN = PageResult("http://127.0.0.1/", Outcome.NETWORK_ERROR, cause="net::ERR_CONNECTION_REFUSED")


def kept(page: PageResult) -> Callable[[Scan], object]:
    return lambda scan: keep_page(scan.id, 1, page)


ROLES = (
    "prosecutor",
    "supervisor", "coordinator", "department", "planner", "organisation", "administrator",
    "security", "auditor",
)  # fmt: skip
BROUGHT = "reported rejected merged confirmed dispatched fixed unsure closed reopened"
WHOLE_CITY = {"planner", "administrator", "security", "auditor"}
FAULTS = {
    "wc-provision": Answer.of(("male_stall", "female_stall")),
    "wc-stall-width": Answer.of(1400),
    "wc-call": Answer.of("none"),
    "wc-stall-length": Answer.of(2100),
    "wc-turning": Answer.not_checked(),
}


@dataclass(frozen=True)
class City:
    people: dict[str, Person]
    sessions: dict[str, str]
    findings: dict[State, str]
    main: str
    places: dict[FacilityKind, UUID]
    long: UUID
    waiting: UUID
    refused: UUID
    part: UUID
    visit: UUID
    recheck: UUID
    withdrawn: UUID
    draft: UUID
    photo: UUID
    scan: UUID
    scan_under_way: UUID
    scan_failed: UUID
    site_waits: str
    site_undecided: str
    site_handed_over: str
    owner: UUID
    imported: UUID
    newcomers: UUID
    taken_in: UUID
    closed: UUID
    duty: UUID
    measure: UUID
    waiting_person: UUID
    cluster: UUID
    bulk: UUID
    view: UUID
    preview: UUID
    preview_under_way: UUID
    changed: UUID
    assigned: Assigned
    question: str
    papers: dict[str, UUID]
    webhook: UUID
    undelivered: tuple[UUID, UUID]


class Builder:
    def __init__(self, app: Flask) -> None:
        self.app, self.make = app, Factory(app)
        self.owner = self.make.organisation(
            f"市政设施运营管理有限责任公司{LONG}"[:120], district=YANJIANG
        )
        self.people = {
            role: self.make.person(
                role,
                district=None if role in WHOLE_CITY else YANJIANG,
                organisation=self.owner if role == "organisation" else None,
                name=f"{role} 王小满",
            )
            for role in ROLES
        }
        self.found_by = self.make.actor("supervisor", name="首次检查人")
        self.actors = {role: self.make.actor_of(person) for role, person in self.people.items()}

    def build(self) -> City:
        places = {
            kind: self.make.facility(kind, name=f"示例{kind.value}", organisation=self.owner)
            for kind in FacilityKind
        }
        visit = self.make.inspection(places[FacilityKind.TOILET], self.found_by, FAULTS)
        findings = {State(one): self.finding(State(one)) for one in BROUGHT.split()}
        long = self.make.toilet(name=LONG, organisation=self.owner)
        self.make.inspection(long, self.found_by, FAULTS)
        with self.app.app_context(), transaction():
            db.session.get_one(Facility, long).seen_day = date(2018, 5, 1).toordinal()
        self.make.inspection(self.make.toilet(name=WIDE), self.found_by, FAULTS)
        for number in range(32):  # more than one page of a list
            self.make.toilet(name=f"建设路 {number} 号公厕", lon=104.7, lat=30.2)
        self.make.in_force("2026.1", "public-building")
        self.measured_under_another()
        self.make.proposal("2026.1", "road")
        making.fill_inbox(self.app, self.actors["coordinator"], LONG, WIDE)
        return City(
            people=self.people,
            sessions={role: self.make.session_of(one) for role, one in self.people.items()},
            findings=findings,
            main=self.main,
            places=places,
            long=long,
            waiting=self.waiting(),
            refused=self.refused(),
            part=self.part(places[FacilityKind.TOILET]),
            visit=visit,
            recheck=self.last_recheck,
            withdrawn=withdrawn_visit(self.app, self.make, self.found_by, FAULTS),
            draft=self.draft(places[FacilityKind.TOILET]),
            photo=self.evidence,
            scan=scan_of(self.app, places[FacilityKind.WEBSITE], self.actors["coordinator"]),
            scan_under_way=self.scan(begin_scan, kept(SEEN)),
            scan_failed=self.scan(begin_scan, kept(UNSEEN), finish_scan),
            site_waits=self.reported(),
            site_undecided=self.reported(UNSEEN),
            site_handed_over=self.reported(replace(SEEN, results=(fault(Kind.QUESTION),))),
            owner=self.owner,
            imported=self.make.facility_file(self.actors["coordinator"]),
            newcomers=self.make.people_file(self.actors["coordinator"]),
            taken_in=self.make.people_file(self.actors["coordinator"], done=True),
            closed=self.closed_organisation(),
            duty=self.make.duty(
                places[FacilityKind.TOILET], self.owner, self.actors["coordinator"]
            ),
            measure=self.make.measure(
                places[FacilityKind.TOILET], self.actors["coordinator"], budget_yuan=120_000
            ),
            waiting_person=self.person_with_a_code(),
            cluster=self.make.cluster(self.actors["supervisor"]),
            bulk=self.bulk(),
            view=self.views(),
            preview=self.make.preview("public-building", "2026.2"),
            preview_under_way=self.make.preview("public-toilet", done=False),
            changed=self.changed(places[FacilityKind.ROAD]),
            assigned=assign(self.app, self.make, self.finding, self.people["department"]),
            question=making.question(self.app, self.actors["coordinator"]),
            papers=papers_for_pages(
                self.app,
                self.make,
                self.actors["coordinator"],
                (findings[State.DISPATCHED], findings[State.REOPENED]),
                (LONG, WIDE),
            ),
            webhook=making.webhook(self.app, self.actors["administrator"])[0],
            undelivered=(self.undelivered(), self.undelivered("/assignments/")),
        )

    def undelivered(self, about: str = "") -> UUID:
        """A mail that was given up, with what the server said at length."""
        person = self.actors["coordinator"].id
        assert person is not None
        return making.given_up(self.app, person, f"550 {WIDE}", about)

    def views(self) -> UUID:
        """Saved views: of each list, with long names, one of them shared, one no longer valid."""
        me = self.actors["coordinator"]
        for subject, query in ((Subject.MAP, "severity=S1"), (Subject.INSPECTIONS, "mine=1"),
                               (Subject.FACILITIES, "kind=toilet")):  # fmt: skip
            self.make.saved_view(me, f"{subject.value}里的一批", query, subject=subject)
        self.make.saved_view(me, WIDE[:30], "kind=castle")
        return self.make.saved_view(me, LONG[:30], "severity=S2", shared=True)

    def changed(self, place: UUID) -> UUID:
        with self.app.app_context():
            number = db.session.get_one(Facility, place).number
        return self.make.changed_places([number], self.actors["coordinator"])

    def bulk(self) -> UUID:
        """One act of the coordinator for many findings."""
        number, bulk_id = self.finding(State.REPORTED), new_id()
        with self.app.app_context(), transaction():
            coordinator = self.actors["coordinator"]
            steps.take_many({number: 1}, Verb.CONFIRM, coordinator, steps.Told(), bulk_id)
        return bulk_id

    def measured_under_another(self) -> None:
        """At two schools, under the edition before the newest."""
        for district in (YANJIANG, ANYUE):
            school = self.make.facility(
                FacilityKind.BUILDING, name=f"特教学校{LONG}"[:120], district=district,
                facts={"branch": "special_school"},
            )  # fmt: skip
            answers = {
                "pb-entrance-type": Answer.of("steps_ramp"), "pb-ramp-slope": Answer.of(9),
                "pb-door-kinds": Answer.of(("manual",)), "pb-door-width": Answer.of(950),
            }  # fmt: skip
            with self.app.app_context(), transaction():
                filing = Filing(
                    id=new_id(), facility=db.session.get_one(Facility, school),
                    checklist=get_checklist("public-building", "2026.1"), answers=answers,
                    started_at=now(),
                )  # fmt: skip
                file_inspection(filing, self.found_by)
        with self.app.app_context(), transaction():
            # as if the tolerance had been another one then
            answered = InspectionAnswer.item_id == "pb-door-width"
            passed = {"verdict": "fail", "outcome": "below"}
            db.session.execute(db.update(InspectionAnswer).where(answered).values(passed))

    def closed_organisation(self) -> UUID:
        made = self.make.organisation("已撤销的单位", district=YANJIANG)
        with self.app.app_context(), transaction():
            close_organisation(get_organisation(made), SYSTEM, "机构合并。")
        return made

    def person_with_a_code(self) -> UUID:
        """Somebody of many roles who has not signed in yet."""
        with self.app.app_context(), transaction():
            roles = [(Role.SUPERVISOR, YANJIANG), (Role.DEPARTMENT, None), (Role.PLANNER, ANYUE)]
            return add_user("wangxiaoman", "王小满", roles, SYSTEM, organisation_id=self.owner)[
                0
            ].id

    def reported(self, *seen_since: PageResult) -> str:
        """The number of a website's finding that is said to be fixed, and of what was seen
        since."""
        found = replace(SEEN, results=(fault(Kind.VIOLATION),))
        first = self.scan(begin_scan, kept(found), finish_scan)
        with self.app.app_context():
            place = db.session.get_one(Scan, first).facility_id
            numbers = db.select(Finding.number).where(Finding.facility_id == place)
            number = str(db.session.scalars(numbers).one())
        office, department, fixer = (
            self.actors[role] for role in ("coordinator", "department", "organisation")
        )
        self.step(number, lambda one: steps.act(one, Verb.CONFIRM, office))
        self.step(number, lambda one: steps.dispatch(one, department, self.owner, "请尽快。"))
        self.step(number, lambda one: steps.report_fixed(one, fixer, "已改。", []))
        for page in seen_since:
            self.scan(begin_scan, kept(page), finish_scan, place=place)
        return number

    def scan(self, *steps_of_it: Callable[[Scan], object], place: UUID | None = None) -> UUID:
        """A scan, of a website of its own where none is named, that has come so far."""
        site = place or self.make.facility(FacilityKind.WEBSITE, organisation=self.owner)
        with self.app.app_context():
            with transaction():
                facility = db.session.get_one(Facility, site)
                scan_id = request_scan(facility, self.actors["coordinator"]).id
            for act in steps_of_it:
                with transaction():
                    act(db.session.get_one(Scan, scan_id))
            return scan_id

    def finding(self, state: State) -> str:
        """The number of a fresh finding that has come to this state."""
        place = self.make.toilet(name=f"问题到了 {state.value} 的公厕", organisation=self.owner)
        self.make.inspection(place, self.found_by, FAULTS)
        with self.app.app_context():
            number = db.session.scalars(
                db.select(Finding.number).where(
                    Finding.facility_id == place, Finding.rule_id == "wc-stall-width"
                )
            ).one()
        self._bring(number, state, place)
        return str(number)

    def _bring(self, number: str, state: State, place: UUID) -> None:
        office, department = self.actors["coordinator"], self.actors["department"]
        if state is State.REJECTED:
            self.step(
                number, lambda one: steps.act(one, Verb.REJECT, office, steps.Told("量错了地方。"))
            )
        if state is State.MERGED:
            self.main = self.finding(State.REPORTED)
            self.step(number, lambda one: self.merge(one, self.main))
        if state in {State.REPORTED, State.REJECTED, State.MERGED}:
            return
        self.step(number, lambda one: steps.act(one, Verb.CONFIRM, office))
        if state is State.CONFIRMED:
            return
        self.step(number, lambda one: steps.dispatch(one, department, self.owner, "请尽快。"))
        if state is State.DISPATCHED:
            return
        self.evidence = self.picture("organisation")
        fixer, photos = self.actors["organisation"], [self.evidence]
        self.step(number, lambda one: steps.report_fixed(one, fixer, "已拓宽。", photos))
        if state is State.UNSURE:
            self.make.rechecked_too_near(number)
        elif state is not State.FIXED:
            width = {State.CLOSED: 1500, State.REOPENED: 1450}[state]
            self.last_recheck = self.make.inspection(
                place,
                self.actors["supervisor"],
                {"wc-stall-width": Answer.of(width)},
                verifies=number,
            )

    def merge(self, finding: Finding, main: str) -> None:
        told = steps.Told("两处照片里是同一个厕位。", main=self.make.finding_named(main))
        steps.act(finding, Verb.MERGE, self.actors["coordinator"], told)

    def step(self, number: str, act: object) -> None:
        with self.app.app_context(), transaction():
            finding = db.session.scalars(db.select(Finding).where(Finding.number == number)).one()
            act(finding)  # type: ignore[operator]

    def picture(self, role: str) -> UUID:
        actor = self.actors[role]
        with self.app.app_context():
            received = receive_photo(drawn_photo(Scene.TOILET, 1, (640, 480)), actor)
            with transaction():
                return keep_photo(new_id(), received, actor, told=Capture(), district=YANJIANG).id

    def part(self, whole: UUID) -> UUID:
        draft = FacilityDraft(
            FacilityKind.TOILET, "拆出来的公厕", YANJIANG, lon=104.6276, lat=30.1222
        )
        with self.app.app_context(), transaction():
            here = db.session.get_one(Facility, whole)
            return split(here, new_id(), draft, self.actors["coordinator"], "其实是两处。").id

    def refused(self) -> UUID:
        place = self.waiting()
        with self.app.app_context(), transaction():
            here = db.session.get_one(Facility, place)
            refuse(here, self.actors["coordinator"], "是住户自家的厕所。")
        return place

    def waiting(self) -> UUID:
        draft = FacilityDraft(
            FacilityKind.TOILET, "现场登记的公厕", YANJIANG, lon=104.63, lat=30.12
        )
        with self.app.app_context(), transaction():
            return add_facility(new_id(), draft, self.actors["supervisor"], Review.WAITING).id

    def draft(self, place: UUID) -> UUID:
        actor: Actor = self.actors["supervisor"]
        photo = self.picture("supervisor")
        with self.app.app_context(), transaction():
            filing = Filing(
                id=new_id(),
                facility=db.session.get_one(Facility, place),
                checklist=get_checklist("public-toilet"),
                answers={},
                started_at=now(),
                photos={"wc-provision": (photo,)},
            )
            typed = {"wc-provision": ["male_stall"], "wc-stall-width": ["1.4 m"]}
            return keep_draft(filing, typed, actor).id


def jpeg(seed: int = 1) -> io.BytesIO:
    return io.BytesIO(drawn_photo(Scene.TOILET, seed, (640, 480)))
