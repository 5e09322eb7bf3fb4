"""A preview from the page to its file, and that it leaves everything as it was."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import text

from audit.checklists.loader import get_checklist
from audit.checklists.rules import Answer
from audit.core.clock import at, now
from audit.core.db import Base, db, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.findings.models import Finding
from audit.findings.rules import Verb
from audit.inspections.actions import Filing, file_inspection
from audit.queue.models import JobRun
from audit.queue.runs import MAX_ATTEMPTS, do
from audit.rejudging import jobs
from audit.rejudging.models import Rejudging, RejudgingCount
from audit.rejudging.rules import Change, State
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory

from .editions import NEW, OLD, STRICTER, put_on_disk

SignIn = Callable[..., CarefulClient]
PAGE = "/standards/previews/"
OWN = {"rejudging", "rejudging_count", "rejudging_row", "job_run", "journal_entry",
       "journal_head", "login_session", "counter"}  # fmt: skip


@pytest.fixture(autouse=True)
def two_editions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    put_on_disk(folder, monkeypatch, *STRICTER)


def visited(make: Factory, place: UUID, width: int, **more: object) -> UUID:
    answers = {"sm-form": Answer.of("level"), "sm-width": Answer.of(width)}
    actor = make.actor("supervisor", district=None)
    with make.app.app_context(), transaction():
        filing = Filing(
            id=new_id(),
            facility=db.session.get_one(Facility, place),
            checklist=get_checklist("small", OLD),
            answers=answers | more,  # type: ignore[operator]
            started_at=now(),
        )
        return file_inspection(filing, actor).id


def previewed(app: Flask, browser: CarefulClient) -> str:
    """Where the preview of the newest edition is shown, once the worker is through."""
    answer = browser.send(f"{PAGE}start", {"edition": f"small {NEW}"}, PAGE)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    work(app)
    return answer.headers["Location"]


def work(app: Flask) -> None:
    with app.app_context():
        for run in db.session.scalars(db.select(JobRun.id).where(JobRun.state == "queued")).all():
            do(str(run))


def counted(app: Flask) -> dict[tuple[str, str, Change], tuple[int, int]]:
    with app.app_context():
        rows = db.session.scalars(db.select(RejudgingCount)).all()
        return {
            (one.item_id, one.district_code, one.change): (one.answers, one.latest) for one in rows
        }


def test_a_stricter_edition_is_previewed_by_item_and_district(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    here, there = make.toilet(name="甲公厕"), make.toilet(name="乙公厕", district=ANYUE)
    visited(make, here, 1300)
    visited(make, here, 1600)  # widened since
    fails = visited(make, there, 1400)
    office = signed_in("administrator", district=None)
    where = previewed(app, office)
    assert counted(app) == {
        ("sm-form", YANJIANG, Change.STAYS): (2, 1),
        ("sm-form", ANYUE, Change.STAYS): (1, 1),
        ("sm-width", YANJIANG, Change.FAILS): (1, 0),
        ("sm-width", YANJIANG, Change.STAYS): (1, 1),
        ("sm-width", ANYUE, Change.FAILS): (1, 1),
    }
    html = office.get(where).get_data(as_text=True)
    assert "什么也没有改变" in html and "scan-progress" not in html
    assert f"/inspections/{fails}" in html and f"/facilities/{there}" in html
    assert "甲公厕" not in html  # its latest answer stays
    everything = office.get(f"{where}?all=1&change=fails&item=sm-width").get_data(as_text=True)
    assert "甲公厕" in everything and "乙公厕" in everything
    narrowed = office.get(f"{where}?all=1&district={YANJIANG}&change=fails").get_data(as_text=True)
    assert "甲公厕" in narrowed and "乙公厕" not in narrowed
    assert office.get(f"{where}?change=nonsense").status_code == 404
    assert "乙公厕" in office.get(f"{where}?page=99").get_data(as_text=True)


def test_the_list_is_a_file_in_which_nothing_runs(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    visited(make, make.toilet(name='=HYPERLINK("x")'), 1400)
    office = signed_in("administrator", district=None)
    where = previewed(app, office)
    lines = office.get(f"{where}/changes.csv").get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "不合格,变为不合格,是" in lines[1] and "'=HYPERLINK" in lines[1]
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{where}/changes.xlsx").get_data()))
    cells = [cell.value for cell in list(book.worksheets[0].rows)[1]]
    assert cells[1] == '=HYPERLINK("x")' and book.worksheets[0]["B2"].data_type == "s"
    empty = office.get(f"{where}/changes.csv?change=passes").get_data(as_text=True)
    assert len(empty.splitlines()) == 1


def everything(app: Flask) -> dict[str, list[str]]:
    """Every row of every table that a preview has no business with."""
    with app.app_context():
        return {
            table.name: sorted(map(str, db.session.execute(text(f"SELECT * FROM {table.name}"))))
            for table in Base.metadata.sorted_tables
            if table.name not in OWN
        }


def test_a_preview_changes_nothing_but_its_own_record(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place = make.toilet()
    visited(make, place, 1400)
    visited(make, place, 1100)
    office = signed_in("administrator", district=None)
    office.get(PAGE)
    before = everything(app)
    assert before["inspection_answer"] and before["finding"]
    where = previewed(app, office)
    office.get(where)
    assert everything(app) == before


def test_what_is_filed_meanwhile_is_not_looked_at_and_a_second_try_goes_on(
    app: Flask, make: Factory, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        visited(make, make.toilet(name=f"{number} 号", lon=104.6 + number / 100), 1400)
    office = signed_in("administrator", district=None)
    monkeypatch.setattr(jobs, "PLACES", 1)
    real, calls = jobs._judge, []

    def dies_once(*given: object) -> object:
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("the worker is killed")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "_judge", dies_once)
    where = office.send(f"{PAGE}start", {"edition": f"small {NEW}"}, PAGE).headers["Location"]
    visited(make, make.toilet(lon=104.9), 1400)
    work(app)
    html = office.get(where).get_data(as_text=True)
    assert "已判 2 个答案，共 6 个" in html
    told = office.get(f"{where}/progress").json
    assert told == {"text": "已判 2 个答案，共 6 个", "is_under_way": True}
    work(app)
    assert office.get(f"{where}/progress").json == {"text": "已算完", "is_under_way": False}
    assert counted(app)["sm-width", YANJIANG, Change.FAILS] == (3, 3)
    assert len(calls) == 4


def test_one_that_fails_for_good_says_so_and_lets_the_next_begin(
    app: Flask, make: Factory, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited(make, make.toilet(), 1400)
    office = signed_in("administrator", district=None)

    def fails(*_given: object) -> None:
        raise RuntimeError("no")

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_judge", fails)
        where = office.send(f"{PAGE}start", {"edition": f"small {NEW}"}, PAGE).headers["Location"]
        assert office.send(f"{PAGE}start", {"edition": f"small {OLD}"}, PAGE).status_code == 409
        for _attempt in range(MAX_ATTEMPTS):
            work(app)
    assert "没有算完" in office.get(where).get_data(as_text=True)
    assert previewed(app, office) != where
    with app.app_context():
        states = db.session.scalars(db.select(Rejudging.state)).all()
        assert sorted(states) == [State.DONE, State.FAILED]


def test_a_re_check_stands_on_the_ground_of_what_was_found(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    place = make.toilet()
    visited(make, place, 1100)
    with app.app_context():
        number = db.session.scalars(db.select(Finding.number)).one()
    owner = make.organisation()
    bring_to_fixed(make, number, owner)
    actor = make.actor("supervisor")
    with app.app_context(), transaction():
        filing = Filing(
            id=new_id(),
            facility=db.session.get_one(Facility, place),
            checklist=get_checklist("small", OLD),
            answers={"sm-width": Answer.of(1400)},
            started_at=now(),
            verifies=make.finding_named(number),
            no_photo_reason="下雨",
        )
        file_inspection(filing, actor)
    previewed(app, signed_in("administrator", district=None))
    assert counted(app)["sm-width", YANJIANG, Change.FAILS] == (1, 1)


def bring_to_fixed(make: Factory, number: str, owner: UUID) -> None:
    from audit.findings import actions as steps

    office, department = make.actor("coordinator"), make.actor("department")
    fixer = make.actor("organisation", organisation=owner)
    photo = make.photo(fixer)
    for step in (
        lambda one: steps.act(one, Verb.CONFIRM, office),
        lambda one: steps.dispatch(one, department, owner),
        lambda one: steps.report_fixed(one, fixer, "已拓宽", [photo]),
    ):
        with make.app.app_context(), transaction():
            step(make.finding_named(number))


@pytest.mark.parametrize("chosen", ["", "small", "small 1999.1", "../x 2026.1", "small 2026.1 x"])
def test_an_edition_that_is_not_there_is_refused(
    app: Flask, signed_in: SignIn, chosen: str
) -> None:
    office = signed_in("administrator", district=None)
    answer = office.send(f"{PAGE}start", {"edition": chosen}, PAGE)
    assert answer.status_code == 422
    assert "请选一个版本" in answer.get_data(as_text=True)
    with app.app_context():
        assert not db.session.scalars(db.select(Rejudging.id)).all()


@pytest.mark.parametrize(
    ("role", "district"),
    [("coordinator", YANJIANG), ("supervisor", None), ("auditor", None), ("organisation", None)],
)
def test_whoever_does_not_decide_for_the_city_sees_none(
    app: Flask, make: Factory, signed_in: SignIn, role: str, district: str | None
) -> None:
    visited(make, make.toilet(), 1400)
    where = previewed(app, signed_in("coordinator", district=None))
    reader = signed_in(role, district=district)
    for path in (PAGE, where, f"{where}/changes.csv"):
        assert reader.get(path).status_code == 403
    sent = reader.send(f"{PAGE}start", {"edition": f"small {NEW}"}, "/account/password")
    assert sent.status_code == 403
    assert not re.search(r"/standards/previews", reader.get("/standards/").get_data(as_text=True))


def test_a_preview_is_forgotten_after_half_a_year(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    visited(make, make.toilet(), 1400)
    previewed(app, signed_in("administrator", district=None))
    assert counted(app)
    for days, left in ((179, 1), (181, 0)):
        with app.app_context(), at(now() + timedelta(days=days)):
            jobs.forget_old_previews()
            count = db.select(db.func.count()).select_from(Rejudging)
            assert db.session.scalar(count) == left
        assert bool(counted(app)) is bool(left)
