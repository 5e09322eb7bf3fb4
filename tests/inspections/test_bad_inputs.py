"""What an inspection may be sent with wrongly: each wrong with its sentence, nothing filed."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.inspections.models import Inspection, InspectionAnswer, InspectionPhoto
from audit.photos.models import Photo
from tests.factories import ANYUE, Factory
from tests.inspections.conftest import BLIND, Visitor, picture
from tests.unchanged import nothing_written

Come = Callable[..., Visitor]
LENGTH = "不是长度。请填毫米数，如 1400，或带单位，如 1.4 m"
SLOPE = "不是坡度。请填百分数，如 8.3，或比值，如 1:12"
NUMBER = "不是数字。请填数字，如 25"
YESNO, OPTION = "请选“是”或“否”", "请从所列选项中选"
LEVEL = {"wc-entrance-type": "level"}
TOO_LONG, NO_PICTURE = "太长了，最多 2000 个字", "这一项需要照片"
STALLS = {"wc-provision": ["male_stall", "female_stall"]}

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"wc-door-width": "wide"}, "wc-door-width", f"“wide”{LENGTH}"),
    ({"wc-door-width": "1e9"}, "wc-door-width", f"“1e9”{LENGTH}"),
    ({"wc-door-width": "NaN"}, "wc-door-width", f"“NaN”{LENGTH}"),
    ({"wc-door-width": "-5"}, "wc-door-width", f"“-5”{LENGTH}"),
    ({"wc-door-width": "1,4"}, "wc-door-width", f"“1,4”{LENGTH}"),
    ({"wc-door-width": "9" * 10_000}, "wc-door-width", f"“{'9' * 40}”{LENGTH}"),
    ({"wc-door-width": "9999999 m"}, "wc-door-width", "请填不小于 0 的数字"),
    ({"wc-door-width": "<b>5</b>"}, "wc-door-width", LENGTH),
    ({"wc-door-force": "strong"}, "wc-door-force", f"“strong”{NUMBER}"),
    ({**LEVEL, "wc-entrance-slope": "1:0"}, "wc-entrance-slope", f"“1:0”{SLOPE}"),
    ({**LEVEL, "wc-entrance-slope": "5°"}, "wc-entrance-slope", f"“5°”{SLOPE}"),
    ({"wc-entrance-type": "drawbridge"}, "wc-entrance-type", OPTION),
    ({"wc-entrance-type": "na"}, "wc-entrance-type", "这一项不能选“不适用”"),
    ({"wc-provision": ["male_stall", "throne"]}, "wc-provision", OPTION),
    ({**STALLS, "wc-latch": "maybe"}, "wc-latch", YESNO),
    ({**STALLS, "wc-stall-width": "1400", "state.wc-latch": "na"}, "wc-latch", "请写明原因"),
    ({"wc-threshold.height": "high"}, "wc-threshold.height", f"“high”{LENGTH}"),
    ({"wc-threshold.bevel": "perhaps"}, "wc-threshold.bevel", YESNO),
    ({"wc-threshold.height": "20", "wc-threshold.bevel": "x"}, "wc-threshold.bevel", YESNO),
    ({}, "wc-entrance-type", "还没有回答任何检查项"),
    ({"unknown-item": "5", "state.unknown-item": "na"}, "wc-entrance-type", "还没有回答任何检查项"),
    ({"state.wc-door-width": "unchecked"}, "wc-entrance-type", "还没有回答任何检查项"),
    ({"wc-latch": "yes", "note.wc-latch": "字" * 2001}, "note.wc-latch", TOO_LONG),
    ({"wc-door-width": "900", "note": "字" * 10_000}, "note", TOO_LONG),
    ({"wc-door-width": "900", "no_photo_reason": "字" * 2001}, "no_photo_reason", TOO_LONG),
    ({"wc-door-width": "900", "no_photo_reason": ""}, "photos.wc-door-width", NO_PICTURE),
    ({"wc-threshold.height": "50", "no_photo_reason": "\u200b"}, "photos.wc-threshold", NO_PICTURE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "field", "said"), WRONG, ids=lambda value: ascii(value)[:50],
)  # fmt: skip
def test_each_wrong_answer_is_told_beside_it_and_nothing_is_filed(
    app: Flask, make: Factory, visitor: Come, answers: dict[str, Any], field: str, said: str
) -> None:
    place, someone = make.toilet(), visitor()
    with nothing_written(app):
        answer = someone.file(place, answers)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said.replace("<", "&lt;").replace(">", "&gt;") in html
    assert f'href="#{field}"' in html
    assert "有错误：" in html


def test_what_was_right_is_still_there_beside_what_is_wrong(make: Factory, visitor: Come) -> None:
    html = visitor().file(
        make.toilet(),
        {**STALLS, **LEVEL, "wc-stall-width": "wide", "wc-door-width": "８５０毫米",
         "note.wc-door-width": "量了两次", "note": "雨天"},
    ).get_data(as_text=True)  # fmt: skip
    for kept in ('value="wide"', 'value="８５０毫米"', "量了两次", "雨天", BLIND):
        assert kept in html
    assert html.count("checked") >= 3


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"facility": None}, 404, "没有找到这一页"),
        ({"facility": "not-an-id"}, 404, "没有找到这一页"),
        ({"facility": "01900000-0000-7000-8000-000000000000"}, 404, "没有找到这一页"),
        ({"checklist": "no-such-list"}, 404, "这类设施没有可用的检查表"),
        ({"checklist": "../../etc/passwd"}, 404, "这类设施没有可用的检查表"),
        ({"checklist": "road"}, 404, "这类设施没有可用的检查表"),
        ({"verifies": "ZY-2026-999999"}, 404, "没有找到这一页"),
        ({"verifies": "' or 1=1 --"}, 404, "没有找到这一页"),
        ({"wc-door-width": "9\x000"}, 400, "不能保存的控制字符"),
        ({"csrf_token": "x"}, 400, "安全标记已失效"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_what_names_nothing_that_is_there_changes_nothing(
    app: Flask, make: Factory, visitor: Come, fields: dict[str, Any], status: int, said: str
) -> None:
    place, someone = make.toilet(), visitor()
    with nothing_written(app):
        answer = someone.file(place, {"wc-door-width": "900", **fields})
    assert answer.status_code == status
    assert said in answer.get_data(as_text=True)


def test_a_place_of_another_district_is_not_there(app: Flask, make: Factory, visitor: Come) -> None:
    place, someone = make.toilet(district=ANYUE), visitor()
    with nothing_written(app):
        assert someone.browser.get(f"/inspections/new?facility={place}").status_code == 404
        assert someone.file(place, {"wc-door-width": "900"}).status_code == 404


@pytest.mark.parametrize("role", ["department", "planner", "organisation", "security", "assessor"])
def test_a_role_that_does_not_inspect_is_told_so(
    app: Flask, make: Factory, visitor: Come, role: str
) -> None:
    place, someone = make.toilet(), visitor(role)
    with nothing_written(app):
        answer = someone.file(place, {"wc-door-width": "900"})
    assert answer.status_code == 403
    assert "没有做这件事的权限" in answer.get_data(as_text=True)


def test_signs_that_turn_text_around_do_not_count(app: Flask, make: Factory, visitor: Come) -> None:
    inspection = new_id()
    answer = visitor().file(
        make.toilet(), {"wc-door-width": "80\u202e0\x07", "note": "a\x1b\u2066b\r\nc"}, inspection
    )
    assert answer.status_code == 303
    with app.app_context():
        kept = db.session.get_one(InspectionAnswer, (inspection, "wc-door-width"))
        assert kept.value == 800
        assert db.session.get_one(Inspection, inspection).note == "ab\nc"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("１４００", 1400), ("1.4 m", 1400), ("140厘米", 1400), ("1,400", 1400), ("850.5", "850.5")],
)
def test_a_length_is_kept_in_millimetres(
    app: Flask, make: Factory, visitor: Come, typed: str, value: object
) -> None:
    inspection = new_id()
    answer = visitor().file(make.toilet(), {"wc-door-width": typed}, inspection)
    assert answer.status_code == 303
    with app.app_context():
        kept = db.session.get_one(InspectionAnswer, (inspection, "wc-door-width"))
        assert kept.value == value


def test_a_group_may_be_answered_in_part_and_is_judged_in_part(
    app: Flask, make: Factory, visitor: Come
) -> None:
    half, empty = new_id(), new_id()
    place = make.toilet()
    someone = visitor()
    assert someone.file(place, {"wc-threshold.height": "10"}, half).status_code == 303
    sent = someone.file(place, {"wc-threshold.height": "", "wc-door-width": "900"}, empty)
    assert sent.status_code == 303
    with app.app_context():
        kept = db.session.get_one(InspectionAnswer, (half, "wc-threshold"))
        assert kept.value == {"height": 10}
        assert kept.verdict == "not_checked", "half of it is no pass"
        blank = db.session.get_one(InspectionAnswer, (empty, "wc-threshold"))
        assert (blank.state, blank.value) == ("not_checked", None)


BROKEN = [
    (io.BytesIO, b"", "photo.jpg"),
    (io.BytesIO, b"not a picture at all", "photo.jpg"),
    (io.BytesIO, b"\xff\xd8\xff\xe0" + b"\0" * 200, "photo.jpg"),
    (io.BytesIO, b"GIF89a" + b"\0" * 50, "photo.gif"),
    (io.BytesIO, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.svg"),
    (io.BytesIO, b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "../../../etc/passwd.png"),
]


@pytest.mark.parametrize(("kind", "content", "name"), BROKEN, ids=lambda value: ascii(value)[:30])
def test_a_broken_picture_is_told_and_the_rest_is_not_lost(
    app: Flask, make: Factory, visitor: Come, kind: Any, content: bytes, name: str
) -> None:
    place, someone = make.toilet(), visitor()
    with nothing_written(app):
        answer = someone.file(
            place, {"wc-door-width": "850", "photos.wc-door-width": (kind(content), name)}
        )
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#photos.wc-door-width"' in html
    assert "照片" in html and 'value="850"' in html


def test_more_pictures_than_an_item_takes_are_told_not_dropped_in_silence(
    app: Flask, make: Factory, visitor: Come
) -> None:
    place, someone, inspection = make.toilet(), visitor(), new_id()
    many = [picture(seed) for seed in range(8)]
    answer = someone.file(place, {"wc-door-width": "850", "photos.wc-door-width": many}, inspection)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "每项最多 6 张照片，多出的没有收下" in html
    assert html.count('name="kept.wc-door-width"') == 6
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Photo)) == 6
        assert db.session.get(Inspection, inspection) is None


def test_a_picture_of_somebody_else_is_not_taken_by_its_id(
    app: Flask, make: Factory, visitor: Come
) -> None:
    place, owner, thief, mine = make.toilet(), visitor(), visitor(), new_id()
    owner.file(place, {"wc-door-width": "850", "photos.wc-door-width": picture()}, new_id())
    with app.app_context():
        stolen = db.session.scalars(db.select(Photo.id)).one()
    answer = thief.file(
        place,
        {"wc-door-width": "850", "kept.wc-door-width": str(stolen), "no_photo_reason": ""},
        mine,
    )
    assert answer.status_code == 422
    assert "这一项需要照片" in answer.get_data(as_text=True)
    thief.file(place, {"wc-door-width": "850", "kept.wc-door-width": [str(stolen), "x", ""]}, mine)
    with app.app_context():
        links = db.session.scalars(db.select(InspectionPhoto.inspection_id)).all()
        assert mine not in links


def test_one_picture_belongs_to_one_item(app: Flask, make: Factory, visitor: Come) -> None:
    place, someone, first, second = make.toilet(), visitor(), new_id(), new_id()
    someone.file(place, {"wc-door-width": "850", "photos.wc-door-width": picture()}, first)
    with app.app_context():
        photo = str(db.session.scalars(db.select(Photo.id)).one())
    answer = someone.file(
        place,
        {"wc-door-width": "850", "kept.wc-door-width": [photo, photo], "kept.wc-threshold": photo},
        second,
    )
    assert answer.status_code == 303
    with app.app_context():
        links = db.session.scalars(
            db.select(InspectionPhoto.item_id).where(InspectionPhoto.inspection_id == second)
        ).all()
        assert list(links) == ["wc-threshold"], "the first on the page"


def test_a_full_day_of_pictures_is_told_beside_the_item(
    app: Flask, make: Factory, visitor: Come, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.photos.actions.PHOTOS_A_DAY", 0)
    place, someone = make.toilet(), visitor()
    with nothing_written(app):
        answer = someone.file(place, {"wc-door-width": "850", "photos.wc-door-width": picture()})
    assert answer.status_code == 422
    assert "今天上传的照片已达上限" in answer.get_data(as_text=True)


@pytest.mark.parametrize("page", ["0", "-1", "9" * 30, "x", "NaN"])
def test_any_page_of_the_list_opens(visitor: Come, page: str) -> None:
    assert visitor().browser.get(f"/inspections/?page={page}").status_code == 200


@pytest.mark.parametrize(
    "told",
    [
        {"lon": "NaN", "lat": "x", "accuracy_m": "-1", "started_at": "yesterday"},
        {"lon": "500", "lat": "500", "started_at": "9999-12-31T23:59:59+00:00"},
        {"lon": "1e400", "lat": "30", "started_at": "2020-01-01T00:00:00"},
        {"lon": "", "lat": "", "started_at": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_what_a_phone_says_wrongly_costs_no_inspection(
    app: Flask, make: Factory, visitor: Come, told: dict[str, str]
) -> None:
    inspection = new_id()
    assert (
        visitor().file(make.toilet(), {"wc-door-width": "900", **told}, inspection).status_code
        == 303
    )
    with app.app_context(), transaction() as session:
        kept = session.get_one(Inspection, inspection)
        assert kept.lon is None and kept.lat is None
        assert kept.filed_at is not None and abs((kept.filed_at - kept.started_at).days) < 400
