"""What holds for every address: who may open it, what its parts look like, that looking changes
nothing."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Map, Rule, UnicodeConverter

from audit.accounts.models import User
from audit.core.actors import CITY_WIDE, PERMISSIONS, Actor, Role
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.actions import Told, take_many
from audit.findings.rules import Verb
from audit.web.access import Access, access_of, check_marks
from audit.webscan.actions import request_scan
from tests.assignments.sending import Sent, send
from tests.careful import CarefulClient
from tests.documents.papers import Papers
from tests.factories import YANJIANG, Factory
from tests.notices import making

SignIn = Callable[..., CarefulClient]
ANYTHING = UnicodeConverter(Map()).regex
NO_SUCH = "0" * 64
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE")
# Whoever adds a page without sign-in writes it down here, with a thought.
FOR_EVERYBODY = {
    "static", "web.language", "web.preferences", "web.gallery", "web.accessibility",
    "web.help_page", "web.healthz", "web.favicon", "accounts.login", "desk.start",
    # opened by the secret address of a notice, or by the cookie for which it was exchanged
    "answering.enter", "answering.index", "answering.show", "answering.photo", "answering.sign",
    "answering.take", "answering.leave",
    # what a device keeps, whoever holds it: nothing of anybody stands there
    "capture.start", "capture.show", "capture.manifest", "capture.service_worker",
}  # fmt: skip


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=str)


def test_every_view_says_who_may_open_it(app: Flask) -> None:
    bare = [rule.endpoint for rule in rules(app) if not access_of(app, rule.endpoint)]
    assert bare == []


def test_only_these_pages_are_for_everybody(app: Flask) -> None:
    marks = {rule.endpoint: access_of(app, rule.endpoint) for rule in rules(app)}
    assert {name for name, mark in marks.items() if mark == Access(public=True)} == FOR_EVERYBODY


@pytest.mark.own_app
def test_a_view_without_a_mark_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        check_marks(app)


def test_every_part_of_an_address_is_typed(app: Flask) -> None:
    loose = [
        f"{rule} <{name}>"
        for rule in rules(app)
        for name, converter in rule._converters.items()
        if type(converter) is UnicodeConverter and converter.regex == ANYTHING
    ]
    assert loose == []
    paths = [str(rule) for rule in rules(app) if "<path:" in str(rule)]
    assert [path.split("/")[1] for path in paths] == ["static"]


def test_words_in_an_address_are_joined_by_hyphens_and_lower_case(app: Flask) -> None:
    for rule in rules(app):
        fixed = [part for part in str(rule).split("/") if part and "<" not in part]
        assert all(part == part.lower() and "_" not in part for part in fixed), rule


def test_a_reading_address_takes_no_writing_and_the_other_way_round(app: Flask) -> None:
    """Verbs stand in POST; a form that is shown and sent has both."""
    for rule in rules(app):
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods in ({"GET"}, {"POST"}, {"GET", "POST"}, {"PUT"}, {"PATCH"}), rule


@contextmanager
def written(app: Flask) -> Iterator[list[str]]:
    """Every statement that changes something, as the database sees it."""
    seen: list[str] = []

    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", look)


@dataclass(frozen=True)
class World:
    """One of each thing that an address can name."""

    facility: UUID
    inspection: UUID
    draft: UUID
    number: str
    fixed: str
    photo: UUID
    scan: UUID
    imported: UUID
    newcomers: UUID
    person: UUID
    grant: UUID
    organisation: UUID
    duty: UUID
    measure: UUID
    plate: str
    decision: UUID
    bulk: UUID
    changed: UUID
    view: UUID
    preview: UUID
    notice: UUID
    webhook: tuple[UUID, UUID]
    cluster: UUID
    sent: Sent
    document: UUID
    coordinator: CarefulClient


@pytest.fixture
def world(app: Flask, make: Factory) -> World:
    number = make.dispatched(make.organisation())
    coordinator, person = make.person("coordinator"), make.person("supervisor")
    with app.app_context():
        grant = db.session.get_one(User, person.id).grants[0].id
        finding = make.finding_named(number)
        facility = finding.facility_id
        found_in = UUID(finding.events[0].detail["found_in"])
    me = make.actor_of(coordinator)
    photo, draft = make.photo(me), make.draft(facility, me)
    site = make.facility(FacilityKind.WEBSITE)
    with app.app_context(), transaction() as session:
        scan = request_scan(session.get_one(Facility, site), me).id
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    browser.hold(make.session_of(coordinator))
    with app.app_context():
        plate = db.session.get_one(Facility, facility).number
    return World(
        facility=facility,
        inspection=found_in,
        draft=draft,
        number=number,
        fixed=make.fixed(),
        photo=photo,
        scan=scan,
        imported=make.facility_file(me),
        newcomers=make.people_file(me),
        person=person.id,
        grant=grant,
        organisation=make.organisation(district=YANJIANG),
        duty=make.duty(facility, make.organisation(), me),
        measure=make.measure(facility, me),
        plate=plate,
        decision=make.proposal(),
        view=make.saved_view(me),
        changed=make.changed_places([plate], me),
        bulk=bulk_of(app, make.finding(), me),
        preview=make.preview(),
        notice=making.notice(app, me),
        webhook=making.webhook(app, me),
        cluster=make.cluster(me),
        sent=send(make, number),
        document=issued_paper(app, make, number),
        coordinator=browser,
    )


def issued_paper(app: Flask, make: Factory, number: str) -> UUID:
    papers = Papers(app, make)
    papers.files(made := papers.issued([number]))
    return made


def bulk_of(app: Flask, number: str, actor: Actor) -> UUID:
    """One act of this person for many findings."""
    with app.app_context(), transaction():
        take_many({number: 1}, Verb.CONFIRM, actor, Told(), bulk := new_id())
        return bulk


def address(app: Flask, rule: Rule, world: World) -> str:
    """The rule filled with things that exist. A new kind of part must be told here."""
    values: dict[str, object] = {
        "facility_id": world.facility,
        "part_id": UUID(int=1),
        "inspection_id": world.draft if rule.endpoint.endswith(".edit") else world.inspection,
        "number": world.fixed if rule.endpoint.endswith(".recheck") else world.number,
        "photo_id": world.photo,
        "scan_id": world.scan,
        "import_id": world.newcomers if rule.endpoint.startswith("newcomers.") else world.imported,
        "ending": "csv",
        "user_id": world.person,
        "grant_id": world.grant,
        "organisation_id": world.organisation,
        "duty_id": world.duty,
        "measure_id": world.measure,
        "plate_number": world.plate,
        "bulk_id": world.bulk if rule.endpoint == "many.done" else world.changed,
        "view_id": world.view,
        "checklist_id": "road",
        "confirmation_id": world.scan,
        "decision_id": world.decision,
        "preview_id": world.preview,
        "notice_id": world.notice,
        "how": "read",
        "webhook_id": world.webhook[0],
        "delivery_id": world.webhook[1],
        "act": "stop",
        "cluster_id": world.cluster,
        "document_id": world.document,
        "form": "html",
        "sha256": NO_SUCH,
        "other": world.fixed,
        "said": "same",
        "token": NO_SUCH,
        "decision": "apart",
        "key": NO_SUCH[:32],
        "name": "scan_pages",
        "rule": "wc-stall-width",
        "digest": NO_SUCH,
        "size": "small",
        "kind": "toilet",
        "judgement": "pass_recheck",
        "verb": "close" if rule.endpoint.endswith(".turn") else "confirm",
        "code": "en",
        "language": "zh",
        "edition": "2026.1",
        "sheet_id": UUID(int=0),
        "assignment_id": world.sent.id,
        "assignment": world.sent.number,
        "secret": NO_SUCH,
        "answer": "report_fixed",
        "filename": "css/base.css",
    }
    unknown = rule.arguments - values.keys()
    assert not unknown, f"{rule}: give {unknown} a value in this test"
    with app.test_request_context():
        return str(app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments}))


def is_of_others(app: Flask, rule: Rule) -> bool:
    """Whether it is no business of a coordinator of one district."""
    access = access_of(app, rule.endpoint)
    needed = set(access.needs) if access else set()
    return bool(needed) and not (needed - CITY_WIDE) & PERMISSIONS[Role.COORDINATOR]


# nobody has made a slip; a finding without pictures has none to compare; nobody opened a link here
NOT_THERE = {
    "people.slips", "comparison.show", "assignments.sheets",
    "answering.index", "answering.show", "answering.photo",
}  # fmt: skip
COUNTS_TRIES = {"answering.enter"}  # a secret address: each wrong one is counted, each right noted
QUERIES = {
    "newcomers.check": lambda _: "?column.login=0&column.name=1&column.role=2&column.district=3",
    "inspections.new": lambda world: f"?facility={world.facility}",
    "inspections.paper": lambda world: f"?facility={world.facility}",
    "facilities.near": lambda _: "?lon=104.6276&lat=30.1222",
    "maps.findings": lambda _: "?bbox=104,29,106,31&z=10",
    "maps.facilities": lambda _: "?bbox=104,29,106,31&z=10",
    "maps.shapes": lambda _: "?bbox=104,29,106,31&z=14",
}


def test_looking_changes_nothing(app: Flask, world: World) -> None:
    reading = [rule for rule in rules(app) if "GET" in (rule.methods or ())]
    assert len(reading) > 15
    for rule in reading:
        where = address(app, rule, world) + QUERIES.get(rule.endpoint, lambda _: "")(world)
        with written(app) as statements:
            answer = world.coordinator.get(where)
        if rule.endpoint not in COUNTS_TRIES:
            assert statements == [], f"GET {where} wrote: {statements}"
        wanted = rule.endpoint == "sync_photos.state"  # it says that the picture is not here
        gone = (NO_SUCH in where and not wanted) or rule.endpoint in NOT_THERE
        expected = {404} if gone else {200, 303}
        if is_of_others(app, rule):
            expected = {403}
        assert answer.status_code in expected, f"GET {where}: {answer.status_code}"


def test_to_be_seen_is_written_every_five_minutes_at_most(app: Flask, world: World) -> None:
    with written(app) as statements, time_machine.travel(now(), tick=False) as clock:
        clock.shift(timedelta(minutes=4))
        world.coordinator.get("/findings/")
        assert statements == []
        clock.shift(timedelta(minutes=2))
        world.coordinator.get("/findings/")
        assert [one.split(" SET ")[0] for one in statements] == ["UPDATE login_session"]
        world.coordinator.get("/findings/")
        assert len(statements) == 1


def test_a_wrong_method_changes_nothing(app: Flask, world: World) -> None:
    shown = {str(rule) for rule in rules(app) if "GET" in (rule.methods or ())}
    only_sent = [rule for rule in rules(app) if str(rule) not in shown]
    assert len(only_sent) > 3
    for rule in only_sent:
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            with written(app) as statements:
                answer = world.coordinator.open(address(app, rule, world), method=method)
            assert statements == []
            assert answer.status_code in {400, 405}, f"{method} {rule}: {answer.status_code}"


def test_every_writing_address_wants_a_token(app: Flask, world: World) -> None:
    verbs = {"POST", "PUT", "PATCH"}
    writing = [rule for rule in rules(app) if (rule.methods or set()) & verbs]
    assert len(writing) > 8
    for rule in writing:
        if is_of_others(app, rule):
            continue
        where = address(app, rule, world)
        method = min((rule.methods or set()) & verbs)
        for token in (None, "", "IjEi.made-up", "x" * 5000):
            fields = {"why": "x", "photos": (io.BytesIO(b"x"), "x.jpg")}
            with written(app) as statements:
                answer = world.coordinator.open(
                    where,
                    method=method,
                    data=fields if token is None else {"csrf_token": token, **fields},
                )
            assert answer.status_code == 400, f"POST {where} without a token"
            assert "安全标记已失效" in answer.get_data(as_text=True)
            assert statements == []


def test_nobody_gets_in_without_signing_in(app: Flask, client: CarefulClient, world: World) -> None:
    for rule in rules(app):
        if rule.endpoint in FOR_EVERYBODY:
            continue
        where = address(app, rule, world)
        if "GET" in (rule.methods or ()):
            answer = client.get(where)
            assert answer.status_code == 303, where
            assert answer.headers["Location"].startswith("/account/login"), where
            told = client.get(where, headers={"Accept": "application/json"})
            assert (told.status_code, told.mimetype) == (401, "application/problem+json"), where
        if "POST" in (rule.methods or ()):
            with written(app) as statements:
                sent = client.post(where, data={"csrf_token": client.token("/account/login")})
            assert sent.status_code == 303 and sent.headers["Location"] == "/account/login", where
            assert statements == []
