"""A fresh, migrated database for every test, on SQLite or on the PostgreSQL server named by
`TANTU_TEST_DATABASE_URL` (see `scripts/with-postgres`); people of each role; a careful client."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import ClassVar

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from selenium.webdriver import Chrome
from sqlalchemy import create_engine, event, make_url, text

from audit.accounts.actions import passwords
from audit.app import create_app
from audit.core.db import Base, db, is_sqlite, transaction
from audit.core.settings import Settings
from audit.districts.actions import load_districts
from audit.queue import engine as queue_engine
from audit.setup import migrate
from tests.careful import CarefulClient
from tests.chromium import refresh, start_chromium
from tests.factories import Factory

SERVER = os.environ.get("TANTU_TEST_DATABASE_URL", "")
NAME = f"tantu_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"  # each worker has its own
DATABASE = make_url(SERVER).set(database=NAME).render_as_string(False) if SERVER else ""
KEPT = {"district", "alembic_version"}  # loaded once, changed by no test


REAL_HASHER = passwords._hasher


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """A password costs a twentieth of a second on purpose; tests about other things go without.

    `tests/accounts/test_passwords.py` holds the real cost.
    """
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: hasher)
        yield


class Compiled(BytecodeCache):
    """What Jinja compiled, by the template's name and text."""

    kept: ClassVar[dict[tuple[str, str], CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """Each test's app would compile every template it shows, which takes longer than the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", Compiled())
        yield


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose SQLite database has every table and every district; PostgreSQL, where
    it is tested, has them as well."""
    folder = tmp_path_factory.mktemp("migrated")
    addresses = [""]
    if SERVER:
        _make_database()
        addresses.append(DATABASE)
    for address in addresses:
        app = create_app(Settings(var_dir=folder, database_url=address))
        with app.app_context():
            migrate()
            with transaction():
                load_districts()
        _let_go(app)
    return folder


def _make_database() -> None:
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {NAME}"))
    engine.dispose()


def settings_for(folder: Path, database: str = DATABASE) -> Settings:
    return Settings(
        var_dir=folder,
        database_url=database,
        scan_allow="127.0.0.1,localhost",
        show_gallery=True,
    )


@contextmanager
def lasting_app(migrated: Path, folder: Path) -> Iterator[Flask]:
    """One more application, on a SQLite database of its own, for a server that many tests ask."""
    shutil.copy(migrated / "tantu.db", folder / "tantu.db")
    app = create_app(settings_for(folder, ""))
    try:
        yield app
    finally:
        _let_go(app)


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Flask:
    """The application, with nothing in its database but the districts.

    One for all tests of a process, emptied before each: to make it, and to prepare its queries
    and templates, takes longer than most tests. It does not wait for the disk. A test marked
    `own_app` has one of its own, as it is in production.
    """
    own = request.node.get_closest_marker("own_app") is not None
    found: Flask = request.getfixturevalue("own_app" if own else "emptied_app")
    return found


@pytest.fixture
def own_app(migrated: Path, tmp_path: Path) -> Iterator[Flask]:
    folder = tmp_path / "var"
    folder.mkdir()
    _fill(folder, migrated)
    app = create_app(settings_for(folder))
    app.test_client_class = CarefulClient
    yield app
    _leave(app)


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = create_app(settings_for(tmp_path_factory.mktemp("shared")))
    app.test_client_class = CarefulClient
    app.test_client().get("/help")  # from the first request on Flask refuses new pages
    with app.app_context():
        if is_sqlite():
            event.listen(db.engine, "connect", _hurry)
    _let_go(app)  # the page looked for settings in a database that is now put in place
    return app


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def emptied_app(shared_app: Flask, migrated: Path) -> Iterator[Flask]:
    before, config = dict(vars(shared_app)), dict(shared_app.config)
    settings: Settings = config["SETTINGS"]
    for path in settings.var_dir.iterdir():
        if path.is_file():
            path.unlink()
        elif path.name != "keys":
            shutil.rmtree(path)
    _fill(settings.var_dir, migrated)
    queue_engine.init_app(shared_app)
    shared_app.config["SETTINGS"] = settings.model_copy()
    yield shared_app
    _leave(shared_app)
    shared_app.config.clear()
    shared_app.config.update(config)
    assert vars(shared_app) == before, "this test changes its application: mark it own_app"


def _fill(folder: Path, migrated: Path) -> None:
    if not DATABASE:
        shutil.copy(migrated / "tantu.db", folder / "tantu.db")


def _leave(app: Flask) -> None:
    app.extensions["queue"].empty()
    with app.app_context():
        db.session.remove()
        if DATABASE:
            _empty_tables()
    _let_go(app)


def _empty_tables() -> None:
    """By deleting where there is something: to truncate makes two hundred files anew each time."""
    names = [table.name for table in Base.metadata.sorted_tables if table.name not in KEPT]
    look = " UNION ALL ".join(f"SELECT '{n}' WHERE EXISTS (SELECT 1 FROM {n})" for n in names)
    with db.engine.begin() as connection:
        filled = connection.scalars(text(look)).all()
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no triggers
        for name in filled:
            connection.execute(text(f"DELETE FROM {name}"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chrome]:
    driver = start_chromium("browser")
    yield driver
    driver.quit()


@pytest.fixture
def driver(chromium: Chrome) -> Chrome:
    """The Chromium of this process, as if just started."""
    refresh(chromium)
    return chromium


@pytest.fixture
def make(app: Flask) -> Factory:
    """Makes people, places and findings through the real actions."""
    return Factory(app)


@pytest.fixture
def client(app: Flask) -> CarefulClient:
    """A browser with nobody signed in."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def signed_in(app: Flask, make: Factory) -> Callable[..., CarefulClient]:
    """`signed_in("supervisor")` gives a browser in which such a person has signed in."""

    def sign_in(role: str, **facts: object) -> CarefulClient:
        browser: CarefulClient = app.test_client()  # type: ignore[assignment]
        browser.hold(make.session_of(make.person(role, **facts)))
        return browser

    return sign_in
