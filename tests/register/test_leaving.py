"""How a place leaves the register, comes back, or turns out to be another."""

from collections.abc import Callable
from itertools import pairwise

from flask import Flask

from audit.checklists.rules import Answer
from audit.core.db import db, transaction
from audit.facilities.models import Facility
from audit.facilities.queries import why_off_register
from audit.findings.actions import miscounted
from audit.findings.models import Finding
from audit.register.actions import merge
from tests.careful import CarefulClient
from tests.factories import ANYUE, NARROW_STALL, Factory

SignIn = Callable[..., CarefulClient]
NO_CALL = {"wc-provision": NARROW_STALL["wc-provision"], "wc-call": Answer.of("none")}


def number_of(app: Flask, facility: object) -> str:
    with app.app_context():
        return db.session.get_one(Facility, facility).number


def rules_at(app: Flask, facility: object) -> list[str]:
    with app.app_context():
        query = db.select(Finding.rule_id).where(Finding.facility_id == facility)
        return list(db.session.scalars(query.order_by(Finding.rule_id)))


def test_a_place_is_retired_with_a_reason_and_restored(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place, office = make.toilet(), signed_in("coordinator")
    where = f"/facilities/{place}"
    refused = office.send(f"{where}/retire", {"why": " "})
    assert refused.status_code == 422
    assert "请写明原因" in refused.get_data(as_text=True)
    assert office.send(f"{where}/retire", {"why": "已经拆除"}).status_code == 303
    html = office.get(where).get_data(as_text=True)
    assert "已经注销" in html and "原因：已经拆除" in html
    assert "/inspections/new?" not in html
    assert "市民广场公共厕所" not in office.get("/facilities/").get_data(as_text=True)
    assert office.send(f"{where}/restore", {}, where).status_code == 303
    assert "市民广场公共厕所" in office.get("/facilities/").get_data(as_text=True)


def test_a_place_with_open_findings_is_not_retired(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place, office = make.toilet(), signed_in("coordinator")
    make.inspection(place, make.actor(), NARROW_STALL)
    page = office.get(f"/facilities/{place}/retire").get_data(as_text=True)
    assert "还有 1 个未销号的问题" in page
    office.post(f"/facilities/{place}/retire", data={"csrf_token": office.token("/"), "why": "拆"})
    with app.app_context():
        assert db.session.get_one(Facility, place).active


def test_two_numbers_of_one_place_become_one(app: Flask, make: Factory, signed_in: SignIn) -> None:
    gone, kept = make.toilet(name="广场公厕"), make.toilet(lon=104.6277)
    make.inspection(gone, make.actor(), NARROW_STALL)
    make.inspection(kept, make.actor(), NO_CALL)
    office = signed_in("coordinator")
    sent = {"other": number_of(app, kept).lower(), "what": "merge", "why": "同一处登记了两次"}
    assert "市民广场公共厕所" in office.get(f"/facilities/{gone}/merge").get_data(as_text=True)
    assert office.send(f"/facilities/{gone}/merge", sent).status_code == 303
    assert rules_at(app, gone) == []
    assert rules_at(app, kept) == ["wc-call", "wc-stall-width"]
    old = office.get(f"/f/{number_of(app, gone)}")
    assert old.headers["Location"] == f"/facilities/{kept}"
    assert "它就是" in office.get(f"/facilities/{gone}").get_data(as_text=True)
    assert number_of(app, gone) in office.get(f"/facilities/{kept}").get_data(as_text=True)
    with app.app_context():
        assert miscounted() == 0
        place = db.session.scalars(db.select(Finding)).first()
        assert place is not None and place.lon == 104.6277


def test_the_same_open_problem_at_both_is_settled_first(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    gone, kept = make.toilet(), make.toilet(lon=104.6277)
    for place in (gone, kept):
        make.inspection(place, make.actor(), NARROW_STALL)
    sent = {"other": number_of(app, kept), "what": "merge", "why": "同一处"}
    refused = signed_in("coordinator").send(f"/facilities/{gone}/merge", sent)
    assert refused.status_code == 422
    assert "同样的未销号的问题" in refused.get_data(as_text=True)
    assert "同一处</textarea>" in refused.get_data(as_text=True)
    assert rules_at(app, gone) == ["wc-stall-width"]


def test_chosen_findings_go_to_the_part_where_they_belong(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    whole, part = make.toilet(), make.toilet(name="北侧公厕", lon=104.6277)
    make.inspection(whole, make.actor(), NARROW_STALL | NO_CALL)
    with app.app_context():
        chosen = db.session.scalars(
            db.select(Finding.number).where(Finding.rule_id == "wc-call")
        ).one()
    office = signed_in("coordinator")
    sent = {"other": number_of(app, part), "what": "move", "why": "拆成两处", "finding": chosen}
    assert office.send(f"/facilities/{whole}/merge", sent).status_code == 303
    assert (rules_at(app, whole), rules_at(app, part)) == (["wc-stall-width"], ["wc-call"])


def test_nonsense_is_refused_with_its_reason(app: Flask, make: Factory, signed_in: SignIn) -> None:
    place, far = make.toilet(), make.toilet(district=ANYUE, lon=105.3, lat=30.1)
    road = make.facility(kind="road", name="大道")  # type: ignore[arg-type]
    office = signed_in("coordinator")
    for other, what, reason in [
        ("ZY-WC-999999", "merge", "没有这个编号"),
        (number_of(app, far), "merge", "没有这个编号"),  # another district: as if it were not
        (number_of(app, place), "merge", "同一个编号"),
        (number_of(app, road), "merge", "类别不同"),
        (number_of(app, far), "", "请选一项"),
        (number_of(app, far), "move", "请选出"),
    ]:
        sent = {"other": other, "what": what, "why": "试"}
        answer = office.send(f"/facilities/{place}/merge", sent)
        assert answer.status_code == 422
        assert reason in answer.get_data(as_text=True), reason


def test_a_plate_carries_the_address_of_its_place(make: Factory, signed_in: SignIn) -> None:
    place, browser = make.toilet(name="<b>公厕</b>{{7*7}}"), signed_in("supervisor")
    html = browser.get(f"/facilities/{place}/plate").get_data(as_text=True)
    assert "<svg" in html and "&lt;b&gt;" in html
    assert "先不要打印" in html
    address = html.split('class="plate__address">')[1].split("<")[0]
    assert address.startswith("http://localhost/f/ZY-WC-")  # as the office itself has typed
    answer = browser.get(address.removeprefix("http://localhost"))
    assert answer.headers["Location"] == f"/facilities/{place}"


def test_none_of_it_reaches_another_district(app: Flask, make: Factory, signed_in: SignIn) -> None:
    place, other = make.toilet(), signed_in("coordinator", district=ANYUE)
    for path in ("plate", "retire", "merge"):
        assert other.get(f"/facilities/{place}/{path}").status_code == 404
    assert other.get(f"/f/{number_of(app, place)}").status_code == 404
    for path in ("retire", "merge", "restore"):
        sent = other.send(f"/facilities/{place}/{path}", {"why": "试"}, "/facilities/new/toilet")
        assert sent.status_code == 404


def test_a_chain_of_merges_names_the_next_place_and_the_last(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    office = make.actor("coordinator")
    chain = [make.toilet(name=name) for name in ("甲厕", "乙厕", "丙厕", "丁厕")]
    for gone, kept in pairwise(chain):
        with app.app_context(), transaction():
            first, second = (db.session.get_one(Facility, one) for one in (gone, kept))
            merge(first, second, office, "同一处")
    browser = signed_in("supervisor")
    html = browser.get(f"/facilities/{chain[0]}").get_data(as_text=True)
    assert "乙厕" in html and "那一处后来又并入" in html and "丁厕" in html
    assert "丙厕" not in html and "按“开始检查”" not in html, "nothing to press there"
    assert "那一处后来又并入" not in browser.get(f"/facilities/{chain[2]}").get_data(as_text=True)
    with app.app_context():
        why = why_off_register(db.session.get_one(Facility, chain[0]))
        assert "丁厕" in str(why), "where to inspect instead"
