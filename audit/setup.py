"""From nothing, or from an older release, to a database that this release can use."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask
from pydantic import ValidationError
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import OperationalError

from audit.accounts.actions import add_user
from audit.accounts.models import User
from audit.core.actors import SYSTEM, Role
from audit.core.db import db, transaction
from audit.core.settings import ROOT, Settings, load_settings, settings
from audit.districts.actions import load_districts
from audit.editions.actions import keep_shipped
from audit.findings.actions import fill_missing_milestones, start_missing_clocks

if TYPE_CHECKING:  # slow to load: only when there is something to migrate
    from alembic.config import Config

MIGRATIONS = ROOT / "audit" / "migrations"


def prepare(app: Flask) -> None:
    """Migrate, load districts, and print the first administrators' one-time codes, once."""
    with app.app_context():
        if not _is_current():
            migrate()
            with transaction():
                start_missing_clocks()
            fill_missing_milestones()
        with transaction():
            load_districts()
            keep_shipped()
        first = db.session.scalar(select(User.id).limit(1)) is None
        if first:
            _first_people()


def migrate(revision: str = "head") -> None:
    from alembic import command

    settings().var_dir.mkdir(parents=True, exist_ok=True)
    command.upgrade(alembic_config(), revision)


def alembic_config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _is_current() -> bool:
    """Whether the database has this release's tables. Alembic would say the same, but it takes
    a quarter of a second to load, which is a part of every start."""
    with _connection() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        found = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    return found == newest_revisions()


def _connection() -> Connection:
    try:
        return db.engine.connect()
    except OperationalError as error:
        raise click.ClickException(
            f"the database {db.engine.url} does not answer: start it, or correct "
            f"TANTU_DATABASE_URL ({str(error.orig).splitlines()[0]})"
        ) from error


def newest_revisions() -> set[str]:
    """The revisions that no other follows: one, unless two were written side by side."""
    texts = [path.read_text("utf-8") for path in (MIGRATIONS / "versions").glob("*.py")]
    written = "\n".join(texts)
    names = set(re.findall(r"^revision = ['\"](\w+)['\"]", written, re.MULTILINE))
    return names - set(re.findall(r"^down_revision = ['\"](\w+)['\"]", written, re.MULTILINE))


def check_ground(new_key: bool = False) -> None:
    """Refuse to start where nothing could be kept, in one sentence that says what to do.

    `new_key`: make a new key where the old one was lost.
    """
    chosen = checked_settings()
    try:
        chosen.var_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} cannot be used ({error.strerror}): mend that, or name another "
            "data folder in TANTU_VAR_DIR"
        ) from error
    _check_access(chosen.var_dir)
    if not new_key:
        _check_key(chosen)


def checked_settings() -> Settings:
    """The settings; one that is wrong is named, with what is wrong about it."""
    try:
        return load_settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        said = first["msg"].removeprefix("Value error, ")
        raise click.ClickException(
            f"the setting TANTU_{name.removeprefix('TANTU_')} is wrong: {said}"
        ) from error


def _check_access(folder: Path) -> None:
    for path in (folder, *sorted(folder.glob("*")), *sorted(folder.glob("keys/*"))):
        needed = os.R_OK | (os.W_OK | os.X_OK if path.is_dir() else 0)
        if path.suffix == ".db":
            needed |= os.W_OK
        if not os.access(path, needed, effective_ids=True):
            raise click.ClickException(
                f"this user cannot read and write {path}: `chown -R` the data folder to the "
                "user who runs Tantu, or make its disk writable"
            )


def _check_key(chosen: Settings) -> None:
    key, database = chosen.var_dir / "keys" / "secret.key", chosen.var_dir / "tantu.db"
    if database.exists() and not key.exists():
        raise click.ClickException(
            f"{key} is missing although {database.name} is there: put it back from the backup, "
            "or run `run.py init --new-key`, and everybody signs in anew"
        )


def _first_people() -> None:
    with transaction():
        _, admin = add_user("admin", "系统管理员", [(Role.ADMINISTRATOR, None)], SYSTEM)
        _, security = add_user("security", "安全管理员", [(Role.SECURITY, None)], SYSTEM)
    click.echo("")
    click.echo(
        f"一次性密码，只显示这一次，{settings().code_days} 天内有效；用它登录后设置自己的密码："
    )
    click.echo(f"  系统管理员  登录名 admin     密码 {admin}")
    click.echo(f"  安全管理员  登录名 security  密码 {security}")
    click.echo("过期或丢失时：run.py user reset admin")
    click.echo("")
