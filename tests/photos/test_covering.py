"""Parts of a picture are covered in all that is shown; the original stays sealed."""

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image

from audit.core.actors import SYSTEM
from audit.core.db import transaction
from audit.journal.queries import entries_about
from audit.photos.actions import destroy_original
from audit.photos.checking import check_photos
from audit.photos.queries import covers_of, get_photo
from tests.careful import CarefulClient, hidden
from tests.factories import ANYUE

from .test_pages import DATA, photo_id

SignIn = Callable[..., CarefulClient]
__all__ = ["photo_id"]
TOP_LEFT = {"left-0": "0", "top-0": "0", "width-0": "50", "height-0": "50"}


def pixels(browser: CarefulClient, photo: UUID, size: str = "large") -> list[tuple[int, ...]]:
    """The colour in the middle of each quarter, in reading order."""
    with browser.get(f"/photos/{photo}/{size}.jpg") as answer:
        picture = Image.open(BytesIO(answer.get_data())).convert("RGB")
    across, down = picture.width // 4, picture.height // 4
    places = [(across, down), (3 * across, down), (across, 3 * down), (3 * across, 3 * down)]
    return [picture.getpixel(place) for place in places]  # type: ignore[misc]


def is_black(colour: tuple[int, ...]) -> bool:
    return max(colour) < 20


def test_what_is_covered_is_black_in_every_size_and_the_rest_stays(
    app: Flask, signed_in: SignIn, photo_id: UUID
) -> None:
    office = signed_in("coordinator")
    before = pixels(office, photo_id)
    answer = office.send(f"/photos/{photo_id}/cover", TOP_LEFT | {"reason": "路人的脸"})
    assert answer.status_code == 303
    for size in ("large", "medium", "small"):
        after = pixels(office, photo_id, size)
        assert is_black(after[0])
        assert not any(is_black(one) for one in after[1:])
    assert pixels(office, photo_id)[1:] == before[1:]
    sent = office.send(f"/photos/{photo_id}/original", {"reason": "核对位置"})
    assert sent.get_data() == DATA
    sent.close()
    html = office.get(f"/photos/{photo_id}/cover").get_data(as_text=True)
    assert "路人的脸" in html and 'value="50"' in html
    with app.app_context():
        assert [entry.verb for entry in entries_about("photo", photo_id)][:2] == [
            "open_original",
            "cover",
        ]
        assert check_photos().found == []


def test_who_covers_later_lays_nothing_open_without_a_word(
    app: Flask, signed_in: SignIn, photo_id: UUID
) -> None:
    early, late, page = (
        signed_in("coordinator"),
        signed_in("coordinator"),
        f"/photos/{photo_id}/cover",
    )
    marks = hidden(late.get(page).get_data(as_text=True))
    early.send(page, TOP_LEFT | {"reason": "路人的脸"})
    other = {"left-0": "50", "top-0": "50", "width-0": "50", "height-0": "50", "reason": "车牌"}
    answer = late.post(page, data={**marks, **other}, content_type="multipart/form-data")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "别人改过遮盖的地方" in html and "车牌</textarea>" in html and "路人的脸" in html
    assert [is_black(one) for one in pixels(late, photo_id)] == [True, False, False, False]
    again = late.post(page, data={**hidden(html), **other}, content_type="multipart/form-data")
    assert again.status_code == 303, "having seen it, one may cover"


def test_what_was_shown_before_is_gone_and_comes_back_when_uncovered(
    app: Flask, signed_in: SignIn, photo_id: UUID
) -> None:
    office = signed_in("coordinator")
    before = pixels(office, photo_id)
    office.send(f"/photos/{photo_id}/cover", TOP_LEFT | {"reason": "路人的脸"})
    with app.app_context():
        sha256 = get_photo(photo_id).sha256
    store = app.config["SETTINGS"].var_dir / "photos" / "derivatives"
    assert not list(store.rglob(f"{sha256}-*"))
    office.send(f"/photos/{photo_id}/cover", {"reason": "遮错了"})
    assert pixels(office, photo_id) == before
    with app.app_context():
        assert [len(one.boxes) for one in covers_of(photo_id)] == [0, 1]
        assert get_photo(photo_id).shown_sha256 is None
        assert check_photos().found == []


def test_after_retention_the_largest_derivative_is_covered(
    app: Flask, signed_in: SignIn, photo_id: UUID
) -> None:
    with app.app_context(), transaction():
        destroy_original(get_photo(photo_id), SYSTEM, "到期")
    office = signed_in("coordinator")
    office.send(f"/photos/{photo_id}/cover", TOP_LEFT | {"reason": "路人的脸"})
    assert is_black(pixels(office, photo_id)[0])
    office.send(f"/photos/{photo_id}/cover", {"reason": "试着取消"})
    assert is_black(pixels(office, photo_id)[0])  # nothing is left to uncover it with


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"left-0": "many"}, "0 到 100"),
        ({"left-0": "60"}, "超出了照片"),
        ({"width-0": "0"}, "没有大小"),
        ({"height-0": "101"}, "0 到 100"),
        ({"reason": ""}, "请写明理由"),
    ],
)
def test_nonsense_is_refused_and_nothing_typed_is_lost(
    app: Flask, signed_in: SignIn, photo_id: UUID, wrong: dict[str, str], reason: str
) -> None:
    sent = TOP_LEFT | {"reason": "路人的脸"} | wrong
    answer = signed_in("coordinator").send(f"/photos/{photo_id}/cover", sent)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert reason in html
    assert f'name="left-0" type="text" value="{sent["left-0"]}"' in html
    with app.app_context():
        assert covers_of(photo_id) == []


def test_it_is_nobody_elses_business(signed_in: SignIn, photo_id: UUID) -> None:
    assert signed_in("supervisor").get(f"/photos/{photo_id}/cover").status_code == 403
    reader = signed_in("prosecutor")  # opens originals, and changes nothing
    assert reader.get(f"/photos/{photo_id}/original").status_code == 200
    assert reader.get(f"/photos/{photo_id}/cover").status_code == 403
    sent = reader.send(f"/photos/{photo_id}/cover", TOP_LEFT, f"/photos/{photo_id}/original")
    assert sent.status_code == 403
    other = signed_in("coordinator", district=ANYUE)
    assert other.get(f"/photos/{photo_id}/cover").status_code == 404
    sent = other.send(f"/photos/{photo_id}/cover", TOP_LEFT, "/facilities/new/toilet")
    assert sent.status_code == 404
