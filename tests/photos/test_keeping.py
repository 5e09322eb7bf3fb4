"""A picture arrives by id, twice if it must, and exists once; an original needs a reason."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from audit.core.actors import SYSTEM, Actor
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.errors import Busy, Conflict, Invalid, NotAllowed, NotFound
from audit.core.ids import new_id
from audit.journal.models import JournalEntry
from audit.journal.queries import entries_about
from audit.photos import actions
from audit.photos.actions import (
    TooManyPhotos,
    destroy_original,
    keep_photo,
    photo_storage,
    receive_photo,
    release_original,
)
from audit.photos.gate import PhotoRefused
from audit.photos.models import Photo
from audit.photos.queries import get_photo, photos_by_ids
from audit.photos.rules import Capture, PlaceSource, Size, derivative_key, original_key

from .pictures import YANJIANG, exif, jpeg, saved, scene


def sent(actor: Actor, data: bytes | None = None, photo_id=None, **told) -> Photo:
    received = receive_photo(jpeg() if data is None else data, actor)
    with transaction():
        return keep_photo(photo_id or new_id(), received, actor, district="512002", **told)


def test_a_kept_picture_has_a_row_a_sealed_original_and_three_sizes(
    app: Flask, supervisor: Actor
) -> None:
    data = jpeg(exif=exif(taken="2026:10:01 09:30:00", gps=YANJIANG))
    with app.app_context():
        photo = get_photo(sent(supervisor, data).id)
        assert (photo.width, photo.height, photo.byte_size) == (800, 600, len(data))
        assert photo.taken_at == datetime(2026, 10, 1, 1, 30, tzinfo=UTC)
        assert (photo.lon, photo.lat, photo.accuracy_m) == (104.65, 30.12, 8.5)
        assert photo.place_source == PlaceSource.EXIF
        assert photo.uploaded_by_id == supervisor.id
        with photo_storage().open(original_key(photo.sha256)) as file:
            assert file.read() == data
        assert all(photo_storage().exists(derivative_key(photo.sha256, size)) for size in Size)
        assert photo.size_at(Size.MEDIUM) == (640, 480)


def test_what_the_phone_says_goes_before_the_exif(app: Flask, supervisor: Actor) -> None:
    data = jpeg(exif=exif(taken="2026:10:01 09:30:00", gps=YANJIANG))
    with app.app_context():
        photo = sent(supervisor, data, told=Capture(None, 104.7, 30.2, 4.0))
        assert (photo.lon, photo.lat, photo.accuracy_m) == (104.7, 30.2, 4.0)
        assert photo.place_source == PlaceSource.PHONE
        assert photo.taken_at == datetime(2026, 10, 1, 1, 30, tzinfo=UTC)
        bare = sent(supervisor)
        assert (bare.lon, bare.place_source, bare.taken_at) == (None, None, None)


def test_the_same_picture_sent_twice_exists_once(app: Flask, supervisor: Actor) -> None:
    name = new_id()
    with app.app_context():
        sent(supervisor, photo_id=name)
        sent(supervisor, photo_id=name)
        assert len(db.session.query(Photo).all()) == 1
        assert [entry.verb for entry in entries_about("photo", name)] == ["keep"]


def test_the_same_id_with_other_bytes_is_a_conflict_and_the_first_stays(
    app: Flask, supervisor: Actor
) -> None:
    name = new_id()
    with app.app_context():
        first = sent(supervisor, photo_id=name).sha256
        with pytest.raises(Conflict):
            sent(supervisor, jpeg(400, 300), photo_id=name)
        assert get_photo(name).sha256 == first


def test_the_same_id_from_another_sender_is_a_conflict(
    app: Flask, supervisor: Actor, coordinator: Actor
) -> None:
    name = new_id()
    with app.app_context():
        sent(supervisor, photo_id=name)
        with pytest.raises(Conflict):
            sent(coordinator, photo_id=name)


def test_many_at_once_with_one_id_leave_one_row(app: Flask, supervisor: Actor) -> None:
    name, data, failures = new_id(), jpeg(64, 48), []

    def send() -> None:
        with app.app_context():
            try:
                sent(supervisor, data, photo_id=name)
            except BaseException as error:
                failures.append(error)

    threads = [threading.Thread(target=send) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with app.app_context():
        assert len(db.session.query(Photo).all()) == 1
        assert len(entries_about("photo", name)) == 1


def test_a_picture_refused_leaves_no_file_and_no_row(
    app: Flask, supervisor: Actor, store: Path
) -> None:
    with app.app_context():
        for data in (saved(scene(), "GIF"), jpeg()[:2000], b"", b"<html>"):
            with pytest.raises(PhotoRefused):
                sent(supervisor, data)
        assert db.session.query(Photo).all() == []
    assert not store.exists()


def test_the_limit_in_the_settings_counts(app: Flask, supervisor: Actor) -> None:
    with app.app_context():
        app.config["SETTINGS"].photo_max_mpx = 1
        with pytest.raises(PhotoRefused):
            receive_photo(jpeg(1001, 1000), supervisor)
        receive_photo(jpeg(1000, 1000), supervisor)


def test_receiving_is_not_done_while_the_database_is_locked(app: Flask, supervisor: Actor) -> None:
    with app.app_context(), transaction(), pytest.raises(RuntimeError, match="before"):
        receive_photo(jpeg(), supervisor)


def test_receiving_holds_no_transaction_open(app: Flask, supervisor: Actor) -> None:
    with app.app_context():
        db.session.query(Photo).all()
        receive_photo(jpeg(), supervisor)
        assert not db.session().in_transaction()


def test_a_picture_whose_files_went_meanwhile_is_asked_for_again(
    app: Flask, supervisor: Actor
) -> None:
    with app.app_context():
        earlier = sent(supervisor)
        received = receive_photo(jpeg(), supervisor)
        with transaction():
            destroy_original(earlier, SYSTEM, "保存期满")
        with pytest.raises(Busy), transaction():
            keep_photo(new_id(), received, supervisor)


def test_a_sender_has_a_limit_a_day_and_the_system_has_none(
    app: Flask, supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PHOTOS_A_DAY", 2)
    with app.app_context():
        for _number in range(2):
            sent(supervisor)
        with pytest.raises(TooManyPhotos):
            sent(supervisor)
        for _number in range(3):
            sent(SYSTEM)
        with transaction():
            for photo in db.session.query(Photo):
                photo.uploaded_at = now() - timedelta(days=1, seconds=1)
        sent(supervisor)


def test_the_journal_names_the_hash_and_not_the_place(app: Flask, supervisor: Actor) -> None:
    data = jpeg(exif=exif(gps=YANJIANG))
    with app.app_context():
        photo = sent(supervisor, data)
        (entry,) = entries_about("photo", photo.id)
        assert entry.detail == {"sha256": photo.sha256, "bytes": len(data)}
        assert (entry.actor_id, entry.district_code) == (supervisor.id, "512002")


def test_an_original_is_opened_with_a_reason_that_stays(
    app: Flask, supervisor: Actor, coordinator: Actor
) -> None:
    with app.app_context():
        photo = sent(supervisor)
        with transaction():
            release_original(photo, coordinator, "  核对拍摄 位置 ")
        newest = entries_about("photo", photo.id)[0]
        assert (newest.verb, newest.why, newest.actor_id) == (
            "open_original", "核对拍摄 位置", coordinator.id,
        )  # fmt: skip


def test_an_original_is_not_opened_without_right_reason_or_original(
    app: Flask, supervisor: Actor, coordinator: Actor
) -> None:
    with app.app_context():
        photo = sent(supervisor)
        with pytest.raises(NotAllowed), transaction():
            release_original(photo, supervisor, "想看看")
        for reason in ("", "  ", "看", "长" * 501):
            with pytest.raises(Invalid) as refused, transaction():
                release_original(photo, coordinator, reason)
            assert list(refused.value.problems) == ["reason"]
        with transaction():
            destroy_original(photo, SYSTEM, "保存期满")
        with pytest.raises(NotFound), transaction():
            release_original(photo, coordinator, "核对位置")
        opened = [
            entry for entry in db.session.query(JournalEntry) if entry.verb == "open_original"
        ]
        assert opened == []


def test_a_coordinator_of_another_district_may_not_open_it(
    app: Flask, supervisor: Actor, coordinator: Actor
) -> None:
    with app.app_context():
        photo = sent(supervisor)
        with transaction():
            photo.district_code = "512021"
        with pytest.raises(NotAllowed), transaction():
            release_original(photo, coordinator, "核对位置")


def test_a_destroyed_original_is_gone_with_its_place_and_the_picture_stays(
    app: Flask, supervisor: Actor
) -> None:
    with app.app_context():
        photo = sent(supervisor, jpeg(exif=exif(taken="2026:10:01 09:30:00", gps=YANJIANG)))
        with transaction():
            destroy_original(photo, SYSTEM, "保存期满")
        assert (photo.lon, photo.lat, photo.taken_at, photo.accuracy_m) == (None,) * 4
        assert photo.original_gone_at is not None
        assert not photo_storage().exists(original_key(photo.sha256))
        assert photo_storage().exists(derivative_key(photo.sha256, Size.LARGE))


def test_an_original_that_another_row_needs_is_not_destroyed(app: Flask, supervisor: Actor) -> None:
    with app.app_context():
        first, second = sent(supervisor), sent(supervisor)
        with transaction():
            destroy_original(first, SYSTEM, "保存期满")
        assert photo_storage().exists(original_key(first.sha256))
        with transaction():
            destroy_original(second, SYSTEM, "保存期满")
        assert not photo_storage().exists(original_key(first.sha256))


def test_nothing_is_destroyed_when_the_transaction_fails(app: Flask, supervisor: Actor) -> None:
    with app.app_context():
        photo = sent(supervisor)
        with pytest.raises(ZeroDivisionError), transaction():
            destroy_original(photo, SYSTEM, "保存期满")
            raise ZeroDivisionError
        assert photo_storage().exists(original_key(photo.sha256))
        assert get_photo(photo.id).original_gone_at is None


def test_a_picture_that_nobody_sent_is_not_found(app: Flask, supervisor: Actor) -> None:
    with app.app_context():
        with pytest.raises(NotFound):
            get_photo(new_id())
        first, second = sent(supervisor), sent(supervisor)
        found = photos_by_ids([second.id, new_id(), first.id])
        assert [photo.id for photo in found] == [first.id, second.id]
        assert list(photos_by_ids([])) == []
