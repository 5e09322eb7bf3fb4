"""Re-checks: by others than the fixer and the finder, at the spot, with a verdict and a picture."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from audit.accounts.models import User
from audit.checklists.rules import Answer
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.findings import actions
from audit.findings.models import Finding
from audit.findings.rules import State
from audit.inspections.models import Inspection, InspectionAnswer
from audit.photos.models import Photo
from tests.factories import ANYUE, PASSWORD, Factory, Person
from tests.inspections.conftest import BLIND, Visitor, picture
from tests.unchanged import nothing_written

Come = Callable[..., Visitor]
WIDE, NARROW = {"wc-stall-width": "1500"}, {"wc-stall-width": "1400"}


def shown() -> dict[str, Any]:
    return {"photos.wc-stall-width": picture(9)}


@pytest.fixture
def fixed(make: Factory) -> str:
    """The number of a finding that its owner says is fixed."""
    return make.fixed()


def state_of(app: Flask, make: Factory, number: str) -> State:
    with app.app_context():
        return make.finding_named(number).state


def test_a_wide_stall_closes_the_finding(
    app: Flask, make: Factory, visitor: Come, fixed: str
) -> None:
    inspection = new_id()
    answer = visitor().recheck(fixed, {**WIDE, **shown(), "note": "已复测"}, inspection)
    assert answer.headers["Location"] == f"/inspections/{inspection}"
    assert state_of(app, make, fixed) is State.CLOSED
    with app.app_context():
        finding = make.finding_named(fixed)
        last = finding.events[-1]
        assert (last.verb, last.why) == ("pass_recheck", "已复测")
        assert last.detail["found_in"] == str(inspection) and len(last.photos) == 1
        kept = db.session.get_one(Inspection, inspection)
        assert (kept.round, kept.verifies_id) == (2, finding.id)
        rows = db.session.scalars(
            db.select(InspectionAnswer).where(InspectionAnswer.inspection_id == inspection)
        ).all()
        assert [(row.item_id, row.verdict) for row in rows] == [("wc-stall-width", "pass")]


def test_a_stall_still_narrow_sends_it_back_and_counts_the_rounds(
    app: Flask, make: Factory, visitor: Come, fixed: str
) -> None:
    first, second = new_id(), new_id()
    assert visitor().recheck(fixed, {**NARROW, **shown()}, first).status_code == 303
    assert state_of(app, make, fixed) is State.REOPENED
    with app.app_context():
        owner = make.finding_named(fixed).organisation_id
    fixer = make.actor("organisation", organisation=owner)
    photo = make.photo(fixer, 2)
    with app.app_context(), transaction():
        actions.report_fixed(make.finding_named(fixed), fixer, "再次拓宽", [photo])
    new = {"photos.wc-stall-width": picture(10)}
    assert visitor().recheck(fixed, {**WIDE, **new}, second).status_code == 303
    assert state_of(app, make, fixed) is State.CLOSED
    with app.app_context():
        rounds = [db.session.get_one(Inspection, one).round for one in (first, second)]
        assert rounds == [2, 3]
        assert db.session.scalar(db.select(db.func.count()).select_from(Finding)) == 1


@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        (WIDE, "photos.wc-stall-width", "这一项需要照片"),
        (NARROW, "photos.wc-stall-width", "这一项需要照片"),
        ({"photos.wc-stall-width": picture(1)}, "wc-stall-width", "复查必须对这一项作出判断"),
        ({"state.wc-stall-width": "unchecked"}, "wc-stall-width", "复查必须对这一项作出判断"),
        ({"state.wc-stall-width": "na", "note.wc-stall-width": "拆了"}, "wc-stall-width",
         "复查必须对这一项作出判断"),
        ({"wc-stall-width": "wide"}, "wc-stall-width", "不是长度"),
        ({"wc-stall-width": "-5"}, "wc-stall-width", "不是长度"),
        ({"wc-latch": "yes"}, "wc-stall-width", "复查必须对这一项作出判断"),
    ],
    ids=lambda value: ascii(value)[:40],
)  # fmt: skip
def test_without_verdict_or_picture_nothing_is_closed(
    app: Flask, make: Factory, visitor: Come, fixed: str, answers: dict[str, Any], field: str,
    said: str,
) -> None:  # fmt: skip
    someone = visitor()
    with nothing_written(app, "photo", "journal_entry", "journal_head"):
        answer = someone.recheck(fixed, answers)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html and f'href="#{field}"' in html
    assert state_of(app, make, fixed) is State.FIXED


def test_who_cannot_take_a_picture_says_why(
    app: Flask, make: Factory, visitor: Come, fixed: str
) -> None:
    answer = visitor().recheck(fixed, {**WIDE, "no_photo_reason": BLIND})
    assert answer.status_code == 303
    assert state_of(app, make, fixed) is State.CLOSED


def test_an_item_is_judged_on_the_answers_beside_which_it_was_found(
    app: Flask, make: Factory, visitor: Come, fixed: str
) -> None:
    """The stall is asked for only where there are stalls, which the re-check does not repeat; a
    later visit that looked at the door alone says nothing about stalls."""
    with app.app_context():
        place = make.finding_named(fixed).facility_id
    later = {"wc-door-width": Answer.of(900)}
    make.inspection(place, make.actor("supervisor"), later)
    assert visitor().recheck(fixed, {**WIDE, **shown()}).status_code == 303
    assert state_of(app, make, fixed) is State.CLOSED


def test_only_the_item_itself_is_asked_again(visitor: Come, fixed: str) -> None:
    html = visitor().browser.get(f"/inspections/recheck/{fixed}").get_data(as_text=True)
    assert 'name="wc-stall-width"' in html and 'name="wc-door-width"' not in html
    assert "复查需要照片" in html
    assert 'value="na"' not in html, "a re-check must judge"


def test_other_answers_sent_with_it_are_not_counted(
    app: Flask, make: Factory, visitor: Come, fixed: str
) -> None:
    answer = visitor().recheck(fixed, {**WIDE, **shown(), "wc-door-width": "10", "wc-latch": "no"})
    assert answer.status_code == 303
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Finding)) == 1


def test_the_same_recheck_twice_is_one(
    app: Flask, make: Factory, visitor: Come, fixed: str
) -> None:
    someone, inspection = visitor(), new_id()
    first = someone.recheck(fixed, {**WIDE, **shown()}, inspection)
    with nothing_written(app):
        again = someone.recheck(fixed, {**WIDE, **shown()}, inspection)
        other = someone.recheck(fixed, {**NARROW, **shown()}, inspection)
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert other.status_code == 409
    assert state_of(app, make, fixed) is State.CLOSED


def test_a_recheck_is_kept_as_a_draft_and_gone_on_with(
    app: Flask, make: Factory, visitor: Come, fixed: str
) -> None:
    someone, inspection = visitor(), new_id()
    saved = someone.recheck(fixed, {"wc-stall-width": "15"}, inspection, action="draft")
    assert saved.status_code == 303
    html = someone.browser.get(saved.headers["Location"]).get_data(as_text=True)
    assert 'value="15"' in html and f'name="verifies" value="{fixed}"' in html
    assert state_of(app, make, fixed) is State.FIXED
    assert someone.recheck(fixed, {**WIDE, **shown()}, inspection).status_code == 303
    assert state_of(app, make, fixed) is State.CLOSED


def refused(app: Flask, someone: Visitor, number: str, status: int, said: str) -> None:
    """Neither form nor filing, and no picture is taken in for nothing."""
    with nothing_written(app):
        shown_page = someone.browser.get(f"/inspections/recheck/{number}")
        for action in ("file", "draft"):
            sent = someone.recheck(number, {**WIDE, **shown()}, action=action)
            assert sent.status_code == status
            assert said in sent.get_data(as_text=True)
    assert shown_page.status_code == status
    with app.app_context():
        assert (
            db.session.scalar(
                db.select(db.func.count())
                .select_from(Photo)
                .where(Photo.uploaded_by_id == someone.person.id)
            )
            == 0
        )


def test_whoever_found_it_does_not_recheck_it(app: Flask, make: Factory, fixed: str) -> None:
    refused(app, finder_of(app, make, fixed), fixed, 403, "复查需由首次检查人以外的人进行")


def finder_of(app: Flask, make: Factory, number: str) -> Visitor:
    """Whoever inspected the place first, in a browser."""
    with app.app_context():
        finder = db.session.get_one(User, make.finding_named(number).found_by_id)
        person = Person(finder.id, finder.login, PASSWORD, None)
    browser = app.test_client()
    browser.hold(make.session_of(person))  # type: ignore[attr-defined]
    return Visitor(person, browser)  # type: ignore[arg-type]


def test_the_organisation_that_fixed_it_does_not_recheck_it(
    app: Flask, make: Factory, visitor: Come, fixed: str
) -> None:
    with app.app_context():
        owner = make.finding_named(fixed).organisation_id
    insider = visitor("supervisor", organisation=owner)
    refused(app, insider, fixed, 403, "整改的人或单位不能自己复查销号")


def test_a_fixer_by_role_does_not_recheck_anything(
    app: Flask, make: Factory, visitor: Come, fixed: str
) -> None:
    with app.app_context():
        owner = make.finding_named(fixed).organisation_id
    refused(app, visitor("organisation", organisation=owner), fixed, 403, "没有做这件事的权限")


def test_a_person_of_another_district_does_not_find_it(
    app: Flask, visitor: Come, fixed: str
) -> None:
    refused(app, visitor("supervisor", district=ANYUE), fixed, 404, "没有找到这一页")


@pytest.mark.parametrize("role", ["department", "planner", "assessor"])
def test_a_role_that_only_looks_does_not_recheck(
    app: Flask, visitor: Come, fixed: str, role: str
) -> None:
    refused(app, visitor(role), fixed, 403, "没有做这件事的权限")


def test_what_is_not_said_to_be_fixed_is_not_rechecked(
    app: Flask, make: Factory, visitor: Come
) -> None:
    said = "这个问题的状态已经变化，这一步现在不能做"
    refused(app, visitor(), make.finding(), 409, said)
    refused(app, visitor(), make.dispatched(make.organisation()), 409, said)


def test_what_is_closed_already_is_not_rechecked_again(
    app: Flask, make: Factory, visitor: Come, fixed: str
) -> None:
    visitor().recheck(fixed, {**WIDE, **shown()})
    refused(app, visitor(), fixed, 409, "这个问题的状态已经变化")


def test_the_finder_may_recheck_where_the_setting_says_so(
    app: Flask, make: Factory, fixed: str
) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(
        update={"recheck_by_other_inspector": False}
    )
    assert finder_of(app, make, fixed).recheck(fixed, {**WIDE, **shown()}).status_code == 303
    assert state_of(app, make, fixed) is State.CLOSED
