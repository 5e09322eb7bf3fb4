"""A small sample city, built once for the tests of a module."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from audit.app import create_app
from audit.core.clock import at
from audit.core.db import db
from audit.demo.city import build_city
from tests import conftest as house
from tests.careful import CarefulClient

END = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def city(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("city")
    if not house.DATABASE:
        shutil.copy(migrated / "tantu.db", folder / "tantu.db")
    app = create_app(house.settings_for(folder))
    app.test_client_class = CarefulClient
    with app.app_context(), at(END):
        build_city(1, lambda _line: None, small=True)
    yield app
    with app.app_context():
        db.session.remove()
        if house.DATABASE:
            house._empty_tables()
        app.extensions["queue"].empty()
        db.engine.dispose()
