"""The small sample city in a real database."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from audit.accounts.queries import find_user
from audit.accounts.queries import people as accounts
from audit.clusters.models import ClusterMember
from audit.core.db import db
from audit.demo import city as demo_city
from audit.demo.city import PASSWORD, find_residents
from audit.demo.messages import READ_AFTER
from audit.demo.placing import chosen_places
from audit.demo.reading import people
from audit.districts.queries import outlines
from audit.documents.models import Document
from audit.documents.rules.kinds import Kind as PaperKind
from audit.documents.rules.kinds import State as PaperState
from audit.duties.models import FacilityDuty
from audit.duties.rules import Duty
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind, Review
from audit.findings.models import Finding, FindingEvent, FindingPhoto, MapCell
from audit.findings.rules import State, Verb
from audit.geo.geojson import shape_of
from audit.geo.outlines import Outlines
from audit.geo.points import Point
from audit.geo.shapes import Area
from audit.inspections.models import Inspection, InspectionPhoto
from audit.inspections.rules import InspectionState
from audit.journal.models import JournalEntry
from audit.journal.queries import first_broken_link
from audit.measures.models import Measure
from audit.notices.models import Notice
from audit.photos.checking import check_photos
from audit.photos.models import Photo
from tests.careful import CarefulClient

from .conftest import END


def test_everybody_and_everything_is_there(city: Flask) -> None:
    with city.app_context():
        assert {user.login for user in accounts()} == {one.login for one in people()}
        kinds = Counter(db.session.scalars(select(Facility.kind)))
        twins = kinds - Counter(place.kind for place in chosen_places(small=True))
        assert twins.total() == 1, "registered twice"
        waiting = db.session.scalars(select(Facility).where(Facility.review == Review.WAITING))
        assert len(waiting.all()) == 3
        states = Counter(db.session.scalars(select(Inspection.state)))
        assert states[InspectionState.DRAFT] == 1
        rounds = Counter(db.session.scalars(select(Inspection.round)))
        assert rounds[1] >= 12 and rounds[2] >= 4


def test_findings_stand_in_every_state(city: Flask) -> None:
    with city.app_context():
        assert set(db.session.scalars(select(Finding.state))) == set(State) - {State.MERGED}
        verbs = set(db.session.scalars(select(FindingEvent.verb)))
        assert verbs >= {Verb.OPEN, Verb.JOIN, Verb.PASS_RECHECK, Verb.FAIL_RECHECK}


def test_one_problem_is_suspected_to_be_found_twice(city: Flask) -> None:
    with city.app_context():
        members = db.session.scalars(select(ClusterMember)).all()
        one, other = (member.finding for member in members)
        assert one.rule_id == other.rule_id and one.facility_id != other.facility_id
        assert State.REPORTED in (one.state, other.state)


def test_two_papers_are_issued(city: Flask) -> None:
    with city.app_context():
        kinds = db.session.scalars(
            select(Document.kind).where(Document.state == PaperState.ISSUED)
        ).all()
        assert set(kinds) == {PaperKind.ADVICE, PaperKind.RECORD}


def test_the_journal_is_whole_and_in_order_of_time(city: Flask) -> None:
    with city.app_context():
        assert first_broken_link() is None
        moments = list(
            db.session.scalars(
                select(JournalEntry.at)
                .where(JournalEntry.kind != "district")
                .order_by(JournalEntry.seq)
            )
        )
        assert moments == sorted(moments)
        assert moments[-1] < END


def test_every_facility_lies_in_the_outline_of_its_district(city: Flask) -> None:
    with city.app_context():
        shapes = {district.code: shape_of(geometry) for district, geometry in outlines()}
        areas = {
            code: Outlines({code: one}) for code, one in shapes.items() if isinstance(one, Area)
        }
        rows = db.session.scalars(select(Facility).where(Facility.lon.is_not(None))).all()
        assert len(rows) > 10
        for row in rows:
            here = Point(row.lon or 0, row.lat or 0)
            assert areas[row.district_code].find_at(here) == row.district_code


def test_the_maps_counts_equal_the_findings(city: Flask) -> None:
    with city.app_context():
        true = Counter(
            (row.district_code, row.state, row.severity)
            for row in db.session.scalars(select(Finding).where(Finding.cell.is_not(None)))
        )
        for zoom in db.session.scalars(select(MapCell.zoom).distinct()).all():
            rows = db.session.execute(
                select(
                    MapCell.district_code,
                    MapCell.state,
                    *[
                        func.sum(column)
                        for column in (MapCell.n1, MapCell.n2, MapCell.n3, MapCell.n4)
                    ],
                )
                .where(MapCell.zoom == zoom)
                .group_by(MapCell.district_code, MapCell.state)
            ).all()
            counted = Counter(
                {
                    (row[0], row[1], f"S{place + 1}"): row[2 + place]
                    for row in rows
                    for place in range(4)
                    if row[2 + place]
                }
            )
            assert counted == true


def test_photos_are_on_disk_and_belong_to_visits_and_steps(city: Flask) -> None:
    with city.app_context():
        report = check_photos()
        assert report.found == [] and report.photos > 40
        linked = set(db.session.scalars(select(InspectionPhoto.photo_id)))
        linked |= set(db.session.scalars(select(FindingPhoto.photo_id)))
        rows = db.session.scalars(select(Photo)).all()
        assert {row.id for row in rows} == linked
        assert all(row.taken_at and row.taken_at < row.uploaded_at < END for row in rows)


def test_a_closed_finding_was_fixed_and_rechecked_with_photos_by_others(city: Flask) -> None:
    with city.app_context():
        closed = db.session.scalars(select(Finding).where(Finding.state == State.CLOSED)).all()
        assert closed
        for finding in closed:
            last = finding.events[-1]
            fixed = [event for event in finding.events if event.verb is Verb.REPORT_FIXED][-1]
            assert last.verb is Verb.PASS_RECHECK and last.photos and fixed.photos
            assert last.actor_id not in {finding.found_by_id, finding.fixed_by_id}


def test_residents_are_told_from_strangers(city: Flask) -> None:
    with city.app_context():
        found = find_residents()
        assert found is not None
        assert (found.sample, found.others) == (len(people()), ())


@pytest.mark.parametrize("login", ["demo-coordinator1", "demo-supervisor1", "demo-roadworks"])
def test_the_printed_password_opens_the_desk(city: Flask, login: str) -> None:
    browser: CarefulClient = city.test_client()  # type: ignore[assignment]
    assert browser.sign_in(login, PASSWORD).status_code == 303
    with city.app_context():
        user = find_user(login)
        assert user is not None and not user.must_change_password
        name = user.name
    assert name in browser.get("/").get_data(as_text=True)
    assert browser.get("/findings/").status_code == 200


def test_a_draft_can_be_gone_on_with(city: Flask) -> None:
    with city.app_context():
        drafts = select(Inspection).where(Inspection.state == InspectionState.DRAFT)
        draft = db.session.scalars(drafts).one()
        where, person = f"/inspections/{draft.id}/edit", draft.inspector_name
        login = next(user.login for user in accounts() if user.name == person)
        typed = {name for name in draft.typed if not name.startswith(("kept.", "note.", "state."))}
        assert len(typed) > 5
    browser: CarefulClient = city.test_client()  # type: ignore[assignment]
    browser.sign_in(login, PASSWORD)
    html = browser.get(where).get_data(as_text=True)
    assert html.count(" checked") >= 3


def test_pages_of_every_finding_and_inspection_are_sound(city: Flask) -> None:
    browser: CarefulClient = city.test_client()  # type: ignore[assignment]
    browser.sign_in("demo-coordinator1", PASSWORD)
    with city.app_context():
        numbers = db.session.scalars(select(Finding.number)).all()
        visits = db.session.scalars(
            select(Inspection.id).where(Inspection.state == InspectionState.SUBMITTED)
        ).all()
        facilities = db.session.scalars(select(Facility.id)).all()
    pages = [f"/findings/{number}" for number in numbers[:8]]
    pages += [f"/inspections/{visit}" for visit in visits[:6]]
    pages += [f"/facilities/{facility}" for facility in facilities]
    for page in [*pages, "/map/", "/facilities/", "/inspections/", "/findings/"]:
        assert browser.get(page).status_code == 200, page


def test_the_story_is_told_through_actions_alone() -> None:
    folder = Path(demo_city.__file__).parent
    direct = re.compile(
        r"session\.(add|execute|merge|delete|bulk)|\binsert\(|\bupdate\(|\.commit\("
    )
    sources = list(folder.rglob("*.py"))
    assert len(sources) > 10
    for source in sources:
        assert not direct.search(source.read_text("utf-8")), source.name


def test_nearly_every_kind_has_been_inspected(city: Flask) -> None:
    with city.app_context():
        seen = db.session.scalars(
            select(Facility.kind)
            .join(Inspection, Inspection.facility_id == Facility.id)
            .where(Inspection.state == InspectionState.SUBMITTED)
        ).all()
        assert len(set(seen)) > len(FacilityKind) - 4
        assert set(seen) > {FacilityKind.TOILET, FacilityKind.ROAD, FacilityKind.BUILDING}


def test_something_is_planned_and_paid_for(city: Flask) -> None:
    with city.app_context():
        planned = db.session.scalars(select(Measure)).all()
        assert len(planned) >= 3 and any(one.budget_yuan for one in planned)


def test_somebody_owns_manages_uses_and_is_bound_by_contract(city: Flask) -> None:
    with city.app_context():
        assert set(db.session.scalars(select(FacilityDuty.duty))) == set(Duty)


def test_people_have_been_told_and_have_read_the_older_part(city: Flask) -> None:
    with city.app_context():
        rows = db.session.execute(select(Notice.created_at, Notice.read_at)).all()
        unread = [row.created_at for row in rows if row.read_at is None]
        assert len({row.created_at.date() for row in rows}) > 10
        assert 0 < len(unread) < len(rows)
        assert (
            min(unread) >= END - READ_AFTER - timedelta(days=1)
            and max(row.created_at for row in rows) <= END
        )
