"""Owner, manager, user and contractor of a place: registered, seen from both sides, ended."""

import re
from collections.abc import Callable

from flask import Flask

from audit.core.db import db
from audit.duties.models import FacilityDuty
from audit.facilities.models import Facility
from audit.journal.models import JournalEntry
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory

SignIn = Callable[..., CarefulClient]


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(FacilityDuty)) or 0


def test_one_organisation_may_stand_to_a_place_in_several_roles(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    owner, place = make.organisation("区市政公司", district=YANJIANG), make.toilet()
    browser, page = signed_in("coordinator"), f"/facilities/{place}/organisations"
    for duty in ("owner", "manager"):
        typed = {"organisation": str(owner), "duty": duty, "note": "合同 2025-7"}
        assert browser.send(page, typed).status_code == 303
    shown = browser.get(f"/facilities/{place}").get_data(as_text=True)
    assert "所有权人" in shown and "管理人" in shown and "合同 2025-7" in shown
    assert "登记有关的单位" in shown and "所有权人：区市政公司" in shown
    other_side = browser.get(f"/organisations/{owner}").get_data(as_text=True)
    assert f"/facilities/{place}" in other_side and "所有权人" in other_side
    assert "责任单位</span>" not in other_side.split("与它有关的设施")[1].split("下属部门")[0]


def test_who_must_fix_stays_who_it_was(app: Flask, make: Factory, signed_in: SignIn) -> None:
    fixer, owner = make.organisation(district=YANJIANG), make.organisation(district=YANJIANG)
    place = make.toilet(organisation=fixer)
    browser, page = signed_in("coordinator"), f"/facilities/{place}/organisations"
    browser.send(page, {"organisation": str(owner), "duty": "owner"})
    with app.app_context():
        assert db.session.get_one(Facility, place).organisation_id == fixer
    html = browser.get(f"/organisations/{fixer}").get_data(as_text=True)
    assert "责任单位" in html.split("与它有关的设施")[1].split("下属部门")[0]


def test_a_duty_ends_and_the_record_keeps_it(app: Flask, make: Factory, signed_in: SignIn) -> None:
    owner, place = make.organisation("旧业主", district=YANJIANG), make.toilet()
    browser, page = signed_in("coordinator"), f"/facilities/{place}/organisations"
    browser.send(page, {"organisation": str(owner), "duty": "owner"})
    [remove] = re.findall(r'action="([^"]+/remove)"', browser.get(page).get_data(as_text=True))
    assert browser.send(remove, {}, page).status_code == 303
    assert count(app) == 0
    shown = browser.get(f"/facilities/{place}").get_data(as_text=True)
    assert "取消有关的单位" in shown and "所有权人：旧业主" in shown
    assert browser.send(remove, {}, page).status_code == 404, "twice"


def test_what_is_wrong_is_said_and_nothing_registered(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    owner, away = make.organisation(district=YANJIANG), make.organisation(district=ANYUE)
    place = make.toilet()
    browser, page = signed_in("coordinator"), f"/facilities/{place}/organisations"
    good = {"organisation": str(owner), "duty": "owner", "note": "甲方"}
    wrong = (
        ({"organisation": ""}, "请从列表中选一项"), ({"organisation": "x"}, "请从列表中选一项"),
        ({"organisation": str(away)}, "请从列表中选一项"), ({"duty": ""}, "请从列表中选一项"),
        ({"duty": "king"}, "请从列表中选一项"), ({"note": "长" * 201}, "最多 200 个字"),
    )  # fmt: skip
    for change, said in wrong:
        answer = browser.send(page, {**good, **change})
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422 and said in html, change
        assert "note" in change or "甲方" in html
    assert count(app) == 0
    browser.send(page, good)
    again = browser.send(page, good)
    assert again.status_code == 422 and "已经以这个身份登记" in again.get_data(as_text=True)
    assert count(app) == 1


def test_another_districts_place_is_not_there(app: Flask, make: Factory, signed_in: SignIn) -> None:
    owner = make.organisation(district=YANJIANG)
    mine, theirs = make.toilet(), make.toilet(district=ANYUE)
    home, away = signed_in("coordinator"), signed_in("coordinator", district=ANYUE)
    page = f"/facilities/{mine}/organisations"
    home.send(page, {"organisation": str(owner), "duty": "owner"})
    [remove] = re.findall(r'action="([^"]+/remove)"', home.get(page).get_data(as_text=True))
    typed = {"organisation": str(owner), "duty": "user"}
    assert away.get(page).status_code == 404
    assert away.send(page, typed, "/people/new").status_code == 404
    assert away.send(remove, {}, "/people/new").status_code == 404
    crossed = remove.replace(str(mine), str(theirs))
    assert away.send(crossed, {}, "/people/new").status_code == 404
    assert count(app) == 1


def test_the_page_of_an_organisation_shows_only_places_that_one_may_see(
    make: Factory, signed_in: SignIn
) -> None:
    city = make.organisation("市政公司")
    make.toilet(name="近处公厕", organisation=city)
    make.toilet(name="远处公厕", organisation=city, district=ANYUE)
    html = signed_in("coordinator").get(f"/organisations/{city}").get_data(as_text=True)
    assert "近处公厕" in html and "远处公厕" not in html


def test_who_only_looks_changes_nothing(make: Factory, signed_in: SignIn) -> None:
    place = make.toilet()
    for role in ("supervisor", "department", "planner"):
        browser = signed_in(role)
        assert browser.get(f"/facilities/{place}/organisations").status_code == 403
        assert "登记和修改" not in browser.get(f"/facilities/{place}").get_data(as_text=True)


def test_duties_follow_a_place_that_is_merged_and_none_is_doubled(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    me = make.actor("coordinator")
    both, one = make.organisation("甲单位"), make.organisation("乙单位")
    gone, kept = make.toilet(name="老公厕"), make.toilet(name="公厕")
    for place, whose in ((gone, both), (gone, one), (kept, both)):
        make.duty(place, whose, me)
    browser, where = signed_in("coordinator"), f"/facilities/{gone}/merge"
    with app.app_context():
        number = db.session.get_one(Facility, kept).number
    sent = {"what": "merge", "other": number, "why": "同一处"}
    assert browser.send(where, sent, where).status_code == 303
    with app.app_context():
        rows = db.session.scalars(db.select(FacilityDuty)).all()
        assert {row.facility_id for row in rows} == {kept}
        assert sorted(row.organisation.name for row in rows) == ["乙单位", "甲单位"]
        told = db.session.execute(
            db.select(JournalEntry.subject_id, JournalEntry.verb)
            .where(JournalEntry.verb.in_(("give_duty", "end_duty")))
            .order_by(JournalEntry.seq)
        ).all()
    assert sorted(told[3:]) == sorted(
        [(str(kept), "give_duty"), (str(gone), "end_duty"), (str(gone), "end_duty")]
    )
