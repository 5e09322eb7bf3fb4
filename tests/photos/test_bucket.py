"""A bucket keeps what a folder keeps, and says plainly when it does not."""

import hashlib
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from audit.core.settings import Settings
from audit.photos.bucket import BucketStorage
from audit.photos.rules import Size, derivative_key, original_key
from audit.photos.storage import StorageAway, StorageFull

from .bucket import FaultyLine

CONTENT = b"a picture" * 1000
SHA = hashlib.sha256(CONTENT).hexdigest()
KEY = original_key(SHA)


def test_what_was_put_can_be_read_asked_for_listed_and_deleted(bucket: BucketStorage) -> None:
    assert not bucket.exists(KEY)
    bucket.put(KEY, CONTENT, sealed=True)
    bucket.put(KEY, CONTENT, sealed=True)
    with bucket.open(KEY) as file:
        assert file.read() == CONTENT
    assert bucket.exists(KEY)
    (found,) = bucket.stored()
    assert (found.name, found.bytes) == (KEY, len(CONTENT))
    assert -5 < found.age_seconds < 60
    assert -5 < bucket.age_seconds(KEY) < 60
    bucket.delete(KEY)
    bucket.delete(KEY)
    assert not bucket.exists(KEY)
    assert list(bucket.stored()) == []
    for ask in (bucket.open, bucket.age_seconds):
        with pytest.raises(FileNotFoundError):
            ask(KEY)


@pytest.mark.parametrize("key", ["", "../x", "originals/00/00/x", f"{KEY}\n", f"/{KEY}"])
def test_a_malformed_key_never_leaves_the_house(
    bucket: BucketStorage, line: FaultyLine, key: str
) -> None:
    acts = (bucket.open, bucket.exists, bucket.delete, bucket.age_seconds)
    for act in (*acts, lambda k: bucket.put(k, b"x")):
        with pytest.raises(ValueError, match="key"):
            act(key)
    assert line.asked == []


def test_what_arrived_otherwise_than_sent_is_not_taken_for_kept(
    bucket: BucketStorage, line: FaultyLine
) -> None:
    line.spoil = lambda body: body[:-1] + b"X"
    with pytest.raises(StorageAway):
        bucket.put(KEY, CONTENT)


def test_a_put_that_was_answered_and_not_kept_is_not_taken_for_kept(
    bucket: BucketStorage, line: FaultyLine
) -> None:
    line.fault = lambda method, _path: 200 if method == "PUT" else None
    with pytest.raises(StorageAway):
        bucket.put(KEY, CONTENT)


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, StorageAway), (503, StorageAway), (403, StorageAway), (507, StorageFull)],
)
def test_a_server_that_refuses_is_named(
    bucket: BucketStorage,
    line: FaultyLine,
    status: int,
    error: type[Exception],
    caplog: pytest.LogCaptureFixture,
) -> None:
    line.fault = lambda _method, _path: status
    caplog.set_level(logging.ERROR)
    with pytest.raises(error):
        bucket.put(KEY, CONTENT)
    with pytest.raises(error):
        bucket.exists(KEY)
    assert str(status) in caplog.text


def test_a_server_that_is_not_there_is_away_and_a_missing_bucket_is_no_empty_one(
    bucket: BucketStorage, line: FaultyLine, s3: int
) -> None:
    line.server_port = 1  # nobody listens there
    with pytest.raises(StorageAway):
        bucket.put(KEY, CONTENT)
    line.server_port = s3
    bucket._client.delete_bucket(Bucket=line.bucket)
    with pytest.raises(StorageAway):
        list(bucket.stored())


def test_a_wrong_secret_opens_nothing(bucket: BucketStorage, line: FaultyLine) -> None:
    bucket.put(KEY, CONTENT)
    with pytest.raises(StorageAway):
        BucketStorage(line.place(secret="guessed")).open(KEY)
    assert "a secret" not in repr(line.place())


def test_a_long_list_comes_whole(bucket: BucketStorage) -> None:
    keys = [derivative_key(hashlib.sha256(bytes([n])).hexdigest(), Size.SMALL) for n in range(30)]
    for key in keys:
        bucket.put(key, b"x")
    bucket._client.meta.events.register(
        "before-parameter-build.s3.ListObjectsV2", lambda params, **_: params.update(MaxKeys=7)
    )
    try:
        assert [one.name for one in bucket.stored()] == sorted(keys)
    finally:
        bucket._client.meta.events.unregister("before-parameter-build.s3.ListObjectsV2")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"s3_endpoint": "https://s3.city.cn", "s3_bucket": "tantu", "s3_key_id": "k"},
        {"s3_endpoint": "s3.city.cn", "s3_bucket": "t", "s3_key_id": "k", "s3_key_secret": "s"},
        {"s3_endpoint": "file:///x", "s3_bucket": "t", "s3_key_id": "k", "s3_key_secret": "s"},
        {"s3_endpoint": "http://a@b", "s3_bucket": "t", "s3_key_id": "k", "s3_key_secret": "s"},
    ],
)
def test_a_bucket_that_is_half_said_is_refused_at_the_start(more: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="TANTU_S3"):
        Settings(photo_storage="s3", **more)  # type: ignore[arg-type]


def test_where_pictures_lie_in_a_folder_the_library_of_the_bucket_is_not_loaded(
    tmp_path: Path,
) -> None:
    code = (
        "import sys; from audit.app import create_app; from audit.photos.actions import "
        "photo_storage; app = create_app(); app.app_context().push(); photo_storage(); "
        "assert 'botocore' not in sys.modules"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).resolve().parents[2],
        env={"TANTU_VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
