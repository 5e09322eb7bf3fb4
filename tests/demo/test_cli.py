"""`run.py demo`: fills an empty folder, adds nothing twice, keeps away from real people."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from audit.accounts.actions import add_user
from audit.accounts.queries import people as accounts
from audit.app import create_app
from audit.core.actors import SYSTEM, Role
from audit.core.db import db, transaction
from audit.demo import city as demo_city
from audit.demo.assigning import LINK
from audit.demo.city import PASSWORD
from audit.demo.cli import demo_command
from audit.demo.reading import people
from audit.journal.models import JournalEntry
from audit.setup import prepare
from tests import conftest as house


def run(app: Flask, *words: str) -> Result:
    info = ScriptInfo(create_app=lambda: app)
    return CliRunner().invoke(demo_command(prepare), ["--no-scan", *words], obj=info)


def entries(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(JournalEntry)) or 0


@pytest.mark.skipif(bool(house.DATABASE), reason="an empty folder means SQLite")
def test_an_empty_folder_becomes_a_city_once_and_the_table_names_everybody(tmp_path: Path) -> None:
    app = create_app(house.settings_for(tmp_path))
    first = run(app, "--small")
    assert first.exit_code == 0, first.output
    for one in people():
        assert one.login in first.output and one.name in first.output
    assert PASSWORD in first.output
    before = entries(app)
    second = run(app, "--small")
    assert second.exit_code == 0 and "没有增加任何内容" in second.output
    assert PASSWORD in second.output
    assert f"/n/{LINK}" in first.output and f"/n/{LINK}" in second.output
    client = app.test_client()
    page = client.get(f"/n/{LINK}", follow_redirects=True).get_data(as_text=True)
    assert "第一步：签收" in page
    assert entries(app) == before
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_it_refuses_where_real_people_have_accounts(app: Flask) -> None:
    with app.app_context(), transaction():
        add_user("liming", "黎明", [(Role.COORDINATOR, None)], SYSTEM)
    before = entries(app)
    refused = run(app, "--small")
    assert refused.exit_code == 1
    assert "liming" in refused.output and "--force" in refused.output
    assert entries(app) == before
    with app.app_context():
        assert [user.login for user in accounts()] == ["liming"]


def test_the_first_administrators_are_no_strangers(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction():
        for login, role in (("admin", Role.ADMINISTRATOR), ("security", Role.SECURITY)):
            add_user(login, login, [(role, None)], SYSTEM)
    built: list[int] = []
    monkeypatch.setattr(demo_city, "build_city", lambda seed, say, small: built.append(seed))
    assert run(app, "--seed", "7").exit_code == 0
    assert built == [7]


def test_with_force_it_moves_in_beside_real_people(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction():
        add_user("liming", "黎明", [(Role.COORDINATOR, None)], SYSTEM)
    built: list[int] = []
    monkeypatch.setattr(demo_city, "build_city", lambda seed, say, small: built.append(seed))
    assert run(app, "--force").exit_code == 0
    assert built == [1]


def test_the_help_says_what_it_does() -> None:
    shown = CliRunner().invoke(demo_command(prepare), ["--help"])
    assert shown.exit_code == 0
    for word in ("--seed", "--small", "--force", "adds nothing"):
        assert word in shown.output
