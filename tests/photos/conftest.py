from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from audit.core.actors import Actor, Grant, Role
from audit.core.ids import new_id
from audit.core.settings import Settings
from audit.photos.gate import Gate


@pytest.fixture(scope="session")
def gate() -> Iterator[Gate]:
    opened = Gate()
    yield opened
    opened.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """Just enough of the house for this room: settings, languages, three tables."""
    from audit.core import db as core_db
    from audit.core import language
    from audit.core.db import db
    from audit.journal.models import JournalEntry, JournalHead
    from audit.photos.models import Photo

    app = Flask("photos")
    chosen = Settings(var_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'photos.db'}")
    app.config.update(SETTINGS=chosen, SQLALCHEMY_DATABASE_URI=chosen.database(), TESTING=True)
    core_db.init_app(app)
    language.init_app(app)
    tables = [model.__table__ for model in (JournalEntry, JournalHead, Photo)]
    with app.app_context():
        db.metadata.create_all(db.engine, tables=tables)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def supervisor() -> Actor:
    return Actor(new_id(), "周敏", (Grant(Role.SUPERVISOR, frozenset({"512002"})),))


@pytest.fixture
def coordinator() -> Actor:
    return Actor(new_id(), "何静", (Grant(Role.COORDINATOR, frozenset({"512002"})),))
