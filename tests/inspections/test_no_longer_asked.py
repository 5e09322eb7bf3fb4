"""A finding whose item the facility's corrected facts have ruled out."""

from collections.abc import Callable

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings import actions
from audit.findings.models import Finding
from audit.findings.rules import Verb
from audit.journal.queries import entries_about
from tests.careful import CarefulClient
from tests.factories import Factory
from tests.findings.test_page import main_buttons
from tests.inspections.conftest import BLIND, Visitor
from tests.unchanged import nothing_written

Come = Callable[..., Visitor]
SignIn = Callable[..., CarefulClient]
GONE = "这一项在这里不再适用"


@pytest.fixture
def ruled_out(app: Flask, make: Factory, visitor: Come) -> str:
    """Said to be fixed; the hospital then turns out to be an office, whose main entrance nobody
    asks about."""
    place = make.facility(FacilityKind.BUILDING, facts={"branch": "hospital"})
    sent = {"pb-entrance-type": "level", "pb-entrance-main": "no"}
    assert visitor().file(place, sent, checklist="public-building").status_code == 303
    owner = make.organisation()
    coordinator, department = make.actor("coordinator"), make.actor("department")
    fixer = make.actor("organisation", organisation=owner)
    photo = make.photo(fixer)
    with app.app_context():
        found = db.select(Finding).where(Finding.rule_id == "pb-entrance-main")
        with transaction():
            actions.act(db.session.scalars(found).one(), Verb.CONFIRM, coordinator)
        with transaction():
            actions.dispatch(db.session.scalars(found).one(), department, owner)
        with transaction():
            actions.report_fixed(db.session.scalars(found).one(), fixer, "改好了", [photo])
        with transaction() as session:
            session.get_one(Facility, place).facts = {"branch": "office"}
        return str(db.session.scalars(found).one().number)


def read(browser: CarefulClient, where: str) -> str:
    return browser.get(where).get_data(as_text=True)


def test_the_recheck_says_so_and_offers_no_form(visitor: Come, ruled_out: str) -> None:
    html = read(visitor().browser, f"/inspections/recheck/{ruled_out}")
    assert GONE in html and "pb-entrance-main" not in html
    assert f'href="/findings/{ruled_out}"' in html
    page = read(visitor().browser, f"/findings/{ruled_out}")
    assert GONE in page and "去复查" not in page


def test_a_recheck_sent_all_the_same_is_refused_with_the_reason(
    app: Flask, make: Factory, visitor: Come, ruled_out: str
) -> None:
    someone = visitor()
    with nothing_written(app):
        answer = someone.recheck(ruled_out, {"pb-entrance-main": "yes", "no_photo_reason": BLIND})
    assert answer.status_code == 422 and GONE in answer.get_data(as_text=True)


def test_the_coordinator_closes_it_with_a_reason(
    app: Flask, make: Factory, signed_in: SignIn, ruled_out: str
) -> None:
    browser, page = signed_in("coordinator"), f"/findings/{ruled_out}"
    assert main_buttons(read(browser, page)) == ["不再适用，销号"]
    assert browser.send(f"{page}/void", {}, page).status_code == 422
    sent = {"why": "是办公楼，登记错了"}
    assert browser.send(f"{page}/void", sent, page).status_code == 303
    assert "这个问题不再适用，已经销号" in read(browser, page)
    with app.app_context():
        finding = make.finding_named(ruled_out)
        assert finding.state == "closed"
        entry = entries_about("finding", finding.id, 1)[0]
        assert (entry.verb, entry.why) == ("void", "是办公楼，登记错了")


def test_where_the_item_is_asked_it_is_not_the_main_thing(make: Factory, signed_in: SignIn) -> None:
    html = read(signed_in("coordinator"), f"/findings/{make.fixed()}")
    assert GONE not in html and main_buttons(html) == ["去复查"]
    assert "这个问题不再适用？" in html, "a place may be gone altogether"
