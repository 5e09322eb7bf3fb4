"""One facility turns out to be two, and can be put together again."""

import re
from collections.abc import Callable
from uuid import UUID

from flask import Flask

from audit.checklists.rules import Answer
from audit.core.clock import today
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.actions import miscounted
from audit.findings.models import Finding
from audit.inspections.models import Inspection
from audit.journal.queries import entries_about
from tests.careful import CarefulClient
from tests.factories import ANYUE, NARROW_STALL, Factory

SignIn = Callable[..., CarefulClient]
NO_CALL = {"wc-provision": NARROW_STALL["wc-provision"], "wc-call": Answer.of("none")}
NEW = {
    "kind": "toilet", "name": "北侧公厕", "address": "建设路 14 号", "lon": "104.6280",
    "lat": "30.1223", "why": "是两处公厕",
}  # fmt: skip


def facility(app: Flask, which: UUID) -> Facility:
    with app.app_context():
        return db.session.get_one(Facility, which)


def rules_at(app: Flask, place: UUID) -> list[str]:
    with app.app_context():
        query = db.select(Finding.rule_id).where(Finding.facility_id == place)
        return list(db.session.scalars(query.order_by(Finding.rule_id)))


def visits_at(app: Flask, place: UUID) -> set[UUID]:
    with app.app_context():
        query = db.select(Inspection.id).where(Inspection.facility_id == place)
        return set(db.session.scalars(query))


def number_of(app: Flask, rule: str) -> str:
    with app.app_context():
        return db.session.scalars(db.select(Finding.number).where(Finding.rule_id == rule)).one()


def split(office: CarefulClient, place: UUID, part: UUID, **more: object) -> int:
    where = f"/facilities/{place}/split"
    return office.send(f"{where}/{part}", NEW | more, where).status_code


def test_the_new_one_takes_what_is_its_own_and_both_name_each_other(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    owner = make.organisation()
    place, inspector = make.toilet(organisation=owner), make.actor()
    stays = make.inspection(place, inspector, NARROW_STALL)
    goes = make.inspection(place, inspector, NO_CALL)
    office, part = signed_in("coordinator"), new_id()
    page = office.get(f"/facilities/{place}/split").get_data(as_text=True)
    assert "市民广场公共厕所" in page and re.search(r'value="104\.6276', page)
    for _twice in range(2):  # a double click makes one
        chosen = {"finding": number_of(app, "wc-call"), "visit": str(goes)}
        assert split(office, place, part, **chosen) == 303
    assert (rules_at(app, place), rules_at(app, part)) == (["wc-stall-width"], ["wc-call"])
    assert (visits_at(app, place), visits_at(app, part)) == ({stays}, {goes})
    new = facility(app, part)
    assert (new.split_from_id, new.organisation_id, new.lon) == (place, owner, 104.628)
    assert new.built == "2023-05-01"
    with app.app_context():
        assert miscounted() == 0
        assert [one.verb for one in entries_about("facility", part)] == ["split_off", "add"]
        assert entries_about("facility", place)[0].verb == "split"
    for one, other in ((place, new.number), (part, facility(app, place).number)):
        page = office.get(f"/facilities/{one}").get_data(as_text=True)
        assert "拆开的设施" in page and other in page and "是两处公厕" in page


def test_a_part_of_another_kind_can_be_put_together_again(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place, office, part = make.facility(FacilityKind.BUILDING), signed_in("coordinator"), new_id()
    assert split(office, place, part) == 303
    visit = make.inspection(part, make.actor(), NARROW_STALL)
    assert facility(app, part).kind is FacilityKind.TOILET
    sent = {"other": facility(app, place).number, "what": "merge", "why": "还是一处"}
    assert office.send(f"/facilities/{part}/merge", sent).status_code == 303
    assert rules_at(app, place) == ["wc-stall-width"]
    assert visits_at(app, place) == {visit}
    with app.app_context():
        assert miscounted() == 0


def test_the_last_full_visit_goes_with_the_visit(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place, part = make.facility(FacilityKind.KIOSK), new_id()
    names = ("ks-level", "ks-low", "ks-screen", "ks-large", "ks-task", "ks-staff", "ks-working")
    full = dict.fromkeys(names, Answer.of(True))
    visit = make.inspection(place, make.actor(), full, checklist="kiosk")
    assert facility(app, place).seen_on == today()
    office = signed_in("coordinator")
    assert split(office, place, part, kind="kiosk", visit=str(visit)) == 303
    assert (facility(app, place).seen_on, facility(app, part).seen_on) == (None, today())


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place, office, part = make.toilet(), signed_in("coordinator"), new_id()
    where = f"/facilities/{place}/split"
    for typed in ({"name": ""}, {"why": " "}, {"lon": "x"}):
        answer = office.send(f"{where}/{part}", NEW | {"address": "独此一家"} | typed, where)
        assert answer.status_code == 422
        assert "独此一家" in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.get(Facility, part) is None


def test_findings_of_another_place_and_places_of_another_district_stay(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place, other, part = make.toilet(), make.toilet(lon=104.7), new_id()
    visit = make.inspection(other, make.actor(), NARROW_STALL)
    far = signed_in("coordinator", district=ANYUE)
    assert far.get(f"/facilities/{place}/split").status_code == 404
    assert far.send(f"/facilities/{place}/split/{part}", NEW, "/").status_code == 404
    assert signed_in("supervisor").get(f"/facilities/{place}/split").status_code == 403
    office, number = signed_in("coordinator"), number_of(app, "wc-stall-width")
    assert split(office, place, part, finding=number, visit=str(visit)) == 303
    assert rules_at(app, other) == ["wc-stall-width"] and visits_at(app, other) == {visit}


def test_a_place_that_left_the_register_is_not_split(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place, office, part = make.toilet(), signed_in("coordinator"), new_id()
    with app.app_context(), transaction():
        db.session.get_one(Facility, place).active = False
    assert office.get(f"/facilities/{place}/split").status_code == 303
    assert office.send(f"/facilities/{place}/split/{part}", NEW, "/").status_code == 409
