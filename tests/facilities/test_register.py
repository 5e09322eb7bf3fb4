"""The register of places: numbers, edits with their history, review, lists, what is near."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from audit.core.actors import SYSTEM
from audit.core.db import db, transaction
from audit.core.errors import Conflict, NotFound
from audit.core.ids import new_id
from audit.facilities import queries
from audit.facilities.actions import add_facility
from audit.facilities.models import Facility
from audit.facilities.queries import FacilityFilter, get_facility, list_facilities
from audit.facilities.rules import (
    KINDS,
    FacilityDraft,
    FacilityKind,
    Review,
    search_text,
)
from audit.geo.cells import cell_of
from audit.geo.points import Point
from audit.journal.queries import entries_about
from audit.register.actions import edit
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory

SignIn = Callable[..., CarefulClient]
TOILET = FacilityDraft(
    FacilityKind.TOILET, "市民广场公共厕所", YANJIANG, address="建设路 12 号", lon=104.6276,
    lat=30.1222, built_on=date(2015, 5, 1),
)  # fmt: skip


def drafted(**changes: object) -> FacilityDraft:
    return FacilityDraft(**{**TOILET.__dict__, **changes})  # type: ignore[arg-type]


def add(draft: FacilityDraft = TOILET, review: Review = Review.ACCEPTED) -> Facility:
    with transaction():
        return add_facility(new_id(), draft, SYSTEM, review)


def test_numbers_run_by_kind_without_a_gap(app: Flask) -> None:
    with app.app_context():
        assert [add().number for _ in range(2)] == ["ZY-WC-000001", "ZY-WC-000002"]
        with pytest.raises(ZeroDivisionError), transaction():
            add_facility(new_id(), TOILET, SYSTEM, Review.ACCEPTED)
            _ = 1 // 0
        assert add().number == "ZY-WC-000003"
        assert add(drafted(kind=FacilityKind.ROAD)).number == "ZY-RD-000001"


def test_every_kind_has_a_code_of_its_own() -> None:
    assert set(KINDS) == set(FacilityKind)
    assert len({facts.code for facts in KINDS.values()}) == len(KINDS)


def test_a_place_is_found_in_its_cell(app: Flask) -> None:
    with app.app_context():
        assert add().cell == cell_of(104.6276, 30.1222)


def test_an_edit_keeps_what_was_said_before(app: Flask) -> None:
    with app.app_context():
        place = add().id
        with transaction() as session:
            edit(
                session.get_one(Facility, place),
                drafted(name="广场公厕", lon=104.63, facts={"storeys": 2}),
                SYSTEM,
            )
        edited = db.session.get_one(Facility, place)
        assert edited.cell == cell_of(104.63, 30.1222)
        assert edited.search.startswith("广场公厕")
        [entry, _added] = entries_about("facility", place)
        assert entry.detail == {
            "name": ["市民广场公共厕所", "广场公厕"],
            "lon": [104.6276, 104.63],
            "facts": [{}, {"storeys": 2}],
        }


def test_an_edit_that_changes_nothing_is_no_entry(app: Flask) -> None:
    with app.app_context():
        place = add().id
        with transaction() as session:
            edit(session.get_one(Facility, place), TOILET, SYSTEM)
        assert len(entries_about("facility", place)) == 1


def test_the_same_id_again_gives_the_first_or_a_conflict(app: Flask) -> None:
    place = new_id()
    with app.app_context():
        for _ in range(2):
            with transaction():
                add_facility(place, TOILET, SYSTEM, Review.ACCEPTED)
        for other in (drafted(name="别处"), drafted(lon=104.7), drafted(facts={"storeys": 1})):
            with pytest.raises(Conflict), transaction():
                add_facility(place, other, SYSTEM, Review.ACCEPTED)
        assert db.session.scalar(db.select(db.func.count()).select_from(Facility)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": FacilityKind.WEBSITE},
        {"url": "https://example.gov.cn"},
        {"lat": None},
        {"lon": None, "lat": None},
        {"kind": FacilityKind.WEBSITE, "url": "https://x", "lon": 104.6, "lat": 30.1},
        {"district_code": "999999"},
    ],
)
def test_the_database_refuses_what_a_form_forgot(app: Flask, wrong: dict[str, object]) -> None:
    with app.app_context():
        with pytest.raises(IntegrityError):
            add(drafted(**wrong))
        assert db.session.scalar(db.select(db.func.count()).select_from(Facility)) == 0


def test_a_place_made_on_the_spot_waits_until_the_office_has_looked(
    app: Flask, signed_in: SignIn
) -> None:
    supervisor, coordinator = signed_in("supervisor"), signed_in("coordinator")
    place = new_id()
    sent = {"name": "新公厕", "district": YANJIANG, "lon": "104.6", "lat": "30.1"}
    page = "/facilities/new/toilet"
    said = supervisor.get(
        supervisor.send(f"{page}/{place}", sent, page).headers["Location"]
    ).get_data(as_text=True)
    assert "待管理人员核对" in said
    waiting = coordinator.get("/facilities/?review=waiting").get_data(as_text=True)
    assert "新公厕" in waiting
    accepted = coordinator.send(f"/facilities/{place}/accept", {}, f"/facilities/{place}")
    assert accepted.status_code == 303
    assert "新公厕" not in coordinator.get("/facilities/?review=waiting").get_data(as_text=True)
    with app.app_context():
        assert [entry.verb for entry in entries_about("facility", place)] == ["accept", "add"]


def test_a_coordinator_registers_without_review(app: Flask, signed_in: SignIn) -> None:
    coordinator, place = signed_in("coordinator"), new_id()
    sent = {"name": "新公厕", "district": YANJIANG, "lon": "104.6", "lat": "30.1"}
    coordinator.send(f"/facilities/new/toilet/{place}", sent, "/facilities/new/toilet")
    with app.app_context():
        assert db.session.get_one(Facility, place).review is Review.ACCEPTED


def test_a_form_shows_what_is_on_the_register_and_changes_it(
    app: Flask, signed_in: SignIn, make: Factory
) -> None:
    owner = make.organisation("市政公司")
    place = make.toilet(organisation=owner, facts={"storeys": 2, "host": "park"})
    browser = signed_in("coordinator")
    page = f"/facilities/{place}/edit"
    html = browser.get(page).get_data(as_text=True)
    for shown in (
        'value="市民广场公共厕所"',
        'value="104.627600"',
        'value="2023-05-01"',
        'value="2"',
    ):
        assert shown in html
    answer = browser.send(
        page, {"name": "广场公厕", "district": YANJIANG, "lon": "104.6", "lat": "30.1"}
    )
    assert answer.status_code == 303
    with app.app_context():
        edited = db.session.get_one(Facility, place)
        assert (edited.name, edited.facts, edited.organisation_id) == ("广场公厕", {}, None)


def test_lists_show_the_own_districts_only(app: Flask, make: Factory) -> None:
    here, there = make.toilet(name="甲"), make.toilet(name="乙", district=ANYUE)
    near, far = make.actor("coordinator"), make.actor("coordinator", district=ANYUE)
    city, fixer = make.actor("planner", district=None), make.actor("organisation")
    with app.app_context():
        names = {
            who.login: [row.name for row in list_facilities(who, FacilityFilter())[0]]
            for who in (near, far, city, fixer)
        }
        assert list(names.values()) == [["甲"], ["乙"], ["甲", "乙"], []]
        assert get_facility(here, near).name == "甲"
        with pytest.raises(NotFound):
            get_facility(there, near)
        with pytest.raises(NotFound):
            get_facility(here, fixer)
        assert queries.count_by_kind(city) == {FacilityKind.TOILET: 2}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (FacilityFilter(text="公厕"), {"A公厕", "b公厕 100%"}),
        (FacilityFilter(text="a公"), {"A公厕"}),
        (FacilityFilter(text="100%"), {"b公厕 100%"}),
        (FacilityFilter(text="%"), {"b公厕 100%"}),
        (FacilityFilter(text="_"), set()),
        (FacilityFilter(text="建设路  12"), {"A公厕", "b公厕 100%", "C路"}),
        (FacilityFilter(text="zy-rd-000001"), {"C路"}),
        (FacilityFilter(text="' or 1=1 --"), set()),
        (FacilityFilter(kind=FacilityKind.ROAD), {"C路"}),
        (FacilityFilter(district=ANYUE), set()),
        (FacilityFilter(review=Review.WAITING), set()),
        (FacilityFilter(page=2), set()),
        (FacilityFilter(page=99_999), set()),
    ],
)
def test_a_search_finds_parts_and_takes_signs_as_they_are(
    app: Flask, make: Factory, asked: FacilityFilter, found: set[str]
) -> None:
    make.toilet(name="A公厕")
    make.toilet(name="b公厕 100%")
    make.facility(FacilityKind.ROAD, name="C路")
    with app.app_context():
        rows, _total = list_facilities(make.actor("planner"), asked)
        assert {row.name for row in rows} == found


def test_a_list_turns_pages_in_the_order_of_numbers(app: Flask, signed_in: SignIn) -> None:
    with app.app_context(), transaction():
        for number in range(queries.PER_PAGE + 1):
            add_facility(new_id(), drafted(name=f"公厕{number}"), SYSTEM, Review.ACCEPTED)
    browser = signed_in("planner")
    first = browser.get("/facilities/").get_data(as_text=True)
    second = browser.get("/facilities/?page=2").get_data(as_text=True)
    assert "ZY-WC-000030" in first and "ZY-WC-000031" not in first
    assert "ZY-WC-000031" in second and "ZY-WC-000030" not in second


def test_the_nearest_place_comes_first_and_the_far_one_not_at_all(
    app: Flask, make: Factory
) -> None:
    make.toilet(name="远", lon=104.70)
    make.toilet(name="近", lon=104.6277)
    make.toilet(name="中", lon=104.6330)
    make.toilet(name="别区", lon=104.6276, district=ANYUE)
    with app.app_context():
        found = queries.nearest_facilities(make.actor("supervisor"), Point(104.6276, 30.1222))
        assert [place.name for place, _ in found] == ["近", "中"]
        assert found[0][1] < 15 and 500 < found[1][1] < 530


def test_blanks_and_case_do_not_matter_to_a_search() -> None:
    assert search_text("  Hello \t 世界 ", "", "ABC") == "hello 世界 abc"


def test_a_very_long_place_can_still_be_kept(app: Flask) -> None:
    with app.app_context():
        site = add(
            FacilityDraft(
                FacilityKind.WEBSITE,
                "名" * 120,
                YANJIANG,
                address="址" * 200,
                url="https://example.gov.cn/" + "a" * 470,
            )
        )
        assert len(site.search) == 500
