"""When a place is looked at again, how old its good news is, and in what condition it stands."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from audit.checklists.loader import get_checklist
from audit.checklists.rules import Answer
from audit.core.actors import Actor, Grant, Role
from audit.core.clock import at, today
from audit.core.db import db, is_sqlite, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.facilities.queries import FacilityFilter, count_facilities, list_facilities, revisit_days
from audit.facilities.rules import FacilityKind, Seen, age_of, due_on
from audit.facilities.rules.revisit import ONCE, Age
from audit.inspections.queries import aged_answers
from audit.inspections.rules import Condition, Visit, condition_now, is_full
from audit.inspections.rules.condition import CLOSES
from audit.policy.actions import choose
from audit.policy.rules import REVISITED
from tests.careful import CarefulClient
from tests.factories import NARROW_STALL, Factory
from tests.plans import plans_of_reads

SignIn = Callable[..., CarefulClient]
DAY = date(2022, 3, 1)
CITY = Actor(new_id(), "王协调", (Grant(Role.COORDINATOR),))


@pytest.mark.parametrize(
    ("seen", "now", "age"),
    [
        (DAY, DAY, Age.FRESH),
        (DAY, date(2026, 3, 1), Age.FRESH),
        (DAY, date(2026, 3, 2), Age.AGED),
        (DAY, date(2030, 3, 1), Age.AGED),
        (DAY, date(2030, 3, 2), Age.UNKNOWN),
        (date(2024, 2, 29), date(2028, 2, 29), Age.FRESH),
        (date(2096, 2, 29), date(2100, 3, 1), Age.FRESH),  # 2100 has no 29 February
        (date(2096, 2, 29), date(2100, 3, 2), Age.AGED),
    ],
)
def test_good_answers_age_to_the_day(seen: date, now: date, age: Age) -> None:
    assert age_of(seen, now) is age


def test_every_kind_that_stays_has_an_interval_of_ours_which_can_be_chosen(app: Flask) -> None:
    with app.app_context():
        days = revisit_days()
    assert set(days) == set(FacilityKind) - ONCE == {FacilityKind(one) for one in REVISITED}
    assert due_on(DAY, days[FacilityKind.TOILET]) == date(2022, 8, 28)


@pytest.mark.parametrize(
    ("open_faults", "years", "condition"),
    [
        ({}, 0, Condition.USABLE),
        ({"wc-mirror": "S3"}, 0, Condition.USABLE),
        ({"wc-call": "S2"}, 0, Condition.FAULTY),
        ({"wc-floor": "S1"}, 0, Condition.FAULTY),
        ({"wc-usable": "S2"}, 0, Condition.UNUSABLE),
        ({}, 5, Condition.USABLE),
        ({}, 9, Condition.UNKNOWN),
        ({"wc-call": "S2"}, 9, Condition.FAULTY),  # nobody has seen it mended
        ({}, None, Condition.UNKNOWN),
        ({"wc-usable": "S2"}, None, Condition.UNUSABLE),
    ],
)
def test_faults_stay_and_good_news_ages(
    open_faults: dict[str, str], years: int | None, condition: Condition
) -> None:
    seen = None if years is None else DAY
    now = DAY.replace(year=DAY.year + (years or 0))
    assert condition_now(open_faults, seen, now) is condition


def test_a_visit_is_full_from_half_of_its_items_on() -> None:
    assert [is_full(*one) for one in ((19, 40), (20, 40), (0, 0))] == [False, True, False]
    poor = Visit(uuid4(), DAY, asked=40, checked=3, passed=3, failed={})
    good = Visit(uuid4(), DAY, asked=4, checked=4, passed=2, failed={"wc-mirror": "S3"})
    assert (poor.condition, poor.rate) == (Condition.UNKNOWN, 100)
    assert (good.condition, good.rate) == (Condition.USABLE, 66)
    assert Visit(uuid4(), DAY, 4, 0, 0, {}).rate is None


def test_the_items_that_close_a_place_are_asked() -> None:
    asked = {item.id for name in ("public-toilet", "kiosk") for item in get_checklist(name).items}
    assert asked >= CLOSES


def seen_in_full(app: Flask, place: UUID, day: date | None) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Facility, place).seen_day = day.toordinal() if day else None


def listed(app: Flask, seen: Seen, **more: object) -> list[UUID]:
    with app.app_context():
        chosen = FacilityFilter(seen=seen, **more)  # type: ignore[arg-type]
        rows, total = list_facilities(CITY, chosen)
        assert total == len(rows) == count_facilities(CITY, chosen)
        return [row.id for row in rows]


def test_the_list_has_what_is_due_by_how_long_it_has_been_so(app: Flask, make: Factory) -> None:
    toilet, late, road, fresh, never = (make.toilet(name=f"厕{n}") for n in range(5))
    road = make.facility(FacilityKind.ROAD)
    make.facility(FacilityKind.EVENT)
    for place, days in ((toilet, 180), (late, 400), (road, 465), (fresh, 179)):
        seen_in_full(app, place, today() - timedelta(days=days))
    assert listed(app, Seen.DUE) == [late, road, toilet]  # 220, 100 and 0 days
    assert listed(app, Seen.DUE, kind=FacilityKind.ROAD) == [road]
    assert never in listed(app, Seen.NEVER)
    assert fresh not in listed(app, Seen.NEVER)


def test_an_interval_chosen_on_screen_holds_at_once(app: Flask, make: Factory) -> None:
    toilet, office = make.toilet(), make.actor("administrator", district=None)
    seen_in_full(app, toilet, today() - timedelta(days=60))
    assert listed(app, Seen.DUE) == []
    with app.app_context(), transaction():
        choose("revisit_toilet", 45, "创建期间看得勤一些。", office)
    assert listed(app, Seen.DUE) == [toilet]
    with app.app_context(), transaction():
        choose("revisit_toilet", 0, "不定期。", office)
    assert listed(app, Seen.DUE) == listed(app, Seen.NEVER) == []


def test_a_full_visit_is_noted_and_a_hasty_one_is_not(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place, inspector = make.facility(FacilityKind.KIOSK), make.actor()
    items = get_checklist("kiosk").items
    make.inspection(place, inspector, {"ks-working": Answer.of(True)}, checklist="kiosk")
    assert _seen_on(app, place) is None
    some = {item.id: Answer.of(True) for item in items if item.type == "yesno"}
    with at(datetime(2018, 6, 1, 20, tzinfo=UTC)):  # 2 June in Ziyang
        make.inspection(place, inspector, some, checklist="kiosk")
    assert _seen_on(app, place) == date(2018, 6, 2)
    with app.app_context():
        aged = aged_answers(place, date(2026, 6, 3))
        assert set(aged) >= {Age.UNKNOWN}
    page = signed_in("coordinator").get(f"/facilities/{place}").get_data(as_text=True)
    assert "超过 8 年，按不明算" in page and "不明" in page and "没有查全" in page


def _seen_on(app: Flask, place: UUID) -> date | None:
    with app.app_context():
        return db.session.get_one(Facility, place).seen_on


def test_pages_say_what_is_due(app: Flask, make: Factory, signed_in: SignIn) -> None:
    place = make.toilet()
    make.inspection(place, make.actor(), NARROW_STALL)
    seen_in_full(app, place, today() - timedelta(days=190))
    office = signed_in("supervisor")
    page = office.get(f"/facilities/{place}").get_data(as_text=True)
    assert "已到期 10 天" in page and "能用，有严重问题" in page
    assert "已到期 10 天" in office.get("/facilities/?seen=due").get_data(as_text=True)
    assert "到期复查的设施" in office.get("/").get_data(as_text=True)
    assert office.get("/facilities/files/due.csv?seen=nonsense").status_code == 404


@pytest.mark.parametrize("kind", [None, FacilityKind.TOILET])
@pytest.mark.parametrize("seen", list(Seen))
def test_the_list_of_what_is_due_reads_an_index(
    app: Flask, kind: FacilityKind | None, seen: Seen
) -> None:
    with app.app_context():
        if not is_sqlite():
            pytest.skip("PostgreSQL keeps statistics")
        with plans_of_reads() as plans:
            list_facilities(CITY, FacilityFilter(seen=seen, kind=kind))
        lists = [plan for plan in plans if "policy_change" not in plan]
        assert len(lists) == 2
        for plan in lists:
            assert "ix_facility_kind_seen_day" in plan and "SCAN" not in plan, plan
