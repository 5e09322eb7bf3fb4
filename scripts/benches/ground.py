"""What the benchmarks share: a scratch database, a live server, figures with their unit."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from audit.app import create_app
from audit.core.db import db, is_sqlite, transaction
from audit.core.settings import ROOT, Settings
from audit.districts.actions import load_districts
from audit.setup import migrate
from tests.factories import Person

SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")


@contextlib.contextmanager
def scratch_app(database_url: str = "") -> Iterator[Flask]:
    """A migrated application on a scratch folder (and database, where one is named)."""
    with tempfile.TemporaryDirectory(prefix="tantu-bench-") as folder:
        app = create_app(Settings(var_dir=Path(folder), database_url=database_url))
        with app.app_context():
            migrate()
            with transaction():
                load_districts()
        yield app


@contextlib.contextmanager
def live_server(app: Flask) -> Iterator[int]:
    """The product's own server in a process of its own; gives its port."""
    settings = app.config["SETTINGS"]
    port = free_port()
    environment = os.environ | {
        "TANTU_VAR_DIR": str(settings.var_dir),
        "TANTU_DATABASE_URL": settings.database_url,
    }
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "run.py"), "serve", "--no-worker", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not come up")


def say_database(app: Flask) -> None:
    """What the database says of itself, on the application's own connection."""
    with app.app_context():
        if is_sqlite():
            mode = db.session.scalar(text("PRAGMA journal_mode"))
            waits = SYNCHRONOUS[db.session.scalar(text("PRAGMA synchronous")) or 0]
            version = db.session.scalar(text("SELECT sqlite_version()"))
            print(f"database: SQLite {version}, journal_mode={mode}, synchronous={waits}")
        else:
            shown = ("server_version", "fsync", "synchronous_commit")
            values = [f"{name}={db.session.scalar(text(f'SHOW {name}'))}" for name in shown]
            print(f"database: PostgreSQL, {', '.join(values)}")
    print(f"machine: {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the start")


def browser_of(app: Flask, person: Person) -> FlaskClient:
    """A browser in which this person has signed in."""
    client = app.test_client()
    page = client.get("/account/login").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {"csrf_token": token, "login": person.login, "password": person.password}
    client.post("/account/login", data=fields)
    return client


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
