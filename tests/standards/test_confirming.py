"""A clause that nobody had seen is confirmed with its page, and taken back."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from audit.checklists.loader import all_checklists, editions_of, get_checklist
from audit.checklists.rules import Answer, FacilityFacts, Verdict, judge
from audit.checklists.rules.comparing import compare
from audit.checklists.rules.confirming import doubts_of, with_confirmed
from audit.core.db import db
from audit.core.errors import NotAllowed
from audit.core.ids import new_id
from audit.facilities.rules import FacilityKind
from audit.findings.models import Finding
from audit.journal.models import JournalEntry
from audit.standards.actions import confirm_clause, withdraw_confirmation
from audit.standards.models import ClauseConfirmation
from audit.standards.queries import confirmed_keys
from audit.standards.rules import clauses_in_words
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]
WIDTH = "bs-platform-width"
SENT = {"page": "12", "note": "2022 年印刷", "sure": "yes"}


def first_clause(browser: CarefulClient) -> str:
    html = browser.get("/standards/").get_data(as_text=True)
    return re.findall(r'href="(/standards/clauses/[0-9a-f]{32})"', html)[0]


def test_what_is_confirmed_is_no_longer_in_doubt_and_asks_the_same() -> None:
    for checklist in all_checklists():
        doubts = doubts_of(checklist)
        sure = with_confirmed(checklist, frozenset(one.key for one in doubts))
        assert doubts_of(sure) == []
        assert sure.content_hash == checklist.content_hash
        assert (
            judge(sure, {}, FacilityFacts()).keys() == judge(checklist, {}, FacilityFacts()).keys()
        )
        assert all(not one.unverified or one.verdict is Verdict.HIDDEN
                   for one in judge(sure, {}, FacilityFacts()).values() if one.results)  # fmt: skip


def test_one_limit_is_confirmed_without_its_neighbour() -> None:
    checklist = next(one for one in all_checklists() if len(doubts_of(one)) > 1)
    first, *rest = doubts_of(checklist)
    left = doubts_of(with_confirmed(checklist, frozenset({first.key})))
    assert [one.key for one in left] == [one.key for one in rest]


def test_keys_are_told_apart() -> None:
    keys = [one.key for checklist in all_checklists() for one in doubts_of(checklist)]
    assert len(keys) == len(set(keys)) > 10


def test_an_administrator_confirms_with_the_page_and_takes_it_back(
    app: Flask, signed_in: SignIn
) -> None:
    office = signed_in("administrator", district=None)
    where = first_clause(office)
    refused = office.send(where, SENT | {"page": "", "sure": ""})
    assert refused.status_code == 422
    html = refused.get_data(as_text=True)
    assert "第几页" in html and "对照标准原文" in html and "2022 年印刷" in html
    assert office.send(where, SENT).status_code == 303
    with app.app_context():
        made = db.session.scalars(db.select(ClauseConfirmation)).one()
        assert (made.page, set(made.keys)) == ("12", set(confirmed_keys()))
        clause, made_id = made.clause, made.id
    page = office.get("/standards/").get_data(as_text=True)
    named = clauses_in_words(clause).zh
    assert named != clause and "第" in named, "by the names of the standards, not our codes"
    assert named in page.split('id="confirmed"')[1] and clause not in page
    assert where not in page
    assert office.get(where).status_code == 404  # nothing is left to confirm
    office.send(f"/standards/confirmations/{made_id}/withdraw", {"why": ""}, "/standards/")
    with app.app_context():
        assert confirmed_keys()
    office.send(f"/standards/confirmations/{made_id}/withdraw", {"why": "看错了表"}, "/standards/")
    assert "看错了表" in office.get("/standards/").get_data(as_text=True)
    assert office.get(where).status_code == 200
    with app.app_context():
        assert not confirmed_keys()
        told = db.select(JournalEntry.verb).where(JournalEntry.kind == "clause")
        assert db.session.scalars(told.order_by(JournalEntry.seq)).all() == ["confirm", "withdraw"]


def marks(app: Flask) -> list[bool]:
    """Of the findings about the width of a platform, the oldest first: are they in doubt?"""
    with app.app_context():
        query = db.select(Finding.unverified).where(Finding.rule_id == WIDTH)
        return list(db.session.scalars(query.order_by(Finding.number)))


def test_findings_lose_the_mark_and_new_ones_have_none(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    def found_at(lon: float) -> None:
        stop = make.facility(FacilityKind.BUS_STOP, name=f"站{lon}", lon=lon)
        make.inspection(stop, make.actor(), {WIDTH: Answer.of(1)}, checklist="bus-stop")

    found_at(104.65)
    assert marks(app) == [True]
    office = signed_in("administrator", district=None)
    for where in clauses_of(WIDTH):
        assert office.send(where, SENT).status_code == 303
    assert marks(app) == [False]
    found_at(104.66)
    assert marks(app) == [False, False]
    with app.app_context():
        made = db.session.scalars(db.select(ClauseConfirmation.id)).first()
    where = f"/standards/confirmations/{made}/withdraw"
    office.send(where, {"why": "看错了表"}, "/standards/")
    assert marks(app) == [True, True]


def clauses_of(item: str, checklist_id: str = "bus-stop") -> list[str]:
    """Where the clauses are confirmed on which an item rests."""
    first: dict[str, str] = {}
    for checklist in all_checklists():
        for one in doubts_of(checklist):
            first.setdefault(one.clause, one.key)
    doubts = doubts_of(get_checklist(checklist_id))
    wanted = {one.clause for one in doubts if one.item.id == item}
    return [f"/standards/clauses/{first[clause]}" for clause in sorted(wanted)]


def test_a_clause_that_none_of_us_has_read_is_not_shown_until_it_is_confirmed(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    """The question stands, and the law's article; the notice is named without its number."""
    place = make.facility(FacilityKind.APP, name="办事应用", url="https://example.gov.cn/app")
    make.inspection(place, make.actor(), {"ap-gesture": Answer.of(False)}, checklist="app")
    with app.app_context():
        number = db.session.scalars(db.select(Finding.number)).one()
    office = signed_in("administrator", district=None)
    numbered = "附件2 第2.2条"

    pages = {f"/inspections/new?facility={place}&checklist=app": signed_in("supervisor"),
             f"/findings/{number}": signed_in("coordinator"),
             "/standards/lists/app": office}  # fmt: skip

    def shown() -> list[bool]:
        texts = [who.get(page).get_data(as_text=True) for page, who in pages.items()]
        assert all("第32条" in text and "附件2" in text for text in texts)
        return [numbered in text for text in texts]

    assert shown() == [False, False, False]
    for where in clauses_of("ap-gesture", "app"):
        assert office.send(where, SENT).status_code == 303
    assert shown() == [True, True, True]


@pytest.mark.parametrize("role", ["supervisor", "coordinator", "department", "organisation"])
def test_others_read_and_do_not_confirm(make: Factory, signed_in: SignIn, role: str) -> None:
    reader = signed_in(role)
    html = reader.get("/standards/").get_data(as_text=True)
    assert "条文待核" in html and "/standards/clauses/" not in html
    where = first_clause(signed_in("administrator", district=None))
    assert reader.get(where).status_code == 403
    assert reader.send(where, SENT, "/account/password").status_code == 403


def test_every_list_can_be_read_item_by_item(signed_in: SignIn) -> None:
    reader = signed_in("supervisor")
    for checklist in all_checklists():
        html = reader.get(f"/standards/lists/{checklist.id}").get_data(as_text=True)
        assert all(item.ask.zh.split("？")[0][:6] in html for item in checklist.items)
    for path in ("/standards/lists/none", "/standards/lists/road?edition=1999.1",
                 "/standards/lists/road?against=x"):  # fmt: skip
        assert reader.get(path).status_code == 404


def test_an_edition_is_compared_with_the_one_before(signed_in: SignIn) -> None:
    new, *_between, old = editions_of("public-building")
    found = compare(get_checklist("public-building", old), get_checklist("public-building", new))
    before = len(get_checklist("public-building", old).items)
    assert len(found.added) == len(get_checklist("public-building").items) - before > 0
    assert found.same + len(found.changed) == before and not found.gone
    html = signed_in("supervisor").get(f"/standards/lists/public-building?against={old}")
    page = html.get_data(as_text=True)
    assert f"新增 {len(found.added)} 项" in page
    light = [one for one in found.changed if one.what == ("help",)]
    assert f"只改了说明的 {len(light)} 项" in page
    assert f"改动 {len(found.changed) - len(light)} 项" in page
    was, now = page.split("原来要求：")[1].split("现在要求：")[:2]
    assert "建筑类别为教育时" in was and "建筑类别为教育或特殊教育时" in now.split("</ul>")[0]
    same = compare(get_checklist("road"), get_checklist("road"))
    assert (same.added, same.gone, same.changed, same.same) == ((), (), (), 40)


def test_a_district_administrator_settles_no_clause_of_the_city(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    city, local = signed_in("administrator", district=None), signed_in("administrator")
    where = first_clause(city)
    assert "/standards/clauses/" not in local.get("/standards/").get_data(as_text=True)
    assert local.get(where).status_code == 403
    assert local.send(where, SENT, "/account/password").status_code == 403
    city.send(where, SENT, where)
    with app.app_context():
        made = db.session.scalars(db.select(ClauseConfirmation)).one()
    shown = local.get("/standards/").get_data(as_text=True)
    assert "/standards/confirmations/" not in shown
    gone = f"/standards/confirmations/{made.id}/withdraw"
    assert local.send(gone, {"why": "x"}, "/account/password").status_code == 403
    actor = make.actor("administrator")
    with app.app_context():
        with pytest.raises(NotAllowed):
            confirm_clause(new_id(), "x", ["y"], "1", "", actor)
        with pytest.raises(NotAllowed):
            withdraw_confirmation(db.session.get_one(ClauseConfirmation, made.id), "x", actor)
