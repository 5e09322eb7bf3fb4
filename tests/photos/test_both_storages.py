"""The whole way of a picture, in a folder and in a bucket: sent, shown, covered, ended, checked."""

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image

from audit.core.actors import SYSTEM
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.inspections.models import Inspection
from audit.photos import cli
from audit.photos.actions import destroy_original, keep_photo, receive_photo
from audit.photos.checking import check_photos
from audit.photos.jobs import discard_pictures
from audit.photos.models import Photo
from audit.photos.queries import get_photo
from audit.photos.rules import Size, derivative_key, original_key
from audit.photos.storage import FolderStorage, Storage
from audit.queue.models import JobRun
from tests.careful import CarefulClient
from tests.factories import Factory
from tests.inspections.conftest import Visitor, visitor

from .bucket import FaultyLine
from .pictures import jpeg
from .test_covering import TOP_LEFT, is_black, pixels

SignIn = Callable[..., CarefulClient]
Come = Callable[..., Visitor]
__all__ = ["visitor"]
DOOR = {"wc-door-width": "700", "note.wc-door-width": "门很窄"}


def sent_with_a_form(app: Flask, someone: Visitor, place: UUID, inspection: UUID) -> UUID:
    photo = (BytesIO(jpeg()), "photo.jpg")
    answer = someone.file(place, {**DOOR, "photos.wc-door-width": [photo]}, inspection)
    assert answer.status_code == 303
    with app.app_context():
        return db.session.scalars(db.select(Photo.id)).one()


def test_a_picture_is_sent_shown_covered_opened_and_ended(
    app: Flask, make: Factory, visitor: Come, signed_in: SignIn, kept_in: Storage
) -> None:
    photo = sent_with_a_form(app, visitor(), make.toilet(), new_id())
    office = signed_in("coordinator")
    for size in Size:
        answer = office.get(f"/photos/{photo}/{size.name.lower()}.jpg")
        assert max(Image.open(BytesIO(answer.data)).size) == min(size, 800)
        assert "amz" not in str(answer.headers).lower()
    office.send(f"/photos/{photo}/cover", TOP_LEFT | {"reason": "路人的脸"})
    assert is_black(pixels(office, photo)[0])
    given = office.send(f"/photos/{photo}/original", {"reason": "核对拍摄位置"})
    assert given.data == jpeg()
    with app.app_context():
        assert check_photos().found == []
        row = get_photo(photo)
        sha256, shown = row.sha256, row.shown
        with transaction():
            destroy_original(get_photo(photo), SYSTEM, "保存期限已到")
        assert check_photos().found == []
    assert sorted(one.name for one in kept_in.stored()) == sorted(
        derivative_key(shown, size) for size in Size
    )
    assert not kept_in.exists(original_key(sha256))
    assert is_black(pixels(office, photo)[0])
    stranger = signed_in("coordinator", district="512021")
    assert stranger.get(f"/photos/{photo}/large.jpg").status_code == 404


@pytest.mark.parametrize(("status", "said"), [(503, "照片存储暂时连不上"), (507, "存储空间已满")])
def test_a_put_that_fails_is_said_beside_the_control_and_loses_nothing_typed(
    app: Flask, make: Factory, visitor: Come, in_bucket: FaultyLine, status: int, said: str
) -> None:
    place, someone, inspection = make.toilet(), visitor(), new_id()
    in_bucket.fault = lambda method, _path: status if method == "PUT" else None
    sent = {**DOOR, "photos.wc-door-width": [(BytesIO(jpeg()), "photo.jpg")]}
    answer = someone.file(place, sent, inspection)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html and "门很窄" in html and 'value="700"' in html
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Photo)) == 0
        assert db.session.get(Inspection, inspection) is None
    in_bucket.fault = lambda _method, _path: None
    sent_with_a_form(app, someone, place, inspection)
    with app.app_context():
        assert check_photos().found == []


def test_a_second_put_that_fails_leaves_no_row(
    app: Flask, make: Factory, in_bucket: FaultyLine
) -> None:
    """Bytes before the row: of four files the last is not kept."""
    in_bucket.fault = lambda method, path: (
        503 if (method, path[-8:]) == ("PUT", "-240.jpg") else None
    )
    with pytest.raises(Exception, match="StorageAway"):
        make.photo(make.actor())
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Photo)) == 0


def test_every_byte_is_in_the_bucket_and_read_back_before_the_row(
    app: Flask, make: Factory, in_bucket: FaultyLine
) -> None:
    actor = make.actor()
    with app.app_context():
        received = receive_photo(jpeg(), actor)
        done = list(in_bucket.asked)
        assert [method for method, _path in done] == ["PUT", "GET"] * 4
        with transaction():
            keep_photo(new_id(), received, actor)
        assert in_bucket.asked == done  # no answer is waited for under the writer's lock


def test_while_the_bucket_is_away_pages_work_and_its_pictures_say_so(
    app: Flask, make: Factory, visitor: Come, signed_in: SignIn, in_bucket: FaultyLine
) -> None:
    photo = sent_with_a_form(app, visitor(), make.toilet(), new_id())
    office = signed_in("coordinator")
    in_bucket.fault = lambda _method, _path: 500
    assert office.get("/findings/").status_code == 200
    gone = office.get(f"/photos/{photo}/large.jpg")
    assert (gone.status_code, gone.headers["Retry-After"]) == (503, "60")
    for where, sent in (("cover", TOP_LEFT), ("original", {})):
        answer = office.send(f"/photos/{photo}/{where}", {**sent, "reason": "路人的脸"})
        assert answer.status_code == 503


def test_what_cannot_be_deleted_now_is_deleted_later(
    app: Flask, make: Factory, in_bucket: FaultyLine, caplog: pytest.LogCaptureFixture
) -> None:
    photo = make.photo(make.actor())
    in_bucket.fault = lambda method, _path: 500 if method == "DELETE" else None
    with app.app_context():
        with transaction():
            destroy_original(get_photo(photo), SYSTEM, "保存期限已到")
        (run,) = db.session.scalars(db.select(JobRun)).all()
        key = original_key(get_photo(photo).sha256)
        assert (run.job, run.arguments) == ("discard_pictures", {"keys": key})
        in_bucket.fault = lambda _method, _path: None
        discard_pictures(None, **run.arguments)  # type: ignore[arg-type]
        assert ("DELETE", f"/{in_bucket.bucket}/{key}") in in_bucket.asked
        assert check_photos().found == []


def copied(app: Flask, to: str) -> tuple[int, str]:
    ended = app.test_cli_runner().invoke(cli.photos, ["copy", "--to", to])
    return ended.exit_code, ended.output


@pytest.mark.own_app
def test_pictures_are_copied_over_and_back_and_a_copy_broken_off_goes_on(
    app: Flask, make: Factory, line: FaultyLine
) -> None:
    actor = make.actor()
    photos = [make.photo(actor, seed) for seed in (1, 2)]
    for name, value in line.settings().items():
        setattr(app.config["SETTINGS"], name, value)
    app.config["SETTINGS"].photo_storage = "folder"
    folder = FolderStorage(app.config["SETTINGS"].var_dir / "photos")
    line.fault = lambda method, path: 503 if method == "PUT" and len(line.asked) > 8 else None
    code, said = copied(app, "s3")
    assert code == 1 and "start again" in said
    line.fault = lambda _method, _path: None
    code, said = copied(app, "s3")
    assert code == 0 and "8 were there" not in said and " 0 not copied" in said
    assert copied(app, "s3") == (0, "0 copied, 8 were there, 0 not copied\n")
    app.config["SETTINGS"].photo_storage = "s3"
    with app.app_context():
        assert check_photos().found == [] and check_photos().photos == 2
        names = [one.name for one in folder.stored()]
        sha256 = get_photo(photos[0]).sha256
    for name in names:
        folder.delete(name)
    assert copied(app, "folder") == (0, "8 copied, 0 were there, 0 not copied\n")
    app.config["SETTINGS"].photo_storage = "folder"
    with app.app_context():
        assert check_photos().found == []
    sealed = folder.root / original_key(sha256)
    assert sealed.stat().st_mode & 0o777 == 0o400


@pytest.mark.own_app
def test_what_is_damaged_or_no_picture_of_ours_is_not_copied(
    app: Flask, make: Factory, line: FaultyLine
) -> None:
    photo = make.photo(make.actor())
    for name, value in line.settings().items():
        setattr(app.config["SETTINGS"], name, value)
    app.config["SETTINGS"].photo_storage = "folder"
    folder = app.config["SETTINGS"].var_dir / "photos"
    with app.app_context():
        key = original_key(get_photo(photo).sha256)
    (folder / key).chmod(0o600)
    (folder / key).write_bytes(b"changed")
    (folder / "notes.txt").write_text("mine")
    code, said = copied(app, "s3")
    assert code == 1
    assert f"not copied  {key}" in said and "no picture of ours  notes.txt" in said
    assert "3 copied, 0 were there, 1 not copied" in said


def test_without_a_bucket_in_the_settings_the_copy_says_what_is_missing(app: Flask) -> None:
    code, said = copied(app, "s3")
    assert code == 1 and "TANTU_S3_BUCKET" in said
