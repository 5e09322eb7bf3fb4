"""A mistaken inspection is withdrawn: it stays to be read and counts nowhere."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask

from audit.core.clock import today
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.findings import actions
from audit.findings.models import Finding
from audit.findings.rules import State, Verb, replay
from audit.fsck import fsck
from audit.inspections.models import Inspection
from audit.inspections.queries import aged_answers, inspections_of
from audit.journal.models import JournalEntry
from tests.at_once import Pair
from tests.careful import CarefulClient
from tests.factories import ANYUE, NARROW_STALL, Factory
from tests.inspections.conftest import BLIND, Visitor
from tests.unchanged import nothing_written

Come = Callable[..., Visitor]
SignIn = Callable[..., CarefulClient]
WHY = "量的是另一间厕所"
NARROW = {"wc-provision": ["male_stall", "female_stall"], "wc-stall-width": "1400"}


def visit_of(visitor: Visitor, place: UUID) -> UUID:
    visit = new_id()
    assert visitor.file(place, NARROW, visit).status_code == 303
    return visit


def withdraw(someone: CarefulClient, visit: UUID, why: str = WHY) -> tuple[int, str]:
    page = f"/inspections/{visit}/withdraw"
    answer = someone.post(page, data={"csrf_token": someone.token("/help"), "why": why})
    return answer.status_code, answer.get_data(as_text=True)


def findings(app: Flask) -> list[tuple[str, State, int]]:
    with app.app_context():
        found = db.session.scalars(db.select(Finding)).all()
        assert all(replay(e.told() for e in one.events) == one.life() for one in found)
        return [(one.number, one.state, one.times_found) for one in found]


def test_what_only_it_found_is_withdrawn_with_it(app: Flask, make: Factory, visitor: Come) -> None:
    place, mine = make.toilet(), visitor()
    visit = visit_of(mine, place)
    preview = mine.browser.get(f"/inspections/{visit}/withdraw").text
    assert "只有这次检查发现：一起撤回" in preview
    assert withdraw(mine.browser, visit)[0] == 303
    assert [one[1] for one in findings(app)] == [State.WITHDRAWN]
    with app.app_context():
        kept = db.session.get_one(Inspection, visit)
        assert (kept.withdrawn_by_id, kept.withdrawn_why) == (mine.person.id, WHY)
        entry = db.session.scalars(
            db.select(JournalEntry).where(
                JournalEntry.verb == "withdraw", JournalEntry.kind == "inspection"
            )
        ).one()
        assert entry.why == WHY and entry.subject_id == str(visit)
        assert [line for line in fsck() if "orphaned" not in line] == []


def test_it_counts_nowhere(app: Flask, make: Factory, visitor: Come) -> None:
    place, mine = make.toilet(), visitor()
    visit = visit_of(mine, place)
    with app.app_context(), transaction():
        db.session.get_one(Facility, place).seen_day = today().toordinal()
    assert withdraw(mine.browser, visit)[0] == 303
    with app.app_context():
        someone = make.actor("coordinator")
        assert db.session.get_one(Facility, place).seen_day is None
        assert inspections_of(place, someone) == []
        assert aged_answers(place, today()) == {}
    listed = mine.browser.get("/inspections/").text
    assert "已撤回，不算数" in listed and "已撤回的检查" in listed
    shown = mine.browser.get(f"/inspections/{visit}").text
    assert "这次检查已撤回，不再算数" in shown and WHY in shown
    assert "等残联核实" not in shown and f"/inspections/{visit}/withdraw" not in shown


def test_what_others_found_too_stays_as_they_found_it(
    app: Flask, make: Factory, visitor: Come
) -> None:
    place, mine, other = make.toilet(), visitor(), visitor()
    visit_of(other, place)
    visit = new_id()
    assert mine.file(place, NARROW | {"wc-stall-width": "1300"}, visit).status_code == 303
    assert "别的检查也发现" in mine.browser.get(f"/inspections/{visit}/withdraw").text
    assert withdraw(mine.browser, visit)[0] == 303
    assert [one[1:] for one in findings(app)] == [(State.REPORTED, 1)]
    with app.app_context():
        assert "1,400" in str(db.session.scalars(db.select(Finding.facts)).one())


def test_what_was_dispatched_is_not_taken_away_from_its_organisation(
    app: Flask, make: Factory, visitor: Come
) -> None:
    owner, mine = make.organisation(), visitor()
    visit = visit_of(mine, make.toilet())
    number = findings(app)[0][0]
    office, department = make.actor("coordinator"), make.actor("department")
    with app.app_context(), transaction():
        finding = make.finding_named(number)
        actions.act(finding, Verb.CONFIRM, office)
        actions.dispatch(finding, department, owner)
    with nothing_written(app):
        status, html = withdraw(mine.browser, visit)
    assert status == 409
    assert f"问题 {number} 已经派单或并案" in html and WHY in html
    assert findings(app)[0][1] is State.DISPATCHED


def test_only_its_inspector_and_the_coordinator_withdraw(
    app: Flask, make: Factory, visitor: Come, signed_in: SignIn
) -> None:
    mine = visitor()
    visit = visit_of(mine, make.toilet())
    colleague, department = visitor().browser, signed_in("department")
    far = [visitor(district=ANYUE).browser, signed_in("coordinator", district=ANYUE)]
    with nothing_written(app):
        assert withdraw(colleague, visit)[0] == 403
        assert withdraw(department, visit)[0] == 403
        assert [withdraw(one, visit)[0] for one in far] == [404, 404]
        status, html = withdraw(mine.browser, visit, " ")
    assert status == 422 and "请写明这次检查哪里有误" in html
    assert withdraw(signed_in("coordinator"), visit)[0] == 303


def test_of_two_tabs_one_is_told_and_keeps_its_words(
    app: Flask, make: Factory, visitor: Come
) -> None:
    mine = visitor()
    visit = visit_of(mine, make.toilet())
    assert withdraw(mine.browser, visit)[0] == 303
    with nothing_written(app):
        status, html = withdraw(mine.browser, visit, "第二个标签页写的")
    assert status == 409 and "已经撤回" in html and "第二个标签页写的</textarea>" in html


def test_of_two_that_withdraw_at_once_one_is_told(make: Factory, signed_in: SignIn) -> None:
    visit = make.inspection(make.toilet(), make.actor("supervisor"), NARROW_STALL)
    pair = Pair(signed_in("coordinator"), signed_in("coordinator"))
    page = f"/inspections/{visit}/withdraw"
    assert pair.at_once((page, {"why": "一"}), (page, {"why": "二"})) == [303, 409]


def test_its_form_is_not_opened_again(app: Flask, make: Factory, visitor: Come) -> None:
    place, mine = make.toilet(), visitor()
    visit = visit_of(mine, place)
    withdraw(mine.browser, visit)
    assert mine.browser.get(f"/inspections/{visit}/edit").status_code == 303
    with nothing_written(app):
        again = mine.file(place, NARROW | {"wc-stall-width": "1500"}, visit)
    assert again.status_code == 422 or again.status_code == 409


def test_a_recheck_is_not_withdrawn(app: Flask, make: Factory, visitor: Come) -> None:
    mine, visit, number = visitor(), new_id(), make.fixed()
    assert mine.recheck(number, {"wc-stall-width": "1500", "no_photo_reason": BLIND}, visit)
    status, html = withdraw(mine.browser, visit)
    assert status == 409 and "复查不能撤回" in html
    with app.app_context():
        assert make.finding_named(number).state is State.CLOSED
