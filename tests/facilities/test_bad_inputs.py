"""What a person may type wrongly about a place: each wrong with its sentence, nothing written."""

import json
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from audit.core.db import db
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory
from tests.unchanged import nothing_written

SignIn = Callable[..., CarefulClient]
NEW = "/facilities/new/toilet"
GOOD = {
    "name": "市民广场公共厕所", "address": "建设路 12 号", "district": YANJIANG,
    "lon": "104.627600", "lat": "30.122200", "built_on": "2023-05-01",
}  # fmt: skip
BOW_TIE = json.dumps(
    {"type": "Polygon", "coordinates": [[[104, 30], [105, 31], [105, 30], [104, 31], [104, 30]]]}
)
SWAPPED = json.dumps({"type": "LineString", "coordinates": [[30.1, 104.6], [30.2, 104.7]]})
REQUIRED, LIST = "这一项必须填写", "请从列表中选一项"
WHOLE = "请填完整网址，以 http:// 或 https:// 开头"
DEGREES, GLOBE = "请在地图上选点，或填十进制度数", "经纬度超出范围"
DAY, RANGE = "请按 2023-05-01 的样子填日期", "日期应在 1900 年以后、今天以前"

WRONG: list[tuple[str, str, str]] = [
    ("name", "", REQUIRED),
    ("name", "   \t\u200b\u3000 ", REQUIRED),
    ("name", "\x07\x1b\u202e", REQUIRED),
    ("name", "厕" * 121, "太长了，最多 120 个字"),
    ("name", "厕" * 10_000, "太长了，最多 120 个字"),
    ("address", "路" * 201, "太长了，最多 200 个字"),
    ("district", "", LIST),
    ("district", "999999", LIST),
    ("district", "512000", LIST),
    ("district", f"{YANJIANG}100", LIST),
    ("district", ANYUE, "您不负责这个区县"),
    ("district", "' or 1=1 --", LIST),
    ("town", "nonsense", LIST),
    ("town", ANYUE, LIST),
    ("town", f"{ANYUE}100", "这个乡镇不在所选的区县内"),
    ("lon", "", DEGREES),
    ("lon", "NaN", DEGREES),
    ("lon", "1e2", DEGREES),
    ("lon", "inf", DEGREES),
    ("lon", "104,6", DEGREES),
    ("lon", "104°37′", DEGREES),
    ("lon", "181", GLOBE),
    ("lat", "-91", GLOBE),
    ("lat", "30.1222 N", DEGREES),
    ("lat", "30" * 50, DEGREES),
    ("built_on", "yesterday", DAY),
    ("built_on", "2023-02-30", DAY),
    ("built_on", "2023-13-01", DAY),
    ("built_on", "2022-00", DAY),
    ("built_on", "2022-13", DAY),
    ("built_on", "0000", DAY),
    ("built_on", "去年", DAY),
    ("built_on", "1899-12-31", RANGE),
    ("built_on", "2999-01-01", RANGE),
    ("built_on", "0001-01-01", RANGE),
    ("built_on", "99999", DAY),
    ("altered_on", "2020-01-01", "改造日期早于建成日期"),
    ("fact.storeys", "-5", "请填一个整数，如 3"),
    ("fact.storeys", "1e9", "请填一个整数，如 3"),
    ("fact.storeys", "2.5", "请填一个整数，如 3"),
    ("fact.storeys", "0", "请填一个整数，如 3"),
    ("fact.storeys", "1000", "请填一个整数，如 3"),
    ("fact.host", "castle", LIST),
    ("fact.crowded", "perhaps", LIST),
    ("organisation", "0199d3c0-0000-7000-8000-000000000000", LIST),
    ("organisation", "not-an-id", LIST),
    ("shape", "{", "不是有效的 JSON"),
    ("shape", "[" * 10_000, "嵌套"),
    ("shape", '{"type": "Point", "coordinates": [NaN, 30]}', "NaN"),
    ("shape", '{"type": "Nonsense"}', "不支持的图形类型"),
    ("shape", '"a text"', "不是 GeoJSON"),
    ("shape", '{"type": "FeatureCollection", "features": []}', "没有任何图形"),
    ("shape", BOW_TIE, "多边形无效"),
    ("shape", SWAPPED, "经度和纬度似乎写反了"),
]


@pytest.mark.parametrize(("field", "typed", "said"), WRONG, ids=lambda value: ascii(value)[:40])
def test_each_wrong_entry_is_told_and_nothing_is_written(
    app: Flask, signed_in: SignIn, field: str, typed: str, said: str
) -> None:
    browser = signed_in("supervisor")
    token = browser.token("/help")
    with nothing_written(app):
        answer = browser.post(f"{NEW}/{new_id()}", data={"csrf_token": token, **GOOD, field: typed})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html
    assert "有错误：" in html
    named = "lon" if (field, said) == ("lat", GLOBE) else field
    assert f'href="#{named}"' in html, "the summary leads to the field"
    if field != "name":
        assert GOOD["name"] in html, "what was right is still there"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("url", "", WHOLE), ("url", "www.example.gov.cn", WHOLE), ("url", "http://", WHOLE),
        ("url", "javascript:alert(1)", WHOLE), ("url", "file:///etc/passwd", WHOLE),
        ("url", "http:// x", WHOLE), ("url", "https://例.cn/" + "a" * 500, WHOLE),
        ("name", "", REQUIRED),
    ],
)  # fmt: skip
def test_a_website_needs_an_address_that_a_browser_can_open(
    app: Flask, signed_in: SignIn, field: str, typed: str, said: str
) -> None:
    browser = signed_in("coordinator")
    page = "/facilities/new/website"
    good = {"name": "政府网站", "district": YANJIANG, "url": "https://www.example.gov.cn/"}
    token = browser.token("/help")
    with nothing_written(app):
        answer = browser.post(
            f"{page}/{new_id()}", data={"csrf_token": token, **good, field: typed}
        )
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_several_wrongs_are_told_at_once(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("supervisor")
    token = browser.token("/help")
    wrong = {
        "csrf_token": token,
        "name": "",
        "district": "x",
        "lon": "x",
        "lat": "",
        "built_on": "x",
    }
    with nothing_written(app):
        html = browser.post(f"{NEW}/{new_id()}", data=wrong).get_data(as_text=True)
    assert "有 5 处需要修改" in html
    for name in ("name", "district", "lon", "lat", "built_on"):
        assert f'href="#{name}"' in html


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"name": "  市民\u202e广场\x07 公厕\u200b "}, ("name", "市民广场 公厕")),
        ({"name": "<script>x</script> {{7*7}}"}, ("name", "<script>x</script> {{7*7}}")),
        ({"lon": "１０４．６２", "lat": "３０．１２"}, ("lon", 104.62)),
        ({"fact.storeys": "３"}, ("facts", {"storeys": 3})),
        ({"built_on": "２０２２"}, ("built", "2022")),
        ({"built_on": "2022-3"}, ("built", "2022-03")),
        ({"built_on": "2022-01-01"}, ("built", "2022-01-01")),
        ({"built_on": ""}, ("built", "")),
        ({"built_on": "2023", "altered_on": "2023"}, ("altered", "2023")),
        ({"town": f"{YANJIANG}100"}, ("town_code", f"{YANJIANG}100")),
        ({"district": YANJIANG, "town": ""}, ("town_code", None)),
        ({"name": "名" * 120, "address": "址" * 200}, ("address", "址" * 200)),
    ],
)  # fmt: skip
def test_what_can_be_understood_is_taken(
    app: Flask, signed_in: SignIn, typed: dict[str, str], kept: tuple[str, object]
) -> None:
    browser = signed_in("supervisor")
    place = new_id()
    answer = browser.send(f"{NEW}/{place}", {**GOOD, **typed}, NEW)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    shown = browser.get(answer.headers["Location"])
    assert shown.status_code == 200
    with app.app_context():
        value = getattr(db.session.get_one(Facility, place), kept[0])
    assert value == kept[1]


def test_only_what_the_form_asks_for_is_taken(app: Flask, signed_in: SignIn) -> None:
    """Every column's name is posted; none but the form's own changes anything."""
    browser = signed_in("supervisor")
    place, other = new_id(), new_id()
    forged = {column.name: "1" for column in Facility.__table__.columns if column.name not in GOOD}
    forged |= {"id": str(other), "number": "ZY-WC-999999", "review": "accepted", "active": "0"}
    forged |= {"altered_on": "2024-01-01", "shape": "", "town_code": "x", "kind": "website"}
    answer = browser.send(f"{NEW}/{place}", {**GOOD, **forged}, NEW)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.get(Facility, other) is None
        found = db.session.get_one(Facility, place)
        assert found.number == "ZY-WC-000001" and found.kind is FacilityKind.TOILET
        assert found.active and found.review.value == "waiting"
        assert found.created_by_name != "1"


def test_the_same_form_twice_is_one_place(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("supervisor")
    where, token = f"{NEW}/{new_id()}", browser.token("/help")
    first = browser.post(where, data={"csrf_token": token, **GOOD})
    with nothing_written(app):
        second = browser.post(where, data={"csrf_token": token, **GOOD})
        assert first.headers["Location"] == second.headers["Location"]
        other = browser.post(where, data={"csrf_token": token, **GOOD, "name": "另一个"})
    assert other.status_code == 409
    assert "这个设施已经登记，内容与这一次不同" in other.get_data(as_text=True)


def test_a_place_of_somebody_else_is_not_taken_over_by_its_id(
    app: Flask, signed_in: SignIn
) -> None:
    one, other = signed_in("supervisor"), signed_in("supervisor")
    where = f"{NEW}/{new_id()}"
    one.send(where, GOOD, NEW)
    token = other.token("/help")
    with nothing_written(app):
        assert other.post(where, data={"csrf_token": token, **GOOD}).status_code == 409


@pytest.mark.parametrize("path", ["", "/edit", "/accept"])
def test_a_place_in_another_district_is_not_there(
    app: Flask, signed_in: SignIn, make: Factory, path: str
) -> None:
    place = make.toilet(district=ANYUE)
    browser = signed_in("coordinator")
    token = browser.token("/facilities/new/toilet")
    with nothing_written(app):
        if path != "/accept":
            answer = browser.get(f"/facilities/{place}{path}")
            assert answer.status_code == 404
        if path:
            sent = browser.post(f"/facilities/{place}{path}", data={"csrf_token": token, **GOOD})
            assert sent.status_code == 404
            assert "没有找到这一页" in sent.get_data(as_text=True)


def test_nobody_moves_a_place_out_of_their_own_district(
    app: Flask, signed_in: SignIn, make: Factory
) -> None:
    place = make.toilet()
    browser = signed_in("coordinator")
    page = f"/facilities/{place}/edit"
    token = browser.token("/help")
    with nothing_written(app):
        answer = browser.post(page, data={"csrf_token": token, **GOOD, "district": ANYUE})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "您不负责这个区县，请选择您负责的区县。" in html and 'href="#district"' in html
    assert f'value="{GOOD["name"]}"' in html, "nothing typed is lost"


@pytest.mark.parametrize("role", ["department", "planner", "organisation", "security", "auditor"])
def test_a_role_that_registers_nothing_is_told_so(app: Flask, signed_in: SignIn, role: str) -> None:
    browser = signed_in(role)
    token = browser.token("/account/password")
    with nothing_written(app):
        answer = browser.post(f"{NEW}/{new_id()}", data={"csrf_token": token, **GOOD})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=" + "x" * 5000, 200), ("q=%25_%5C", 200), ("q='%20or%201=1", 200), ("q=%00", 400),
        ("q=%E5%8E%95%07", 400), ("kind=castle", 302), ("kind=", 200), ("review=maybe", 302),
        ("district=" + "9" * 5000, 200), ("page=0", 200), ("page=-5", 200), ("page=1e9", 200),
        ("page=" + "9" * 400, 200), ("page=99999999999999999999", 200), ("page=２", 200),
        ("page=NaN", 200), ("kind=toilet&kind=road", 200), ("x=y", 200),
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_no_server_error(
    signed_in: SignIn, make: Factory, query: str, status: int
) -> None:
    make.toilet()
    answer = signed_in("coordinator").get(f"/facilities/?{query}")
    assert answer.status_code == status


@pytest.mark.parametrize(
    "query",
    ["lon=x&lat=y", "lon=NaN&lat=30", "lon=1e400&lat=30", "lon=200&lat=30", "lon=104", "lat=30"],
)
def test_a_position_that_is_none_asks_for_one(signed_in: SignIn, query: str) -> None:
    html = signed_in("supervisor").get(f"/facilities/near?{query}").get_data(as_text=True)
    assert 'name="lon"' in html and "这不是一个位置" in html and "<title>有错误：" in html
    assert all(f'value="{pair.split("=")[1]}"' in html for pair in query.split("&"))


def test_towns_stand_under_their_county(signed_in: SignIn) -> None:
    html = signed_in("supervisor", district=None).get(NEW).get_data(as_text=True)
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', html, re.S)
    assert [name for name, _towns in groups] == ["雁江区", "安岳县", "乐至县"]
    own = signed_in("supervisor").get(NEW).get_data(as_text=True)
    assert re.findall(r'<optgroup label="([^"]+)">', own) == ["雁江区"]
    for code, (_name, towns) in zip((YANJIANG, ANYUE, "512022"), groups, strict=True):
        assert set(re.findall(r'value="(\d{6})\d+"', towns)) == {code}


def test_a_broken_id_of_a_place_is_no_page(signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    for wrong in ("1", "x" * 36, "../../etc/passwd", "00000000-0000-0000-0000-00000000000g"):
        assert browser.get(f"/facilities/{wrong}").status_code == 404
    assert browser.get(f"/facilities/{UUID(int=0)}").status_code == 404


def test_problems_are_told_in_english_too(signed_in: SignIn) -> None:
    browser = signed_in("supervisor")
    browser.get("/language/en")
    html = browser.send(f"{NEW}/{new_id()}", {**GOOD, "shape": "{"}, NEW).get_data(as_text=True)
    assert "not valid JSON" in html


def test_what_a_place_says_reaches_no_page_as_markup(signed_in: SignIn, make: Factory) -> None:
    hostile = '"><img src=x onerror=alert(1)>{{ 7919*7927 }}{% raw %}`'
    place = make.toilet(name=hostile)
    browser = signed_in("coordinator")
    for page in (f"/facilities/{place}", "/facilities/", f"/facilities/{place}/edit",
                 f"/inspections/new?facility={place}", "/map/"):  # fmt: skip
        html = browser.get(page).get_data(as_text=True)
        assert "<img src=x" not in html, page
        assert "62773913" not in html, page
        assert "7919*7927" in html or page == "/map/", "shown as it was typed"
