from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from audit.core.actors import Actor, Grant, Role
from audit.core.ids import new_id
from audit.photos.gate import Gate


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
