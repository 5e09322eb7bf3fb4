"""Each kind of fault between database and files, planted in both storages, is named by fsck."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from audit.core.clock import now
from audit.core.db import transaction
from audit.core.ids import new_id
from audit.fsck import command, fsck
from audit.photos.actions import keep_photo, receive_photo
from audit.photos.bucket import BucketStorage
from audit.photos.checking import SPARE, Fault, check_photos
from audit.photos.covering import cover_photo, prepare_cover
from audit.photos.models import Photo
from audit.photos.queries import get_photo
from audit.photos.rules import Size, derivative_key, jpeg_size, original_key
from audit.photos.storage import FolderStorage, Storage
from tests.factories import Factory

from .bucket import FaultyLine
from .pictures import jpeg

DAYS = 2 * 24 * 3600


@dataclass
class Kept:
    """Two photos, the second one covered, and hands that reach into the storage."""

    storage: Storage
    plain: Photo
    covered: Photo
    request: pytest.FixtureRequest

    def write(self, name: str, content: bytes) -> None:
        if isinstance(self.storage, FolderStorage):
            path = self.storage.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(content)
        else:
            self._bucket("put_object", Key=name, Body=content)

    def read(self, key: str) -> bytes:
        with self.storage.open(key) as file:
            return file.read()

    def bar(self, key: str) -> None:
        """It is there, and cannot be read."""
        if isinstance(self.storage, FolderStorage):
            (self.storage.root / key).unlink()
            (self.storage.root / key).mkdir()
        else:
            line: FaultyLine = self.request.getfixturevalue("line")
            line.fault = lambda _method, path: 403 if path.endswith(key) else None

    def restore(self, whole: dict[str, bytes]) -> None:
        if isinstance(self.storage, FolderStorage):
            shutil.rmtree(self.storage.root)
        else:
            self.request.getfixturevalue("line").fault = lambda _method, _path: None
            for one in list(self.storage.stored()):
                if one.name not in whole:
                    self._bucket("delete_object", Key=one.name)
        for key, content in whole.items():
            self.storage.put(key, content)
        with transaction() as session:
            session.execute(update(Photo).values(original_gone_at=None))

    def _bucket(self, act: str, **what: object) -> None:
        assert isinstance(self.storage, BucketStorage)
        getattr(self.storage._client, act)(Bucket=self.storage._bucket, **what)


@pytest.fixture
def kept(app: Flask, make: Factory, kept_in: Storage, request: pytest.FixtureRequest) -> Kept:
    office, ids = make.actor("coordinator"), [new_id(), new_id()]
    with app.app_context():
        for number, photo_id in enumerate(ids):
            received = receive_photo(jpeg(900 + number, 700), office)
            with transaction():
                keep_photo(photo_id, received, office, district="512002")
        made = prepare_cover(get_photo(ids[1]), [(0, 0, 500, 500)], office, "路人的脸")
        with transaction():
            cover_photo(get_photo(ids[1]), made, office, "路人的脸")
        assert fsck() == []
        plain, covered = (get_photo(photo_id) for photo_id in ids)
        return Kept(kept_in, plain, covered, request)


Plant = Callable[[Kept], str]


def no_original(kept: Kept) -> str:
    key = original_key(kept.plain.sha256)
    kept.storage.delete(key)
    return key


def no_derivative(kept: Kept) -> str:
    key = derivative_key(kept.plain.shown, Size.MEDIUM)
    kept.storage.delete(key)
    return key


def no_covered(kept: Kept) -> str:
    key = derivative_key(kept.covered.shown, Size.LARGE)
    kept.storage.delete(key)
    return key


def a_changed_original(kept: Kept) -> str:
    return flipped(kept, original_key(kept.plain.sha256))


def a_changed_derivative(kept: Kept) -> str:
    return flipped(kept, derivative_key(kept.plain.shown, Size.SMALL))


def a_changed_covered_one(kept: Kept) -> str:
    return flipped(kept, derivative_key(kept.covered.shown, Size.SMALL))


def flipped(kept: Kept, key: str) -> str:
    """One bit of one byte in the middle."""
    content = bytearray(kept.read(key))
    content[len(content) // 2] ^= 1
    kept.write(key, bytes(content))
    return key


def a_cut_original(kept: Kept) -> str:
    key = original_key(kept.plain.sha256)
    kept.write(key, kept.read(key)[:-100])
    return key


def a_cut_derivative(kept: Kept) -> str:
    key = derivative_key(kept.covered.shown, Size.MEDIUM)
    kept.write(key, kept.read(key)[:-1])
    return key


def an_emptied_derivative(kept: Kept) -> str:
    key = derivative_key(kept.plain.shown, Size.SMALL)
    kept.write(key, b"")
    return key


def another_size(kept: Kept) -> str:
    key = derivative_key(kept.plain.shown, Size.SMALL)
    kept.write(key, kept.read(derivative_key(kept.plain.shown, Size.MEDIUM)))
    return key


def an_unreadable_original(kept: Kept) -> str:
    key = original_key(kept.plain.sha256)
    kept.bar(key)
    return key


def an_unreadable_derivative(kept: Kept) -> str:
    key = derivative_key(kept.plain.shown, Size.LARGE)
    kept.bar(key)
    return key


def a_surplus_file(kept: Kept) -> str:
    key = original_key("ab" * 32)
    kept.write(key, b"whose is it?")
    return key


def an_original_that_should_be_gone(kept: Kept) -> str:
    with transaction() as session:
        gone = update(Photo).where(Photo.id == kept.plain.id)
        session.execute(gone.values(original_gone_at=now()))
    return original_key(kept.plain.sha256)


def what_the_cover_hides(kept: Kept) -> str:
    key = derivative_key(kept.covered.sha256, Size.LARGE)
    kept.write(key, jpeg(901, 700))
    return key


def a_stranger(kept: Kept) -> str:
    kept.write("originals/notes.txt", b"mine")
    return "originals/notes.txt"


PLANTED: list[tuple[Plant, Fault]] = [
    (no_original, Fault.NO_ORIGINAL),
    (no_derivative, Fault.NO_DERIVATIVE),
    (no_covered, Fault.NO_COVERED),
    (a_changed_original, Fault.CHANGED),
    (a_changed_derivative, Fault.CHANGED),
    (a_changed_covered_one, Fault.CHANGED),
    (a_cut_original, Fault.CUT_OFF),
    (a_cut_derivative, Fault.CUT_OFF),
    (an_emptied_derivative, Fault.CUT_OFF),
    (another_size, Fault.WRONG_SIZE),
    (an_unreadable_original, Fault.UNREADABLE),
    (an_unreadable_derivative, Fault.UNREADABLE),
    (a_surplus_file, Fault.SURPLUS),
    (an_original_that_should_be_gone, Fault.SURPLUS),
    (what_the_cover_hides, Fault.SURPLUS),
    (a_stranger, Fault.STRANGER),
]


def test_each_planted_fault_is_named_and_nothing_else(
    app: Flask, kept: Kept, subtests: pytest.Subtests
) -> None:
    with app.app_context():
        whole = {one.name: kept.read(one.name) for one in kept.storage.stored()}
        for plant, fault in PLANTED:
            with subtests.test(plant.__name__):
                name = plant(kept)
                (line,) = fsck_in_two_days(kept)
                assert line.startswith(f"picture: {fault}: {name}")
                ended = app.test_cli_runner().invoke(command, [])
                lost = fault not in SPARE  # what is young and spare may be an upload under way
                assert (ended.exit_code, name in ended.output) == (int(lost), lost)
            kept.restore(whole)
        assert fsck_in_two_days(kept) == []


def fsck_in_two_days(kept: Kept) -> list[str]:
    if isinstance(kept.storage, FolderStorage):
        with time_machine.travel(now().timestamp() + DAYS, tick=False):
            return fsck()
    with pytest.MonkeyPatch.context() as patch:  # a request of that day would be refused
        patch.setattr("audit.photos.checking.A_DAY", -DAYS)
        return fsck()


def test_repair_deletes_what_is_surplus_and_no_strangers(app: Flask, kept: Kept) -> None:
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("audit.photos.checking.A_DAY", -DAYS)
        surplus, stranger = a_surplus_file(kept), a_stranger(kept)
        lost = no_derivative(kept)
        assert set(check_photos(repair=True).named(*Fault)) == {surplus, stranger, lost}
        assert check_photos(repair=True).named(*Fault) == [lost, stranger]


def test_a_bucket_that_is_away_is_one_sentence_and_no_list_of_lost_pictures(
    app: Flask, make: Factory, in_bucket: FaultyLine
) -> None:
    make.photo(make.actor())
    for asked_for in ("list-type", "/"):  # away from the start, and away once it has begun
        fault = lambda _method, path, word=asked_for: 503 if word in path else None  # noqa: E731
        in_bucket.fault = fault
        with app.app_context():
            assert fsck() == ["picture: the storage does not answer; no picture was checked"]


def test_of_a_picture_from_before_hashes_were_noted_end_and_size_are_known(
    app: Flask, kept: Kept
) -> None:
    with app.app_context():
        with transaction() as session:
            session.execute(update(Photo).values(shown_hashes=None))
        assert check_photos().found == []
        a_changed_derivative(kept)
        assert check_photos().found == []
        expected = {a_cut_derivative(kept): Fault.CUT_OFF, another_size(kept): Fault.WRONG_SIZE}
        assert {one.name: one.fault for one in check_photos().found} == expected


def test_the_same_bytes_made_anew_by_a_newer_library_are_no_fault(
    app: Flask, make: Factory, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, second = make.actor(), UUID(int=7)
    with app.app_context():
        received = receive_photo(jpeg(900, 700), actor)
        small = derivative_key(received.sha256, Size.SMALL)
        other = kept.read(small)[:-2] + b"\x00\xff\xd9"
        received.picture.derivatives[Size.SMALL] = other  # type: ignore[index]
        kept.storage.put(small, other)
        with transaction():
            keep_photo(second, received, actor)
        assert check_photos().found == []


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe0\x00", jpeg()[:20], b"x" * 99]
)
def test_what_has_no_size_has_none(content: bytes) -> None:
    assert jpeg_size(content) is None
    assert jpeg_size(jpeg(123, 45)) == (123, 45)
