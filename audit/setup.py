"""From nothing, or from an older release, to a database that this release can use."""

import click
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import select

from audit.accounts.actions import add_user
from audit.accounts.models import User
from audit.core.actors import SYSTEM, Role
from audit.core.db import db, transaction
from audit.core.settings import ROOT, settings
from audit.districts.actions import load_districts


def prepare(app: Flask) -> None:
    """Migrate, load districts, and print the first administrators' one-time codes, once."""
    with app.app_context():
        migrate()
        with transaction():
            load_districts()
        first = db.session.scalar(select(User.id).limit(1)) is None
        if first:
            _first_people()


def migrate(revision: str = "head") -> None:
    settings().var_dir.mkdir(parents=True, exist_ok=True)
    command.upgrade(alembic_config(), revision)


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "audit" / "migrations"))
    return config


def _first_people() -> None:
    with transaction():
        _, admin = add_user("admin", "系统管理员", [(Role.ADMINISTRATOR, None)], SYSTEM)
        _, security = add_user("security", "安全管理员", [(Role.SECURITY, None)], SYSTEM)
    click.echo("")
    click.echo("一次性密码，只显示这一次；首次登录后须更改：")
    click.echo(f"  系统管理员  登录名 admin     密码 {admin}")
    click.echo(f"  安全管理员  登录名 security  密码 {security}")
    click.echo("")
