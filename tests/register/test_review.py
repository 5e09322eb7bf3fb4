"""Facilities made on the spot wait for the office: accepted, merged or refused."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask

from audit.core.actors import Actor
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.actions import add_facility
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityDraft, FacilityKind, Review
from audit.findings.actions import miscounted
from audit.findings.models import Finding
from audit.findings.rules import State
from audit.journal.queries import entries_about
from tests.careful import CarefulClient
from tests.factories import ANYUE, NARROW_STALL, YANJIANG, Factory

SignIn = Callable[..., CarefulClient]
HERE = "/map/facilities?bbox=104.62,30.11,104.64,30.13&z=17"


def on_the_spot(app: Flask, actor: Actor, **facts: object) -> UUID:
    draft = FacilityDraft(
        **{  # type: ignore[arg-type]
            "kind": FacilityKind.TOILET, "name": "路边公厕", "district_code": YANJIANG,
            "lon": 104.628, "lat": 30.1224, **facts,
        }
    )  # fmt: skip
    with app.app_context(), transaction():
        return add_facility(new_id(), draft, actor, Review.WAITING).id


def review_of(app: Flask, facility: UUID) -> tuple[Review, bool]:
    with app.app_context():
        place = db.session.get_one(Facility, facility)
        return place.review, place.active


def states_at(app: Flask, facility: UUID) -> set[State]:
    with app.app_context():
        query = db.select(Finding.state).where(Finding.facility_id == facility)
        return set(db.session.scalars(query))


def test_one_that_waits_can_be_inspected_and_is_marked_wherever_it_stands(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    supervisor, office = make.actor(), signed_in("coordinator")
    place = on_the_spot(app, supervisor)
    make.inspection(place, supervisor, NARROW_STALL)
    for address in (
        f"/facilities/{place}",
        "/facilities/?q=路边公厕",
        "/facilities/near?lon=104.628&lat=30.1224",
        "/map/?show=facilities",
    ):
        text = office.get(address).get_data(as_text=True)
        assert "待核对" in text.replace('<option value="waiting">待核对', ""), address
    desk = office.get("/").get_data(as_text=True)
    assert "待核对的设施（1）" in desk and f"/facilities/{place}" in desk
    shown = office.get(HERE).get_json()["items"]
    assert [one["status"] for one in shown] == ["待核对，未销号的问题：1 个"]


def test_the_office_accepts_it_once(app: Flask, make: Factory, signed_in: SignIn) -> None:
    place, office = on_the_spot(app, make.actor()), signed_in("coordinator")
    for _twice in range(2):
        assert office.send(f"/facilities/{place}/accept", {}, "/").status_code == 303
    assert review_of(app, place) == (Review.ACCEPTED, True)
    with app.app_context():
        assert [one.verb for one in entries_about("facility", place)] == ["accept", "add"]


def test_a_twin_nearby_is_offered_and_the_merge_is_filled_in(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    known = make.toilet()
    place, office = on_the_spot(app, make.actor()), signed_in("coordinator")
    with app.app_context():
        number = db.session.get_one(Facility, known).number
    offered = f"/facilities/{place}/merge?other={number}"
    assert offered in office.get(f"/facilities/{place}").get_data(as_text=True)
    page = office.get(offered).get_data(as_text=True)
    assert f'value="{number}"' in page
    sent = {"other": number, "what": "merge", "why": "同一处"}
    assert office.send(f"/facilities/{place}/merge", sent).status_code == 303
    assert review_of(app, place) == (Review.WAITING, False)
    assert "待核对的设施" not in office.get("/").get_data(as_text=True)


def test_refusing_needs_a_reason_and_keeps_what_was_found_in_sight(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    supervisor, office = make.actor(), signed_in("coordinator")
    place = on_the_spot(app, supervisor)
    visit = make.inspection(place, supervisor, NARROW_STALL)
    where = f"/facilities/{place}/refuse"
    assert office.send(where, {"why": " "}).status_code == 422
    assert review_of(app, place) == (Review.WAITING, True)
    assert office.send(where, {"why": "是私人住宅"}).status_code == 303
    assert review_of(app, place) == (Review.REFUSED, False)
    assert states_at(app, place) == {State.REJECTED}
    with app.app_context():
        number = db.session.scalars(db.select(Finding.number)).one()
        assert miscounted() == 0
    for address in (f"/facilities/{place}", f"/inspections/{visit}", f"/findings/{number}"):
        assert "是私人住宅" in office.get(address).get_data(as_text=True), address
    assert "路边公厕" not in office.get("/facilities/").get_data(as_text=True)
    assert "不予登记" in office.get("/facilities/?review=refused&q=路边").get_data(as_text=True)
    assert office.get(HERE).get_json()["items"] == []


def test_what_was_refused_can_be_looked_at_again(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place, office = on_the_spot(app, make.actor()), signed_in("coordinator")
    office.send(f"/facilities/{place}/refuse", {"why": "不是公厕"})
    assert office.get(f"/facilities/{place}/refuse").status_code == 303
    assert office.send(f"/facilities/{place}/accept", {}, "/").status_code == 409
    assert office.send(f"/facilities/{place}/restore", {}, "/").status_code == 303
    assert review_of(app, place) == (Review.WAITING, True)


def test_a_place_with_a_confirmed_finding_is_not_refused(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    supervisor, office = make.actor(), signed_in("coordinator")
    place = on_the_spot(app, supervisor)
    make.inspection(place, supervisor, NARROW_STALL)
    with app.app_context():
        number = db.session.scalars(db.select(Finding.number)).one()
    office.send(f"/findings/{number}/confirm", {}, f"/findings/{number}")
    assert states_at(app, place) == {State.CONFIRMED}
    assert "已经立案" in office.get(f"/facilities/{place}/refuse").get_data(as_text=True)
    assert office.send(f"/facilities/{place}/refuse", {"why": "不是"}, "/").status_code == 422
    assert review_of(app, place) == (Review.WAITING, True)


def test_only_the_office_of_its_district_decides(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place = on_the_spot(app, make.actor())
    far = signed_in("coordinator", district=ANYUE)
    supervisor = signed_in("supervisor")
    for step in ("refuse", "accept"):
        assert far.send(f"/facilities/{place}/{step}", {"why": "试"}, "/").status_code == 404
        assert supervisor.send(f"/facilities/{place}/{step}", {"why": "试"}, "/").status_code == 403
    assert review_of(app, place) == (Review.WAITING, True)
