"""A file of facilities from the upload to the register and back off it."""

import io
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.districts.queries import outlined_areas
from audit.districts.rules import Level
from audit.facilities.models import Facility
from audit.geo.datums import Datum, from_wgs84
from audit.geo.outlines import Outlines
from audit.geo.points import Point
from audit.journal.models import JournalEntry
from audit.queue.models import JobRun
from audit.queue.runs import do
from audit.tables.reading import read_table
from tests.careful import CarefulClient
from tests.factories import ANYUE, NARROW_STALL, YANJIANG, Factory

SignIn = Callable[..., CarefulClient]
HEADER = "名称,类别,经度,纬度,责任单位,建成日期,层数"
GOOD = [
    "南门公厕,公共厕所,104.6501,30.1301,,2023,1",
    "北门公厕,Public toilet,104.6601,30.1401,,2023-05-01,",
    "迎接大道,城市道路,104.6701,30.1501,,,",
]


def table(rows: Sequence[str], header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


def send_file(browser: CarefulClient, raw: bytes, name: str = "台账.csv") -> str:
    """The address of the import's page."""
    where = f"/imports/new/{new_id()}"
    answer = browser.send(where, {"file": (io.BytesIO(raw), name)}, "/imports/new")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"]).removesuffix("/columns")


def offered(browser: CarefulClient, where: str) -> dict[str, Any]:
    """The form of columns as it is filled in."""
    html = browser.get(f"{where}/columns").get_data(as_text=True)
    found: dict[str, Any] = {}
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    found["datum"] = re.search(r'name="datum" value="([^"]+)" checked', html)[1]  # type: ignore[index]
    return found


def try_file(browser: CarefulClient, raw: bytes, **changed: str) -> str:
    where = send_file(browser, raw)
    answer = browser.send(f"{where}/columns", offered(browser, where) | changed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return where


def work(app: Flask) -> None:
    """Do what waits for a worker."""
    with app.app_context():
        waiting = db.select(JobRun.id).where(JobRun.state == "queued").order_by(JobRun.created_at)
        for run in db.session.scalars(waiting).all():
            do(str(run))


def names(app: Flask, *, active: bool = True) -> list[str]:
    with app.app_context():
        found = db.select(Facility.name).where(Facility.active == active).order_by(Facility.number)
        return list(db.session.scalars(found))


def shown(browser: CarefulClient, where: str, state: str = "") -> str:
    return browser.get(f"{where}?state={state}").get_data(as_text=True)


def test_a_file_is_tried_taken_in_and_undone(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    where = try_file(browser, table(GOOD))
    assert "导入 3 处设施" in shown(browser, where)
    assert names(app) == []
    browser.send(f"{where}/add", {}, where)
    work(app)
    assert sorted(names(app)) == sorted(["南门公厕", "北门公厕", "迎接大道"])
    with app.app_context():
        south = db.session.scalars(db.select(Facility).where(Facility.name == "南门公厕")).one()
        assert (south.district_code, south.lon, south.lat) == ("512002", 104.6501, 30.1301)
        assert (south.built_on.year, south.built_by.year) == (2023, 2023)  # type: ignore[union-attr]
        assert south.facts == {"storeys": 1}
    browser.send(f"{where}/undo", {}, where)
    work(app)
    assert names(app) == []
    assert len(names(app, active=False)) == 3
    assert "已撤销" in shown(browser, where)
    with app.app_context():
        verbs = db.session.scalars(
            db.select(JournalEntry.verb)
            .where(JournalEntry.kind == "import")
            .order_by(JournalEntry.seq)
        ).all()
    assert verbs == ["read", "try", "take_in", "taken_in", "undo", "undone"]


def test_each_bad_row_is_named_with_its_line_and_reason(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    rows = [
        ",公共厕所,104.65,30.13,,,",
        "甲,飞机场,104.65,30.13,,,",
        "乙,公共厕所,abc,30.13,,,",
        "丙,公共厕所,104.65,30.13,查无此公司,,",
        "丁,公共厕所,104.65,30.13,,明年,",
        "戊,公共厕所,104.65,30.13,,,many",
        "己,公共厕所,2.35,48.85,,,",
        "庚,公共厕所,104.65,30.13,,,1,多一列",
        GOOD[0],
    ]
    where = try_file(browser, table(rows))
    html = shown(browser, where, "bad")
    for line, reason in [(2, "必须填写"), (3, "飞机场"), (4, "十进制度数"), (5, "查无此公司"),
                         (6, "填日期"), (7, "整数"), (8, "区县"), (9, "列数")]:  # fmt: skip
        part = html.split(f"第 {line} 行")[1].split("</ul>")[0]
        assert reason in part, (line, part)
    with browser.get(f"{where}/bad.csv") as sent:
        listed = read_table(sent.get_data())
    assert [row.cells[0] for row in listed.rows] == [str(line) for line in range(2, 10)]
    assert all(row.cells[1] for row in listed.rows)
    browser.send(f"{where}/add", {}, where)
    work(app)
    assert names(app) == ["南门公厕"]


def test_what_stands_on_the_register_is_offered_and_not_added(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    make.toilet(name="南门公共厕所", lon=104.6502, lat=30.1301)
    browser = signed_in("coordinator")
    again = "南门公厕（重复）,公共厕所,104.66012,30.1401,,,"
    where = try_file(browser, table([*GOOD, again]))
    html = shown(browser, where, "twin")
    assert "南门公共厕所" in html
    assert "第 3 行像是同一处" in html
    browser.send(f"{where}/add", {}, where)
    work(app)
    assert sorted(names(app)) == sorted(["南门公共厕所", "北门公厕", "迎接大道"])


def test_a_twin_is_added_when_a_person_says_that_it_is_none(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    make.toilet(name="南门公共厕所", lon=104.6502, lat=30.1301)
    browser = signed_in("coordinator")
    where = try_file(browser, table(GOOD[:1]))
    refused = browser.send(f"{where}/add", {}, where)
    assert refused.status_code == 422
    assert "没有可以导入的行" in refused.get_data(as_text=True)
    browser.send(f"{where}/twins", {"shown": "2", "take": "2"}, f"{where}?state=twin")
    browser.send(f"{where}/add", {}, where)
    work(app)
    assert sorted(names(app)) == ["南门公共厕所", "南门公厕"]


def test_swapped_axes_and_another_datum_are_offered_and_mended(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    browser = signed_in("coordinator")
    turned = [f"{n}号点,公共厕所,30.13{n},104.65{n},,," for n in range(5)]
    where = try_file(browser, table(turned))
    html = shown(browser, where)
    assert "经度和纬度像是写反了" in html
    assert "5 行里，照现在的读法有 0 行落在本市范围内，对调之后有 5 行" in html
    form = offered(browser, where) | {"swap": "yes"}
    browser.send(f"{where}/columns", form)
    assert "导入 5 处设施" in shown(browser, where)
    assert "写反" not in shown(browser, where)

    there = [Point(104.62 + n / 100, 30.12) for n in range(4)]
    for n, point in enumerate(there):
        make.toilet(name=f"老公厕{n}", lon=point.lon, lat=point.lat)
    told = [from_wgs84(point, Datum.BD09) for point in there]
    rows = [f"老公厕{n},公共厕所,{p.lon:.6f},{p.lat:.6f},,," for n, p in enumerate(told)]
    where = try_file(browser, table(rows))
    assert "坐标系像是 BD-09" in shown(browser, where)
    browser.send(f"{where}/columns", offered(browser, where) | {"datum": "bd09"})
    html = shown(browser, where, "twin")
    assert html.count("像是已登记的") == 4


def near_the_border(app: Flask, wanted: int) -> list[Point]:
    """Places of one district that a map service shows across its border."""
    with app.app_context():
        outlines = Outlines({one.code: area for one, area in outlined_areas()
                             if one.level is Level.COUNTY})  # fmt: skip
    tried = (Point(104.3 + x / 200, 29.9 + y / 200) for x in range(120) for y in range(100))
    found = [
        here for here in tried
        if outlines.find_at(here) == YANJIANG
        and outlines.find_at(from_wgs84(here, Datum.GCJ02)) != YANJIANG
    ]  # fmt: skip
    return found[:wanted]


def test_into_an_empty_register_another_datum_is_offered_by_the_outlines(
    app: Flask, signed_in: SignIn
) -> None:
    browser = signed_in("coordinator")
    told = [from_wgs84(here, Datum.GCJ02) for here in near_the_border(app, 12)]
    rows = [f"{n}号点,公共厕所,{p.lon:.6f},{p.lat:.6f},,,,雁江区" for n, p in enumerate(told)]
    where = try_file(browser, table(rows, f"{HEADER},区县"))
    html = shown(browser, where)
    assert "按 WGS-84 读：0 行" in html and "按 GCJ-02 读：12 行" in html
    assert "按 GCJ-02 重新试读" in html and "按 WGS-84 重新试读" not in html
    browser.send(f"{where}/columns", offered(browser, where) | {"datum": "gcj02"})
    assert "坐标系可能选错了" not in shown(browser, where)
    assert "导入 12 处设施" in shown(browser, where)


def test_rows_far_outside_their_district_are_asked_about(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    rows = [f"{row},雁江区" for row in (*GOOD, "远处公厕,公共厕所,104.066,30.572,,,")]
    where = try_file(browser, table(rows, f"{HEADER},区县"))
    html = shown(browser, where)
    assert "第 5 行" in html and re.search(r"雁江区界外约 \d\d 公里", html)
    assert "导入 3 处设施" in html
    chosen = {"state": "far", "page": "1", "shown": "5", "take": "5"}
    told = browser.send(f"{where}/twins", chosen, where)
    assert "state=far" in told.headers["Location"]
    browser.send(f"{where}/add", {}, where)
    work(app)
    assert len(names(app)) == 4
    with app.app_context():
        kept = db.select(JournalEntry).where(JournalEntry.verb == "keep_far")
        assert db.session.scalars(kept).one().detail["name"] == "远处公厕"


def test_what_somebody_works_with_is_not_undone(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    browser = signed_in("coordinator")
    where = try_file(browser, table(GOOD[:2]))
    browser.send(f"{where}/add", {}, where)
    work(app)
    with app.app_context():
        south = db.session.scalars(db.select(Facility.id).where(Facility.name == "南门公厕")).one()
    make.inspection(south, make.actor("supervisor"), NARROW_STALL)
    browser.send(f"{where}/undo", {}, where)
    work(app)
    assert names(app) == ["南门公厕"]
    assert "已有检查或问题，没有撤销" in shown(browser, where, "kept")


def test_a_job_done_twice_adds_nothing_twice(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    where = try_file(browser, table(GOOD))
    browser.send(f"{where}/add", {}, where)
    work(app)
    with app.app_context(), transaction() as session:
        session.execute(db.text("UPDATE job_run SET state = 'queued', attempts = 0"))
        session.execute(db.text("UPDATE facility_import SET state = 'adding'"))
        session.execute(db.text("UPDATE facility_import_row SET state = 'good'"))
    work(app)
    assert len(names(app)) == 3


def test_rows_of_other_districts_are_refused(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")  # of 雁江
    rows = ["安岳公厕,公共厕所,105.33,30.10,,,", GOOD[0]]
    where = try_file(browser, table(rows))
    assert "您不负责这个区县" in shown(browser, where, "bad")


def test_an_import_is_nobody_elses_business(signed_in: SignIn) -> None:
    where = try_file(signed_in("coordinator"), table(GOOD))
    other = signed_in("coordinator", district=ANYUE)
    for path in ("", "/columns", "/bad.csv"):
        assert other.get(where + path).status_code == 404
    for path in ("/add", "/undo", "/twins", "/columns"):
        assert other.send(where + path, {}, "/imports/new").status_code == 404
    assert signed_in("supervisor").get(where).status_code == 403


def test_what_was_sent_twice_is_refused_in_words(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    where = try_file(browser, table(GOOD))
    browser.send(f"{where}/add", {}, where)
    assert browser.send(f"{where}/add", {}, "/imports/new").status_code == 409
    assert browser.send(f"{where}/undo", {}, "/imports/new").status_code == 409


@pytest.mark.parametrize(
    ("raw", "reason"),
    [(b"", "请选择一个文件"), (b"a,b\n", "没有数据"), (b"%PDF-1.4", "只能读取"),
     (b'{"type": "Topology"}', "没有数据|图形类型|不是 GeoJSON"), (b"{", "JSON")],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_with_its_reason(
    signed_in: SignIn, raw: bytes, reason: str
) -> None:
    browser = signed_in("coordinator")
    sent = {"file": (io.BytesIO(raw), "x.csv")}
    answer = browser.send(f"/imports/new/{new_id()}", sent, "/imports/new")
    if answer.status_code == 303:  # a lone geometry of an unknown kind: its row says so
        where = str(answer.headers["Location"]).removesuffix("/columns")
        assert "columns" in str(answer.headers["Location"]) and browser.get(where)
        return
    assert answer.status_code == 422
    assert re.search(reason, answer.get_data(as_text=True))


def test_hostile_words_are_shown_as_words(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    rows = ['"<script>alert(1)</script>{{1337*1337}}",公共厕所,104.65,30.13,=1+1,,']
    where = try_file(browser, table(rows, HEADER.replace("层数", "<b>{{1337*1337}}</b>")))
    html = shown(browser, where, "bad")
    assert "<script>alert" not in html
    assert "1787569" not in html
    with browser.get(f"{where}/bad.csv") as sent:
        assert "'=1+1" in sent.get_data().decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson"])
def test_what_goes_out_comes_in_again_as_twins(
    app: Flask, make: Factory, signed_in: SignIn, kind: str
) -> None:
    owner = make.organisation("=城管局")
    make.toilet(name="=SUM(A1)公厕", organisation=owner, facts={"storeys": 2, "crowded": True})
    make.facility(name="另区公厕", district=ANYUE)
    browser = signed_in("coordinator")
    with browser.get(f"/exports/facilities.{kind}") as sent:
        raw = sent.get_data()
        assert "attachment" in sent.headers["Content-Disposition"]
    where = try_file(browser, raw)
    html = shown(browser, where)
    assert "有问题" not in html.split("逐行结果")[1]
    assert html.count("像是已登记的") == 1  # and of its own district alone


def test_the_export_follows_the_filter_and_the_datum(make: Factory, signed_in: SignIn) -> None:
    make.toilet(name="南门公厕")
    make.toilet(name="北门公厕", lon=104.7)
    browser = signed_in("coordinator")
    with browser.get("/exports/facilities.geojson?q=南门") as sent:
        features = json.loads(sent.get_data())["features"]
    assert [one["properties"]["name"] for one in features] == ["南门公厕"]
    with browser.get("/exports/facilities.csv?q=南门&datum=gcj02") as sent:
        listed = read_table(sent.get_data())
    lon = float(listed.rows[0].cells[listed.columns.index("经度 (gcj02)")])
    assert abs(lon - from_wgs84(Point(104.6276, 30.1222), Datum.GCJ02).lon) < 1e-6
    assert browser.get("/exports/facilities.csv?datum=mars").status_code == 404
