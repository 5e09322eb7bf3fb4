"""A date of works that is known as a year: kept as such, shown as such, judged as such."""

from collections.abc import Callable
from datetime import date

from alembic import command
from flask import Flask

from audit.checklists.rules import Works
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.facilities.rules import read_span, span_text
from audit.findings.models import Finding
from audit.inspections.models import Inspection
from audit.setup import alembic_config, migrate
from tests.careful import CarefulClient
from tests.factories import NARROW_STALL, YANJIANG, Factory

SignIn = Callable[..., CarefulClient]
BEFORE = "202611240901"


def test_what_is_read_is_written_again_as_it_was() -> None:
    for written in ("2022", "2022-03", "2024-02", "2022-12", "2022-01-01", "2022-12-31"):
        first, last = read_span(written) or (None, None)
        assert first is not None and (last is None or first < last)
        assert span_text(first, last) == written
    assert read_span("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))


def test_a_building_of_2022_is_of_unknown_age_for_the_code_of_that_year(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    browser, place = signed_in("coordinator"), new_id()
    page = "/facilities/new/toilet"
    typed = {
        "name": "公厕", "district": YANJIANG, "lon": "104.6", "lat": "30.1", "built_on": "2022",
    }  # fmt: skip
    assert browser.send(f"{page}/{place}", typed, page).status_code == 303
    html = browser.get(f"/facilities/{place}").get_data(as_text=True)
    assert "2022（具体日期不明）" in html and "2022-01-01" not in html
    assert 'value="2022"' in browser.get(f"/facilities/{place}/edit").get_data(as_text=True)
    visit = make.inspection(place, make.actor("supervisor"), NARROW_STALL)
    with app.app_context():
        assert db.session.get_one(Facility, place).judged_facts().works is Works.UNKNOWN
        kept = db.session.get_one(Inspection, visit)
        assert kept.facts["built_on"] == "2022"
        found = db.select(Finding.outcome).where(Finding.facility_id == place)
        assert db.session.scalars(found).one() == "below"


def test_a_finding_says_that_the_date_is_wanted_and_a_new_visit_judges_by_it(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place, actor = make.toilet(), make.actor("supervisor")
    with app.app_context(), transaction() as session:
        facility = session.get_one(Facility, place)
        facility.built_on, facility.built_by = date(2022, 1, 1), date(2022, 12, 31)
    make.inspection(place, actor, NARROW_STALL)
    browser, wanted = signed_in("coordinator"), "建成或改造时间只登记到 2022，分不清在强制标准实施"
    with app.app_context():
        number = db.session.scalars(db.select(Finding.number)).one()
    assert wanted in browser.get(f"/findings/{number}").get_data(as_text=True)
    with app.app_context(), transaction() as session:
        facility = session.get_one(Facility, place)
        facility.built_on, facility.built_by = date(2022, 6, 1), None
    make.inspection(place, actor, NARROW_STALL)
    html = browser.get(f"/findings/{number}").get_data(as_text=True)
    assert "不符合强制标准" in html and wanted not in html


def test_first_days_of_a_year_from_before_are_taken_for_the_year(app: Flask, make: Factory) -> None:
    year, day = make.toilet(built_on=date(2022, 1, 1)), make.toilet(built_on=date(2022, 1, 2))
    with app.app_context():
        command.downgrade(alembic_config(), BEFORE)
        migrate()
        with transaction():
            assert db.session.get_one(Facility, year).built == "2022"
            assert db.session.get_one(Facility, day).built == "2022-01-02"
