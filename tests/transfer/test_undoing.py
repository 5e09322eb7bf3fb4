"""Undoing an import leaves alone what anybody has worked with; a job that fails is no dead end."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from markupsafe import escape

from audit.core.actors import SYSTEM, Actor
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.actions import draft_of
from audit.facilities.actions.halves import split_facility
from audit.facilities.models import Facility
from audit.register.actions import edit, merge
from audit.transfer.models import FacilityImport, ImportRow
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory
from tests.transfer.test_import import GOOD, SignIn, names, shown, table, try_file, work


def taken_in(app: Flask, browser: CarefulClient, rows: int) -> tuple[str, list[UUID]]:
    """The import's page, and the places as they stand in the file."""
    where = try_file(browser, table(GOOD[:rows]))
    browser.send(f"{where}/add", {}, where)
    work(app)
    with app.app_context():
        found = db.session.scalars(db.select(Facility).order_by(Facility.number)).all()
        by_name = {one.name: one.id for one in found}
    return where, [by_name[row.split(",")[0]] for row in GOOD[:rows]]


def undone(app: Flask, browser: CarefulClient, where: str) -> str:
    browser.send(f"{where}/undo", {}, where)
    work(app)
    return shown(browser, where, "kept")


def test_a_place_with_any_work_on_it_is_not_undone_and_the_row_says_why(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    browser, me = signed_in("coordinator"), make.actor("coordinator")
    works: list[tuple[str, Callable[[UUID], object]]] = [
        ("改造计划", lambda place: make.measure(place, me)),
        ("登记责任单位以外", lambda place: make.duty(place, make.organisation(), me)),
        ("已有检查", lambda place: make.draft(place, me)),
        ("有人改过", lambda place: change(app, place, me, {"name": "改名公厕"})),
        ("合并", lambda place: joined(app, make.toilet(name="另一处"), place, me)),
        ("合并", lambda place: split(app, make.toilet(name="一部分"), place, me)),
        ("有人改过", lambda place: joined(app, place, make.toilet(name="留下的"), me)),
        ("有人改过", lambda place: split(app, place, make.toilet(name="整体"), me)),
    ]
    for reason, do_work in works:
        where, (place, _other) = taken_in(app, browser, 2)
        do_work(place)
        html = undone(app, browser, where)
        assert reason in html.split("没有撤销")[0].rsplit("打开设施")[-1], reason
        with app.app_context(), transaction() as session:
            rows = session.scalars(db.select(ImportRow.state).order_by(ImportRow.line)).all()
            assert sorted(rows[-2:]) == ["kept", "undone"], reason
            session.execute(db.update(Facility).values(active=False))
            session.execute(db.delete(ImportRow))


def change(app: Flask, place: UUID, actor: Actor, facts: dict[str, Any]) -> None:
    with app.app_context(), transaction() as session:
        found = session.get_one(Facility, place)
        edit(found, replace(draft_of(found), **facts), actor)


def joined(app: Flask, gone: UUID, kept: UUID, actor: Actor) -> None:
    with app.app_context(), transaction() as session:
        merge(session.get_one(Facility, gone), session.get_one(Facility, kept), actor, "同一处")


def split(app: Flask, part: UUID, whole: UUID, actor: Actor) -> None:
    with app.app_context(), transaction() as session:
        split_facility(
            session.get_one(Facility, whole), session.get_one(Facility, part), actor, "两处"
        )


def test_a_place_that_is_now_in_another_district_is_not_undone(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    browser = signed_in("coordinator", district=YANJIANG)
    where, (place,) = taken_in(app, browser, 1)
    change(app, place, SYSTEM, {"district_code": ANYUE, "town_code": None})
    assert "不负责的区县" in undone(app, browser, where)
    assert names(app) == ["南门公厕"]


@pytest.mark.parametrize("step", ["add", "undo"])
def test_a_job_that_fails_for_good_can_be_asked_for_again(
    app: Flask, signed_in: SignIn, step: str
) -> None:
    browser = signed_in("coordinator")
    where = try_file(browser, table(GOOD[:1]))
    if step == "undo":
        browser.send(f"{where}/add", {}, where)
        work(app)
    with app.app_context(), transaction() as session:  # a row that no worker can read
        good = session.scalars(db.select(ImportRow.draft)).one()
        session.execute(db.update(ImportRow).values(draft={}, facility_id=new_id()))
    browser.send(f"{where}/{step}", {}, where)
    for _ in range(4):
        work(app)
    html = shown(browser, where)
    assert "上次没有做完" in html and "正在" not in html
    assert f"请把这个编号告诉系统管理员：{where.rsplit('/', 1)[1]}" in html
    assert f'action="{where}/{step}"' in html
    with app.app_context(), transaction() as session:
        exception = session.scalars(db.select(FacilityImport.error)).one()
        assert exception and escape(exception) not in html
        place = session.scalars(db.select(Facility.id)).first()
        session.execute(db.update(ImportRow).values(draft=good, facility_id=place or new_id()))
    assert browser.send(f"{where}/{step}", {}, where).status_code == 303
    assert "上次没有做完" not in shown(browser, where)
    work(app)
    assert names(app, active=step == "add") == ["南门公厕"]
