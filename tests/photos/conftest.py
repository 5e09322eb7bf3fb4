from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from audit.core.actors import Actor, Grant, Role
from audit.core.ids import new_id
from audit.photos.actions import photo_storage
from audit.photos.bucket import BucketStorage
from audit.photos.gate import Gate
from audit.photos.storage import Storage

from .bucket import FaultyLine, faulty_line, s3_server


@pytest.fixture(scope="session")
def gate() -> Iterator[Gate]:
    opened = Gate()
    yield opened
    opened.close()


@pytest.fixture
def store(app: Flask) -> Path:
    """The folder that holds the pictures of this test's application."""
    folder: Path = app.config["SETTINGS"].var_dir / "photos"
    return folder


@pytest.fixture
def supervisor() -> Actor:
    return Actor(new_id(), "周敏", (Grant(Role.SUPERVISOR, frozenset({"512002"})),))


@pytest.fixture
def coordinator() -> Actor:
    return Actor(new_id(), "何静", (Grant(Role.COORDINATOR, frozenset({"512002"})),))


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real S3 server."""
    with s3_server(tmp_path_factory.mktemp("s3")) as port:
        yield port


@pytest.fixture
def line(s3: int) -> Iterator[FaultyLine]:
    """The way to an empty bucket, sound until a test spoils it."""
    with faulty_line(s3, f"b{new_id()}") as found:
        BucketStorage(found.place())._client.create_bucket(Bucket=found.bucket)
        found.asked.clear()
        yield found


@pytest.fixture
def bucket(line: FaultyLine) -> BucketStorage:
    return BucketStorage(line.place())


@pytest.fixture
def in_bucket(app: Flask, line: FaultyLine) -> FaultyLine:
    """From now on the application keeps its pictures in the bucket."""
    for name, value in line.settings().items():
        setattr(app.config["SETTINGS"], name, value)
    return line


@pytest.fixture(params=["folder", "s3"])
def kept_in(app: Flask, request: pytest.FixtureRequest) -> Storage:
    """The test runs with each storage; this is the one that the application uses."""
    if request.param == "s3":
        request.getfixturevalue("in_bucket")
    with app.app_context():
        return photo_storage()
