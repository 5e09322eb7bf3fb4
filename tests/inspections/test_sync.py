"""The contract between a device and us: what is sent once, twice, late, differently or broken."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from flask import Flask

from audit.accounts.models import LoginSession
from audit.checklists.loader import get_checklist
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.models import Finding
from audit.inspections.models import Inspection, InspectionPhoto, InspectionReceipt
from audit.photos.drawing import Scene, drawn_photo
from audit.photos.models import Photo
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory
from tests.inspections.conftest import Visitor
from tests.inspections.device import NARROW, Device, count, hash_of, named

PHOTO = drawn_photo(Scene.TOILET, 7, (320, 240))
WITH_PHOTO = NARROW


def outcomes(app: Flask) -> list[str]:
    with app.app_context():
        kept = InspectionReceipt
        return list(db.session.scalars(db.select(kept.outcome).order_by(kept.received_at)))


def test_an_inspection_without_pictures_is_filed_at_once(
    app: Flask, device: Device, make: Factory
) -> None:
    answer = device.put(new_id(), device.content(make.toilet(), NARROW))
    assert answer.status_code == 201
    told = answer.get_json()
    assert told["state"] == "filed" and told["failed"] >= 1
    assert device.browser.get(told["url"]).status_code == 200
    assert outcomes(app) == ["filed"]


def test_the_same_again_gives_the_same_answer(app: Flask, device: Device, make: Factory) -> None:
    visit, content = new_id(), device.content(make.toilet(), NARROW)
    first = device.put(visit, content)
    content |= {"counter": 99, "sent_at": "1998-01-01T00:00:00Z"}  # by another clock
    again = device.put(visit, content)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert (count(app, Inspection), outcomes(app)) == (1, ["filed"])


def test_other_content_under_a_filed_id_is_kept_aside_for_a_person(
    app: Flask, device: Device, make: Factory
) -> None:
    visit, place = new_id(), make.toilet()
    device.put(visit, device.content(place, NARROW))
    wide = {**NARROW, "wc-stall-width": ["1600"]}
    answer = device.put(visit, device.content(place, wide))
    assert answer.status_code == 409 and answer.get_json()["state"] == "conflict"
    assert outcomes(app) == ["filed", "conflict"]
    with app.app_context():
        rows = db.session.scalars(db.select(InspectionReceipt)).all()
        assert sorted(row.content["typed"]["wc-stall-width"] for row in rows) == [
            ["1400"],
            ["1600"],
        ]


def test_somebody_elses_id_is_no_way_to_their_inspection(
    app: Flask, device: Device, make: Factory, visitor: Callable[..., Visitor]
) -> None:
    visit, place = new_id(), make.toilet()
    device.put(visit, device.content(place, NARROW, draft=True))
    other = Device(visitor().browser)
    assert other.put(visit, other.content(place, NARROW)).status_code == 409
    with app.app_context():
        assert db.session.get_one(Inspection, visit).filed_at is None


def test_the_form_comes_first_and_waits_for_its_pictures(
    app: Flask, device: Device, make: Factory
) -> None:
    visit, place = new_id(), make.toilet()
    content = device.content(place, WITH_PHOTO, photos=[named(PHOTO)])
    waiting = device.put(visit, content)
    assert waiting.status_code == 202
    photos = {"of": 1, "here": 0, "missing": [hash_of(PHOTO)]}
    assert (waiting.get_json()["state"], waiting.get_json()["photos"]) == ("waiting", photos)
    assert device.piece(PHOTO, place, 0).status_code == 201
    assert device.put(visit, content).status_code == 201
    with app.app_context():
        row = db.session.scalars(db.select(Photo)).one()
        assert row.sha256 == hash_of(PHOTO) and row.taken_at is not None
        assert db.session.scalars(db.select(InspectionPhoto)).one().item_id == "wc-stall-width"


def test_a_picture_goes_on_where_it_broke_off(app: Flask, device: Device, make: Factory) -> None:
    place, half = make.toilet(), len(PHOTO) // 2
    assert device.piece(PHOTO, place, 0, half).get_json() == {"state": "wanted", "offset": half}
    assert device.state(hash_of(PHOTO)).headers["Upload-Offset"] == str(half)
    wrong = device.piece(PHOTO, place, half + 10)
    assert wrong.status_code == 409 and wrong.get_json()["offset"] == half
    assert device.piece(PHOTO, place, half).get_json()["state"] == "here"
    assert device.piece(PHOTO, place, 0).get_json()["state"] == "here"  # the answer was lost
    assert count(app, Photo) == 1
    assert list((app.config["SETTINGS"].var_dir / "uploads").rglob("*.part")) == []


def test_damaged_pictures_leave_nothing_behind(app: Flask, device: Device, make: Factory) -> None:
    place = make.toilet()
    half = len(PHOTO) // 2
    device.piece(b"\0" * half + PHOTO[half:], place, 0, half)
    path = next((app.config["SETTINGS"].var_dir / "uploads").rglob("*.part"))
    path.rename(path.with_name(f"{hash_of(PHOTO)}.part"))  # as if a piece had come broken
    answer = device.piece(PHOTO, place, half)
    assert answer.status_code == 422
    assert device.state(hash_of(PHOTO)).get_json() == {"state": "wanted", "offset": 0}
    assert count(app, Photo) == 0
    assert device.piece(PHOTO, place, 0).status_code == 201


def test_what_is_no_picture_or_too_big_is_refused(
    app: Flask, device: Device, make: Factory
) -> None:
    place = make.toilet()
    assert device.piece(b"no picture at all", place, 0).status_code == 415
    big = device.piece(PHOTO, place, 0, Upload_Length="99000000")
    assert big.status_code == 413
    more = device.piece(PHOTO, place, 0, Upload_Length="10")
    assert more.status_code == 413
    assert count(app, Photo) == 0


def test_a_full_disk_is_said_and_the_phone_keeps_all(
    app: Flask, device: Device, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make.toilet()
    monkeypatch.setattr("audit.photos.uploads.RESERVE_BYTES", 10**18)
    monkeypatch.setattr("audit.photos.uploads.shutil.disk_usage", _full)
    assert device.piece(PHOTO, place, 0).status_code == 507
    monkeypatch.undo()
    assert device.piece(PHOTO, place, 0).status_code == 201


def _full(_folder: Path) -> object:
    class Usage:
        free, total = 10, 10**12

    return Usage


def test_foreign_places_are_not_there(app: Flask, device: Device, make: Factory) -> None:
    far = make.toilet(district=ANYUE)
    assert device.put(new_id(), device.content(far, NARROW)).status_code == 404
    assert device.piece(PHOTO, far, 0).status_code == 404
    assert (count(app, Inspection), count(app, Photo)) == (0, 0)


def test_what_is_wrong_is_told_by_control_and_kept_as_a_draft(
    app: Flask, device: Device, make: Factory
) -> None:
    visit, place = new_id(), make.toilet()
    wrong = {"wc-provision": ["male_stall"], "wc-stall-width": ["very wide"]}
    answer = device.put(visit, device.content(place, wrong))
    assert answer.status_code == 422
    assert "very wide" in answer.get_json()["problems"]["wc-stall-width"]
    with app.app_context():
        draft = db.session.get_one(Inspection, visit)
        assert draft.filed_at is None and draft.typed["wc-stall-width"] == ["very wide"]
    assert device.put(visit, device.content(place, NARROW)).status_code == 201
    assert outcomes(app) == ["kept", "filed"]


def test_what_comes_late_does_not_undo_what_came_first(
    app: Flask, device: Device, make: Factory
) -> None:
    visit, place = new_id(), make.toilet()
    older = device.content(place, {**NARROW, "note": ["old"]}, draft=True)
    newer = device.content(place, {**NARROW, "note": ["new"]}, draft=True)
    assert device.put(visit, newer).status_code == 202
    assert device.put(visit, older).status_code == 409
    with app.app_context():
        assert db.session.get_one(Inspection, visit).note == "new"


def test_an_expired_sign_in_says_so_and_changes_nothing(
    app: Flask, device: Device, make: Factory
) -> None:
    visit, content = new_id(), device.content(make.toilet(), NARROW)
    device.put(new_id(), b"")  # holds a token by now
    with app.app_context():
        db.session.execute(db.delete(LoginSession))
        db.session.commit()
    answer = device.put(visit, content)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert device.state(hash_of(PHOTO)).status_code == 401
    assert count(app, Inspection) == 0


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_is_years_off_hinders_nothing(
    app: Flask, device: Device, make: Factory, years: int
) -> None:
    moment = (now() + timedelta(days=365 * years)).isoformat()
    content = device.content(make.toilet(), NARROW, started_at=moment, sent_at=moment)
    visit = new_id()
    assert device.put(visit, content).status_code == 201
    with app.app_context():
        filed = db.session.get_one(Inspection, visit)
        assert abs((filed.started_at - now()).total_seconds()) < 60
        kept = db.session.scalars(db.select(InspectionReceipt)).one()
        assert kept.told_at is not None and kept.told_at.isoformat() == moment


def test_an_edition_that_was_in_force_last_year_is_still_taken(
    app: Flask, device: Device, make: Factory, visitor: Callable[..., Visitor]
) -> None:
    """And one that never was is asked about, with all that was typed kept."""
    place, visit = make.facility(FacilityKind.BUILDING), new_id()
    with app.app_context():
        older = get_checklist("public-building", "2026.1")
        item = next(one for one in older.items if one.type == "yesno" and not one.relevant)
    typed = {item.id: ["yes"]}
    told = {"checklist": "public-building", "edition": "2026.1"}
    asked = device.put(visit, device.content(place, typed, **told))
    assert (asked.status_code, list(asked.get_json()["problems"])) == (422, ["edition"])
    assert outcomes(app) == ["kept"]
    make.in_force("2026.1", "public-building")
    with time_machine.travel(now() + timedelta(days=20), tick=False):
        make.in_force(get_checklist("public-building").edition, "public-building")
    with time_machine.travel(now() + timedelta(days=120), tick=False):
        later, late = Device(visitor().browser), new_id()
        assert later.put(late, later.content(place, typed, **told)).status_code == 201
    with app.app_context():
        assert db.session.get_one(Inspection, late).edition == "2026.1"


def test_pictures_of_others_cannot_be_named(
    app: Flask, device: Device, make: Factory, visitor: Callable[..., Visitor]
) -> None:
    place, other = make.toilet(), Device(visitor().browser)
    assert other.piece(PHOTO, place, 0).status_code == 201
    told = device.put(new_id(), device.content(place, WITH_PHOTO, photos=[named(PHOTO)]))
    assert told.get_json()["photos"]["missing"] == [hash_of(PHOTO)]
    assert device.state(hash_of(PHOTO)).get_json()["state"] == "wanted"


def test_a_recheck_from_a_device_closes_its_finding(
    app: Flask, make: Factory, visitor: Callable[..., Visitor]
) -> None:
    number, device = make.fixed(), Device(visitor().browser)
    with app.app_context():
        place = make.finding_named(number).facility_id
    typed = {"wc-stall-width": ["1600"], "no_photo_reason": []}
    content = device.content(place, typed, verifies=number, photos=[named(PHOTO)])
    visit = new_id()
    assert device.put(visit, content).status_code == 202
    assert device.piece(PHOTO, place, 0).status_code == 201
    assert device.put(visit, content).status_code == 201
    with app.app_context():
        assert make.finding_named(number).state == "closed"


@pytest.mark.own_app
def test_many_at_once_with_one_id_make_one_inspection(
    app: Flask, make: Factory, visitor: Callable[..., Visitor], pytestconfig: pytest.Config
) -> None:
    place, person = make.toilet(), visitor().person
    for _round in range(2):
        _race(app, make, person, place)


def _race(app: Flask, make: Factory, person: object, place: UUID) -> None:
    session, visit = make.session_of(person), new_id()  # type: ignore[arg-type]
    content = Device(app.test_client()).content(place, NARROW)
    statuses: list[int] = []

    def send() -> None:
        browser: CarefulClient = app.test_client()  # type: ignore[assignment]
        browser.hold(session)
        statuses.append(Device(browser).put(visit, content).status_code)

    threads = [threading.Thread(target=send) for _ in range(50)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert set(statuses) <= {200, 201} and len(statuses) == 50, statuses
    with app.app_context():
        assert db.session.get(Inspection, visit) is not None
        mine = db.select(InspectionReceipt).where(InspectionReceipt.inspection_id == visit)
        assert len(db.session.scalars(mine).all()) == 1
        same = db.select(Finding.number).where(Finding.facility_id == place)
        assert len(set(db.session.scalars(same))) == len(list(db.session.scalars(same)))


def test_the_bytes_of_a_lost_connection_are_cleared_in_time(
    app: Flask, device: Device, make: Factory
) -> None:
    from audit.photos.jobs import sweep_photos

    device.piece(PHOTO, make.toilet(), 0, 100)
    with app.app_context():
        assert sweep_photos() == 0
        with time_machine.travel(now() + timedelta(days=8), tick=False):
            assert sweep_photos() == 1


def test_at_a_place_that_has_left_the_register_the_draft_is_kept(
    app: Flask, device: Device, make: Factory
) -> None:
    place, visit = make.toilet(), new_id()
    with app.app_context(), transaction() as session:
        session.get_one(Facility, place).active = False
    answer = device.put(visit, device.content(place, NARROW))
    assert (answer.status_code, answer.get_json()["state"]) == (409, "refused")
    assert answer.get_json()["message"]
    with app.app_context():
        assert db.session.get_one(Inspection, visit).filed_at is None


def test_the_package_holds_what_is_mine_and_is_sent_only_when_changed(
    app: Flask, device: Device, make: Factory
) -> None:
    mine, fixed = make.toilet(name="我的公厕"), make.fixed()
    make.toilet(name="别县的公厕", district=ANYUE)
    first = device.browser.get("/capture/package")
    told = first.get_json()
    assert str(mine) in {one["id"] for one in told["facilities"]}
    assert "别县的公厕" not in first.get_data(as_text=True)
    assert [one["number"] for one in told["rechecks"]] == [fixed]
    assert all(one["hash"] and one["edition"] for one in told["lists"])
    again = device.browser.get("/capture/package", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    make.toilet()
    more = device.browser.get("/capture/package", headers={"If-None-Match": first.headers["ETag"]})
    assert more.status_code == 200
    questions = device.browser.get(told["lists"][0]["pages"]["zh"])
    assert "data-item" in questions.get_json()["html"]


def test_nothing_is_filed_under_the_sign_in_of_the_next_person(
    app: Flask, device: Device, make: Factory, visitor: Callable[..., Visitor]
) -> None:
    place, other = make.toilet(), visitor().person
    device.person = str(other.id)  # whose page it is; the sign-in is another's by now
    assert device.put(new_id(), device.content(place, NARROW)).status_code == 401
    assert device.piece(PHOTO, place, 0).status_code == 401
    assert (count(app, Inspection), count(app, Photo)) == (0, 0)
